"""Paths of the server, which no learner gets to see, wherever they are printed, stored or logged."""

from __future__ import annotations

import json
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

MARK = "…"
"""What is shown instead of the beginning of a path, as in “…/program.py”."""
LEAST_PARTS = 3
"""The least parts of a folder that says something of this server, with the root; "/usr" doesn't."""
PROJECT = Path(__file__).parents[2]


def server_folders(*more: Path) -> list[Path]:
    """Return the folders of this server that are hidden: `more`, and those of Python, this project and the user."""
    names = ("purelib", "platlib", "stdlib")
    pythons = [*(sysconfig.get_path(name) for name in names), sys.prefix, sys.base_prefix, sys.executable]
    known = [each for each in (*more, *map(Path, pythons), PROJECT) if len(each.parts) >= LEAST_PARTS]
    return [*known, *home()]


def home() -> list[Path]:
    """Return the home directory of the user, which paths of other tools begin with, if there is one."""
    try:
        return [each for each in [Path.home()] if len(each.parts) > 1]
    except RuntimeError:
        return []


def hider(folders: Iterable[Path]) -> Callable[[str], str]:
    """Return a function that replaces these folders, at the beginning of the paths in a text, by `MARK`."""
    both = {form for folder in folders for form in (str(folder), str(folder.resolve()))}
    forms = {form for each in both for form in (each, json.dumps(each)[1:-1], quote(each, safe=""))}
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return lambda text: pattern.sub(MARK, text)
