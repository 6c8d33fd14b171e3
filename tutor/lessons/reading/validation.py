"""Validating `lesson.toml` against its format, with a problem for each mistake."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.key_path import KeyPath

from .common_notes import with_common_notes
from .common_steps import unknown_uses, with_common_steps
from .folder import LessonFolder
from .problems import Problems


def validated(folder: LessonFolder, problems: Problems) -> LessonFile | None:
    """Return the content of `lesson.toml`; None if it has mistakes, which are added to `problems`."""
    try:
        written = with_common_notes(with_common_steps(folder.lesson.values))
        return LessonFile.model_validate(written, context=folder.sources)
    except ValidationError as error:
        for line, message in messages_by_line(error, folder):
            problems.add(folder.lesson.name, line, message)
        return None


def messages_by_line(error: ValidationError, folder: LessonFolder) -> Iterator[tuple[int, str]]:
    """Yield the messages of `error` as (line, message), one for each line, without repeats."""
    found: dict[int, dict[str, None]] = {}
    for each in causes(error, folder):
        line = folder.lesson.positions.line(each["loc"])
        found.setdefault(line, {})[message_of(each["type"], each["loc"], each["msg"])] = None
    for line, messages in found.items():
        yield line, "; ".join(messages)


def causes(error: ValidationError, folder: LessonFolder) -> list[ErrorDetails]:
    """Return the errors in `error` without those that follow from others.

    A list from which an invalid element was dropped may be too short, and a step that extends an unknown common step
    lacks what that would have.
    """
    found = error.errors(include_url=False, include_input=False)
    inside = {each["loc"][:length] for each in found for length in range(len(each["loc"]))}
    lacking = {path[:2] for path, _ in unknown_uses(folder.lesson.values)}
    return [
        each
        for each in found
        if not (each["type"] == "too_short" and each["loc"] in inside)
        and not (each["type"] == "missing" and each["loc"][:2] in lacking)
    ]


def message_of(kind: str, path: KeyPath, message: str) -> str:
    """Return the message for an error from pydantic."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    match kind:
        case "missing":
            return f'"{key}" is missing'
        case "extra_forbidden":
            return f'unknown key "{key}"'
        case "value_error":
            return message.removeprefix("Value error, ")
    return f'"{key}": {message[:1].lower()}{message[1:]}'
