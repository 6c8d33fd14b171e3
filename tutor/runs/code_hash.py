"""The identity of the code between the inputs of a lab and the events of its run."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from inspect import getfile
from pathlib import Path

from tutor import protocol
from tutor.labs import host, inside

from . import causal_order, recorder, stored_rows


@cache
def hash_of_code() -> str:
    """Return a hash of django-q2's version and of the code of labs, as this process runs it."""
    code = hashlib.sha256(version("django-q2").encode())
    for path in code_of_labs():
        code.update(path.read_bytes())
    return code.hexdigest()[:16]


def code_of_labs() -> list[Path]:
    """Return the files of that code, in order."""
    folders = [Path(getfile(package)).parent for package in (protocol, inside, host)]
    modules = [Path(getfile(module)) for module in (causal_order, recorder, stored_rows)]
    return sorted([*(path for folder in folders for path in folder.rglob("*.py")), *modules])
