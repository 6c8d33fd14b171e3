"""Names in a lesson: each must be known and unique."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from tutor.lessons.errors import unknown
from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.key_path import KeyPath
from tutor.lessons.templating import TemplateError, placeholders
from tutor.protocol.event_fields import OPTIONS, TASK
from tutor.protocol.events import field_type, fields_of

from .problems import Mistake


def template_mistakes(template: str, path: KeyPath, mistake_in: Callable[[str], str]) -> Iterator[Mistake]:
    """Yield the mistakes in `template`, which is at `path`; `mistake_in` returns the message for a name, or ""."""
    try:
        names = placeholders(template)
    except TemplateError as error:
        yield path, str(error)
        return
    for name in names:
        if message := mistake_in(name):
            yield path, message


def mistake_in_knob(knobs: Collection[str], name: str) -> str:
    """Return the message for an unknown knob; "" for a known one."""
    return "" if name in knobs else unknown("knob", name, knobs)


def mistake_in_name(content: LessonFile, event: str | None, name: str) -> str:
    """Return the message for an unknown dotted name in a template; "" for a known one.

    `event` is the kind of the event that the template is filled in for, None if there is none.
    """
    first, _, rest = name.partition(".")
    match first:
        case "knob":
            known: Collection[str] = [knob.name for knob in content.knobs]
        case "var":
            known = [variable.name for variable in content.variables]
        case "event" if event is not None:
            known = [rest] if field_type(event, rest) is not None else fields_of(event)
        case "task" if event is not None:
            known = [rest] if rest.removeprefix("options.") in OPTIONS else ("label", "status", *TASK)
        case "process" | "pid" | "who" | "Who" if event is not None and not rest:
            return ""
        case _:
            of_event = ("event.…", "task.…", "process", "pid", "who", "Who") if event is not None else ()
            return unknown("name", f"{{{name}}}", ("knob.…", "var.…", *of_event))
    if rest in known:
        return ""
    return unknown("name", f"{{{name}}}", [f"{first}.{each}" for each in known])


def known_placeholders(template: str) -> tuple[str, ...]:
    """Return the names in `template`; () if its syntax is wrong."""
    try:
        return placeholders(template)
    except TemplateError:
        return ()


def duplicates(table: str, key: str, names: Iterable[str]) -> Iterator[Mistake]:
    """Yield a mistake for each name that an earlier entry of `table` has; `key` is the key of the names."""
    known: set[str] = set()
    for index, name in enumerate(names):
        if name in known:
            yield (table, index, key), f'two {table} are named "{name}"'
        known.add(name)
