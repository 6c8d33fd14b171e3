"""Names that a lesson uses: each has to be somebody's, and only one's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.key_path import KeyPath
from tutor.lessons.templating import TemplateError, placeholders
from tutor.protocol.events import field_type

Mistake = tuple[KeyPath, str]
"""Where it stands in the file, and what is wrong."""


def dotted_names(lesson: LessonFile, template: str, path: KeyPath, event: str | None) -> Iterator[Mistake]:
    """The names in `template` that nothing has; `event` is the kind of the event at hand, if there is one."""
    has: dict[str, Callable[[str], bool]] = {
        "knob": {knob.name for knob in lesson.knobs}.__contains__,
        "var": {variable.name for variable in lesson.variables}.__contains__,
    }
    if event is not None:
        has |= {"event": lambda name: field_type(event, name) is not None, "process": nothing, "pid": nothing}
    try:
        names = placeholders(template)
    except TemplateError as error:
        yield path, str(error)
        return
    for name in names:
        first, _, rest = name.partition(".")
        if first not in has:
            yield path, f"“{{{name}}}” is no name here; names begin with {', '.join(has)}"
        elif not has[first](rest):
            owner = f"the event “{event}”" if first == "event" else "the lesson"
            yield (
                path,
                f"“{{{name}}}”: {owner} has no {first} “{rest}”" if rest else f"“{{{name}}}” needs a name after a dot",
            )


def bare_names(template: str, path: KeyPath, names: set[str]) -> Iterator[Mistake]:
    """The names in `template`, which are knobs' alone, that no knob has."""
    try:
        found = placeholders(template)
    except TemplateError as error:
        yield path, str(error)
        return
    for name in found:
        if name not in names:
            yield path, none_such("knob", name, names)


def known_placeholders(template: str) -> tuple[str, ...]:
    try:
        return placeholders(template)
    except TemplateError:
        return ()


def twice(table: str, key: str, names: Iterable[str]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield (table, index, key), f"“{name}” is there twice"
        seen.add(name)


def none_such(what: str, name: str, names: Iterable[str]) -> str:
    return f"there is no {what} “{name}”; there are {', '.join(sorted(names)) or 'none'}"


def nothing(rest: str) -> bool:
    return rest == ""
