"""The files of a lesson's folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.lessons.program import PROGRAM, SourceFile

from .positions import Positions
from .problems import Problems
from .toml_file import TomlFile, syntax_error

LESSON, SETTINGS = "lesson.toml", "settings.toml"
WHY, INSIDE = PAGES = ("why.md", "inside.md")
"""Prose beside lesson.toml; both files are optional."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class LessonFolder:
    """What the files of a lesson's folder contain."""

    lesson: TomlFile
    settings: TomlFile
    sources: Mapping[str, SourceFile | None]
    """The Python files by the names that events give them, such as shop/tasks.py; None for a file with a mistake."""
    pages: Mapping[str, str]
    """Each of `PAGES` → its text; "" for a missing file."""


class FolderReader:
    """Reads the files of a lesson's folder. Files that can't be read are added to `problems`."""

    def __init__(self, folder: Path, problems: Problems) -> None:
        self.folder = folder
        self.problems = problems

    def read(self) -> LessonFolder:
        if not SLUG.fullmatch(self.folder.name):
            message = f'"{self.folder.name}" isn\'t a slug (lowercase letters, digits and hyphens)'
            self.problems.add(LESSON, 1, message)
        lesson = self.toml(LESSON, required=True)
        settings = self.toml(SETTINGS)
        pages = {name: self.text(name) or "" for name in PAGES}
        return LessonFolder(lesson, settings, self.python_files(lesson.values), pages)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """Return a file's text; None if the file is missing or can't be read."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            if required:
                self.problems.add(name, 1, "the file is missing")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.add(name, 1, f"the file can't be read: {error}")
        return None

    def toml(self, name: str, *, required: bool = False) -> TomlFile:
        text = self.text(name, required=required)
        if text is None:
            return TomlFile(name)
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.problems.add(name, *syntax_error(error, text))
            return TomlFile(name)
        if required and not values:
            self.problems.add(name, 1, "the file is empty")
        return TomlFile(name, values, Positions(text))

    def python_files(self, written: Mapping[str, Any]) -> dict[str, SourceFile | None]:
        """Return the program and the files of the app; `written` is lesson.toml, which names the app."""
        app = app_of(written)
        sources = {PROGRAM: self.source_file(PROGRAM)}
        for name in sorted(path.name for path in self.folder.glob("*.py") if path.name != PROGRAM):
            if app is None and written:
                self.problems.add(name, 1, 'the file\'s package has no name: set app = "…" in [program] of lesson.toml')
            sources[f"{app}/{name}"] = self.source_file(name)
        return sources

    def source_file(self, name: str) -> SourceFile | None:
        text = self.text(name, required=name == PROGRAM)
        if text is None:
            return None
        try:
            compile(text, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            description = error.msg if isinstance(error, SyntaxError) else str(error)
            self.problems.add(name, line, f"Python can't read it: {description}")
            return None
        return SourceFile(text)


def app_of(written: Mapping[str, Any]) -> str | None:
    """Return the app's name in lesson.toml, which hasn't been validated yet; None if there is none."""
    program = written.get("program")
    app = program.get("app") if isinstance(program, dict) else None
    return app if isinstance(app, str) else None
