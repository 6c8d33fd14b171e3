"""Values of a run as text of limited length."""

from __future__ import annotations

import re
import reprlib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from tutor.protocol import paths
from tutor.protocol.texts import shortened

from .probe import probe

CONTAINERS = (list, tuple, dict, set, frozenset)
MOST_VALUES = 30
"""Maximum number of values in a container that are written."""
CUT_END = re.compile(r"\.\.\.[\])}]+$")
"""How `reprlib` ends a container that it abbreviates."""
BITS = 10_000
"""Maximum bits of a number that is written with its digits; Python refuses to do that with a few more."""
MAX_NAMES = 30
"""Maximum number of local variables of a frame that are sent."""

LONGEST_PATH = 1000
"""The maximum characters of a path. It is hidden before a text is truncated, which could leave a part of it."""


class Paths:
    """The paths of the server that texts don't show."""

    def __init__(self) -> None:
        self.hidden = paths.hider(paths.server_folders())

    def hide(self, *more: Path) -> None:
        """Hide these folders too."""
        self.hidden = paths.hider(paths.server_folders(*more))


of_server = Paths()


def bounded(text: str) -> str:
    """Return `text` without paths of the server, truncated to the run's limit."""
    text = of_server.hidden(text)
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
        self.maxtuple = self.maxlist = self.maxdict = self.maxset = self.maxfrozenset = self.maxdeque = MOST_VALUES

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, QuerySet) and x._result_cache is None:
            return f"<QuerySet of {x.model.__name__}, not asked yet>"
        if isinstance(x, bytes | bytearray | str) and len(x) > self.maxother:
            return self.repr_long(x)
        if isinstance(x, dict | list | tuple | set | frozenset) and len(x) > self.maxdict:
            return f"<{type(x).__name__} of {len(x)}>"
        try:
            return shortened(of_server.hidden(repr(x)), self.maxother)
        except Exception:
            return super().repr_instance(x, level)

    def repr_long(self, x: bytes | bytearray | str) -> str:
        head = x[: self.maxother + LONGEST_PATH]
        if isinstance(head, str):
            return f"{of_server.hidden(head)[: self.maxother]!r}… ({len(x):,} characters)"
        hidden = of_server.hidden(repr(head))
        return f"{repr(x[: self.maxother]) if hidden == repr(head) else hidden}… ({len(x):,} bytes)"

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
    most = probe.limits.value_characters
    try:
        written = bounded_repr.repr(value)
        if type(value) in CONTAINERS and (len(value) > MOST_VALUES or len(written) > most):
            count = f" ({len(value):,} values)"
            return bounded(f"{shortened(CUT_END.sub('…', written), most - len(count))}{count}")
        return bounded(shortened(written, most))
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
