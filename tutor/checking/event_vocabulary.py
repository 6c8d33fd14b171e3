"""The kinds of events, as Markdown for authors: what each means, its lanes, its fields, and one that a run has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tutor.protocol.event_fields import TASK, FieldType
from tutor.protocol.events import KINDS, EventKind
from tutor.protocol.lanes import Lane
from tutor.trace.projector import completed

from .case_runs import CaseRun
from .event_lines import fields_in_brief

HEAD = """\
# Events

What a run records. A step's `on`, a gate, an intervention and a node's `lit_by` name a kind of event, and compare its
fields in `where`; `{event.FIELD}` prints one. A dot leads into a field: `options.group`, `locals.x`, `rows.OrmQ.count`.
A field can be missing, and then it equals nothing; `{ present = false }` asks for that.

This page is made by `manage.py lessons events > docs/events.md`, from `tutor/protocol` and from runs of the lessons."""
ANY_LANE = "any process"
THE_TASK = "`task` (its id), `name`, `func`, `args`, `kwargs`, `options.…`"
NO_PAUSE = "A gate or an intervention can't be at it."
NO_EXAMPLE = "No case of a lesson has one."


@dataclass(frozen=True, slots=True)
class Example:
    """An event of a run."""

    run: str
    """The lesson and the case."""
    line: str
    """The event with its fields, in brief."""


def vocabulary(examples: Mapping[str, Example]) -> Iterator[str]:
    """Yield the lines of the page; `examples` are by kind."""
    yield f"{HEAD}\n\nEvents about a task have {THE_TASK}: what it was queued with."
    yield "The options, as far as they were given, are"
    yield ", ".join(f"`{name}`" for name in TASK["options"]) + ".\n"
    yield "Lanes: " + ", ".join(f"`{lane}`" for lane in Lane) + "."
    for name, kind in KINDS.items():
        yield from section(name, kind, examples.get(name))


def section(name: str, kind: EventKind, example: Example | None) -> Iterator[str]:
    """Yield the lines about one kind."""
    lanes = ANY_LANE if len(kind.lanes) == len(Lane) else ", ".join(f"`{lane}`" for lane in kind.lanes)
    yield f"\n## {name}\n\n{kind.description} From {lanes}.{'' if kind.can_be_breakpoint else f' {NO_PAUSE}'}\n"
    own = dict(kind.fields)
    if own.keys() >= TASK.keys():
        own = {each: of for each, of in own.items() if each not in TASK}
        yield f"- {THE_TASK}"
    yield from (f"- `{each}`: {type_of(of)}" for each, of in own.items())
    if kind.fields:
        yield ""
    yield f"In {example.run}:\n\n```\n{example.line}\n```" if example else NO_EXAMPLE


def type_of(field: FieldType) -> str:
    """Return what a field holds, in words."""
    if isinstance(field, str):
        return {"names": "name → text", "tables": "table → `count`, `rows`, …"}.get(field, field)
    return ", ".join(f"`{name}`" for name in field)


def examples_in(runs: Iterable[CaseRun]) -> dict[str, Example]:
    """Return kind → the first event of that kind."""
    found: dict[str, Example] = {}
    for run in runs:
        for event in completed(run.events):
            if event.kind in KINDS and event.kind not in found:
                task = run.trace.histories.tasks.get(event.payload.get("task") or "")
                fields = fields_in_brief(event.payload, task.label if task else "", {})
                found[event.kind] = Example(run.title, f"{event.lane} {event.kind} {fields}".rstrip())
    return found
