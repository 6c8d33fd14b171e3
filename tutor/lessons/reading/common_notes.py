"""The notes that lessons share: a name in a lesson's `notes` stands for the note of that name in `notes.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tutor.lessons.errors import unknown

from .problems import Mistake

FILE = Path(__file__).parents[1] / "notes.toml"
NOTES = "notes"


@cache
def common_notes() -> Mapping[str, str]:
    """Return name → the note."""
    return {name: str(note).strip() for name, note in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def unknown_notes(written: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield every unknown name of a note; `written` is lesson.toml before it is validated."""
    for index, name in enumerate(names_in(written)):
        if name not in common_notes():
            yield (NOTES, index), unknown("common note", str(name), common_notes())


def with_common_notes(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return `written` with the notes instead of their names."""
    if NOTES not in written:
        return dict(written)
    return {**written, NOTES: [common_notes().get(name, name) for name in names_in(written)]}


def names_in(written: Mapping[str, Any]) -> list[Any]:
    names = written.get(NOTES)
    return [each for each in names if isinstance(each, str)] if isinstance(names, list) else []
