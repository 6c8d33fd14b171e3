"""Values of a run as text of a bounded length."""

from __future__ import annotations

import reprlib
import sysconfig
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from .probe import probe

MAX_NAMES = 30
"""Local names of one frame that are sent."""

folders: list[str] = [f"{sysconfig.get_path(name)}/" for name in ("purelib", "platlib", "stdlib")]
"""Folders of this machine that are left out of the files in tracebacks."""


def hide(*more: Path) -> None:
    """Leave these folders out of tracebacks too."""
    folders.extend(f"{folder}/" for folder in more)


def bounded(text: str) -> str:
    """Return `text` cut to the run's limit, with the files of tracebacks as the learner knows them."""
    for folder in folders:
        text = text.replace(f'File "{folder}', 'File "')
    most = probe.limits.value_characters
    return text if len(text) <= most else f"{text[: most - 1]}…"


class BoundedRepr(reprlib.Repr):
    """Python's `repr` with limits. It makes no query and doesn't write out what is huge."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother, self.maxlong = 4, 1000, 1000, 200
        self.maxtuple = self.maxlist = self.maxdict = self.maxset = self.maxfrozenset = self.maxdeque = 30

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, QuerySet) and x._result_cache is None:
            return f"<QuerySet of {x.model.__name__}, not asked yet>"
        if isinstance(x, bytes | bytearray | str) and len(x) > self.maxother:
            return f"{x[: self.maxother]!r}…"
        if isinstance(x, dict | list | tuple | set | frozenset) and len(x) > self.maxdict:
            return f"<{type(x).__name__} of {len(x)}>"
        return super().repr_instance(x, level)


bounded_repr = BoundedRepr()


def text(value: Any) -> str:
    """Return the `repr` of `value`, cut to the run's limit."""
    try:
        return bounded(bounded_repr.repr(value))
    except Exception as error:
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


def names(frame_locals: Mapping[str, Any]) -> dict[str, str]:
    """Return a frame's data by name: without modules, functions, classes and names that begin with two underscores."""
    kept = {
        name: value
        for name, value in frame_locals.items()
        if not name.startswith("__")
        and not isinstance(value, types.ModuleType | types.FunctionType | types.BuiltinFunctionType | type)
    }
    return {name: text(value) for name, value in list(kept.items())[:MAX_NAMES]}
