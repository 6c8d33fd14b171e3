"""The registry of styles: every module of this package that defines `STYLE`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.conf import settings

from .moment import Moment


@dataclass(frozen=True, slots=True)
class Style:
    """One way to look at a moment of a run."""

    title: str
    order: int
    """The tabs are in ascending order."""
    context: Callable[[Moment], dict[str, Any]]
    """Returns the names that its template uses in addition to those of `Moment.context`."""
    has_lines: bool = False
    """Whether it also shows the moments between steps at which a line was about to run."""
    is_whole: bool = False
    """Whether it shows the whole run at every step. It has no socket: it waits for the end of the run."""
    has_play: bool = True
    """Whether it can be played. What is read as a whole can't."""
    has_other: bool = False
    """Whether it shows a second run, that of `Moment.other`."""


@cache
def styles() -> Mapping[str, Style]:
    """Return name of the module → style, in the order of the tabs."""
    package = __name__.rpartition(".")[0]
    modules = [import_module(f"{package}.{each.name}") for each in iter_modules(import_module(package).__path__)]
    found = {each.__name__.rpartition(".")[2]: each.STYLE for each in modules if hasattr(each, "STYLE")}
    return dict(sorted(found.items(), key=lambda item: item[1].order))


@cache
def script_of(name: str) -> str:
    """Return the name of the static file with the script of a style; empty if it has none."""
    script = f"styles/{name}.js"
    return script if Path(settings.BASE_DIR, "static", script).is_file() else ""
