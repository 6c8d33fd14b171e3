"""The kinds of events, as Markdown for authors: what each means, its lanes, its fields, and one that a run has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from json import dumps
from typing import Any

from tutor.lessons.reading.common_steps import common_steps
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
In `where` such a name is in quotes: `where = { "locals.x" = "3" }`. A field can be missing, and then it equals nothing;
`{ present = false }` asks for that. If a lab runs several clusters, each event of one of their processes also has
`cluster`, its name. The steps that lessons share are [at the end](#common-steps).

This page is made by `manage.py lessons events > docs/events.md`, from `tutor/protocol` and from runs of the lessons."""
STEPS = """\
## Common steps

A step with `use = "NAME"` extends one of these. Each matches the events named here, and has all texts; shown is its
`headline`. Your own keys take precedence: with another `on` it matches other events. Where a lesson uses one twice, one
of the two needs an `id` of its own."""
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
    yield from step_list()


def step_list() -> Iterator[str]:
    """Yield the lines about the common steps."""
    yield f"\n{STEPS}\n"
    for name, step in common_steps().items():
        yield f"- `{name}`: {pattern_of(step['on'])}. {step['headline']}"


def pattern_of(on: Mapping[str, Any]) -> str:
    """Return the events that a common step matches, as a lesson writes them."""
    where = ", ".join(f"{name} = {toml(value)}" for name, value in on.get("where", {}).items())
    return f"`{on['event']}`" + (f", where `{where}`" if where else "")


def toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {toml(each)}' for name, each in value.items())} }}"
    return dumps(value)


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
