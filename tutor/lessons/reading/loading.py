"""Reading a lesson's folder: all of it, with every mistake named by file and line, or not at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tutor.lessons.errors import LessonError, Problem
from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM, Program, Source

from . import checks
from .claim_finder import Claiming
from .common_steps import unknown_uses, with_common_steps
from .positions import Positions, syntax_error
from .references import Mistake

LESSON, SETTINGS = "lesson.toml", "settings.toml"
WHY, INSIDE = PAGES = ("why.md", "inside.md")
"""Prose beside lesson.toml; either may be left out."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EMPTY = Positions("")


def load(folder: Path) -> Lesson:
    """The lesson in `folder`, whose name is its slug. Raises LessonError with every mistake that was found."""
    if not folder.is_dir():
        raise LessonError(folder.name, [Problem(LESSON, 1, "there is no such folder")])
    reading = Reading(folder)
    written, positions = reading.toml(LESSON, required=True)
    settings, settings_positions = reading.toml(SETTINGS)
    reading.read_sources(app_of(written), named=bool(written))
    for name, message in checks.too_large(reading.sources, settings):
        reading.blame(Path(name or SETTINGS).name, 1, message)
    pages = {name: reading.text(name) or "" for name in PAGES}
    reading.add(LESSON, positions, unknown_uses(written))
    file = reading.validated(with_common_steps(written), positions) if written else None
    if file is None:
        raise LessonError(folder.name, reading.problems)
    reading.add(LESSON, positions, checks.mistakes_in(file))
    if not reading.problems:
        reading.add(LESSON, positions, checks.idle_knobs(file, settings))
    reading.add(SETTINGS, settings_positions, checks.settings_mistakes(file, settings))
    source = reading.sources[PROGRAM]
    if source is not None:
        reading.add(LESSON, positions, checks.program_mistakes(file, source))
    if source is None or reading.problems:
        raise LessonError(folder.name, reading.problems)
    lesson = reading.lesson(file, checks.program_of(file, source), settings, pages)
    claiming = Claiming(file, positions)
    claims = tuple(claiming.claims(pages))
    if claiming.problems:
        raise LessonError(folder.name, claiming.problems)
    return replace(lesson, claims=claims, unmarked=tuple(claiming.unmarked))


class Reading:
    """One folder being read, and the mistakes found so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.sources: dict[str, Source | None] = {}
        """The Python files by the names that events give them, such as shop/tasks.py; None where it can't be read."""
        if not SLUG.fullmatch(folder.name):
            self.blame(LESSON, 1, f"the folder “{folder.name}” is no slug: small letters, digits and hyphens")

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A file's text, or None. It is a problem if it can't be read, and if it isn't there and is `required`."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            if required:
                self.blame(name, 1, "the file is missing")
        except (OSError, UnicodeDecodeError) as error:
            self.blame(name, 1, f"the file can't be read: {error}")
        return None

    def toml(self, name: str, *, required: bool = False) -> tuple[dict[str, Any], Positions]:
        """A TOML file's values and where they stand; empty if it isn't there or can't be read."""
        text = self.text(name, required=required)
        if text is None:
            return {}, EMPTY
        try:
            if not (values := tomllib.loads(text)) and required:
                self.blame(name, 1, "the file is empty")
            return values, Positions(text)
        except tomllib.TOMLDecodeError as error:
            self.blame(name, *syntax_error(error, text))
            return {}, EMPTY

    def read_sources(self, app: str | None, *, named: bool) -> None:
        """Read the Python files: program.py, and those of the app; `named` says whether the app's name is known."""
        for name in (PROGRAM, *sorted(path.name for path in self.folder.glob("*.py") if path.name != PROGRAM)):
            text = self.text(name, required=name == PROGRAM)
            path = name if name == PROGRAM else f"{app}/{name}"
            if name != PROGRAM and app is None and named:
                self.blame(name, 1, 'its package has no name: give one in lesson.toml, [program] app = "…"')
            self.sources[path] = None if text is None else self.source(name, text)

    def source(self, name: str, text: str) -> Source | None:
        """A Python file, if Python can read it."""
        try:
            compile(text, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            self.blame(name, getattr(error, "lineno", None) or 1, f"Python can't read it: {says(error)}")
            return None
        return Source(text)

    def validated(self, written: Mapping[str, Any], positions: Positions) -> LessonFile | None:
        try:
            return LessonFile.model_validate(written, context=self.sources)
        except ValidationError as error:
            for line, messages in by_line(error, positions).items():
                self.blame(LESSON, line, "; ".join(messages))
            return None

    def lesson(self, file: LessonFile, program: Program, settings: dict[str, Any], pages: Mapping[str, str]) -> Lesson:
        """What was read, put together."""
        files = {name: source.text for name, source in self.sources.items() if source and name != PROGRAM}
        if file.program.app:
            files.setdefault(f"{file.program.app}/__init__.py", "")
        return Lesson(
            slug=self.folder.name,
            content=file,
            program=program,
            files=files,
            settings=settings,
            why=pages[WHY],
            inside=pages[INSIDE],
        )

    def add(self, file: str, positions: Positions, mistakes: Iterable[Mistake]) -> None:
        for path, message in mistakes:
            self.blame(file, positions.line(path), message)

    def blame(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))


def app_of(written: Mapping[str, Any]) -> str | None:
    """The app's name, as far as that can be told before the file has been checked."""
    program = written.get("program")
    app = program.get("app") if isinstance(program, dict) else None
    return app if isinstance(app, str) else None


def by_line(error: ValidationError, positions: Positions) -> dict[int, list[str]]:
    """What pydantic found, as messages by line, each once."""
    found: dict[int, list[str]] = {}
    for each in error.errors(include_url=False, include_input=False):
        message = sentence(each["type"], each["loc"], each["msg"])
        messages = found.setdefault(positions.line(each["loc"]), [])
        if message not in messages:
            messages.append(message)
    return found


def sentence(kind: str, path: tuple[str | int, ...], message: str) -> str:
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    match kind:
        case "missing":
            return f"“{key}” is missing"
        case "extra_forbidden":
            return f"“{key}” is no key that this table takes"
        case "value_error":
            return message.removeprefix("Value error, ")
    return f"“{key}”: {message[:1].lower()}{message[1:]}"


def says(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)
