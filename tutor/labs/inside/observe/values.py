"""Values of a run as text of limited length."""

from __future__ import annotations

import reprlib
import sysconfig
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from tutor.protocol.texts import shortened

from .probe import probe

BITS = 10_000
"""Maximum bits of a number that is written with its digits; Python refuses to do that with a few more."""
MAX_NAMES = 30
"""Maximum number of local variables of a frame that are sent."""

folders: list[str] = [f"{sysconfig.get_path(name)}/" for name in ("purelib", "platlib", "stdlib")]
"""Folders of this machine that are removed from file names in tracebacks."""


def hide(*more: Path) -> None:
    """Remove these folders from file names in tracebacks too."""
    folders.extend(f"{folder}/" for folder in more)


def bounded(text: str) -> str:
    """Return `text` truncated to the run's limit, without `folders` in the file names of tracebacks."""
    for folder in folders:
        text = text.replace(f'File "{folder}', 'File "')
    most = probe.limits.value_characters
    return text if len(text) <= most else f"{text[: most - 1]}…"


def grouped(text: str) -> Iterator[str]:
    """Yield the lines of `text` in groups of up to the run's limit. A line that is longer is truncated."""
    group = ""
    for line in text.splitlines(keepends=True):
        if group and len(group) + len(line) > probe.limits.value_characters:
            yield bounded(group)
            group = ""
        group += line
    if group:
        yield bounded(group)


class BoundedRepr(reprlib.Repr):
    """Python's `repr` with limits. It makes no queries, and abbreviates huge values at their end."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother, self.maxlong = 4, 1000, 1000, 200
        self.maxtuple = self.maxlist = self.maxdict = self.maxset = self.maxfrozenset = self.maxdeque = 30

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, QuerySet) and x._result_cache is None:
            return f"<QuerySet of {x.model.__name__}, not asked yet>"
        if isinstance(x, bytes | bytearray | str) and len(x) > self.maxother:
            unit = "characters" if isinstance(x, str) else "bytes"
            return f"{x[: self.maxother]!r}… ({len(x):,} {unit})"
        if isinstance(x, dict | list | tuple | set | frozenset) and len(x) > self.maxdict:
            return f"<{type(x).__name__} of {len(x)}>"
        try:
            return shortened(repr(x), self.maxother)
        except Exception:
            return super().repr_instance(x, level)

    def repr_str(self, x: str, level: int) -> str:
        return self.repr_instance(x, level)

    def repr_int(self, x: int, level: int) -> str:
        if x.bit_length() > BITS:
            return f"<int of {x.bit_length():,} bits>"
        digits = repr(x)
        return digits if len(digits) <= self.maxlong else f"{digits[: self.maxlong]}… ({len(digits):,} digits)"


bounded_repr = BoundedRepr()


def text(value: Any) -> str:
    """Return the `repr` of `value`, truncated to the run's limit."""
    try:
        return bounded(shortened(bounded_repr.repr(value), probe.limits.value_characters))
    except Exception as error:
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


def names(frame_locals: Mapping[str, Any]) -> dict[str, str]:
    """Return local variables as text, without modules, functions, classes and names that begin with two underscores.

    A program can add names that aren't text. These are left out too.
    """
    kept = {
        name: value
        for name, value in frame_locals.items()
        if type(name) is str
        and not name.startswith("__")
        and not isinstance(value, types.ModuleType | types.FunctionType | types.BuiltinFunctionType | type)
    }
    return {name: text(value) for name, value in list(kept.items())[:MAX_NAMES]}
