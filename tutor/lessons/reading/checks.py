"""What a lesson refers to has to be there: nodes, steps, knobs, variables, events' fields, places in the program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.format.parts import StepRule, Switched
from tutor.lessons.key_path import KeyPath
from tutor.lessons.lab_settings import knobs_in
from tutor.lessons.program import PROGRAM, Program, Source, holes_of, overlap
from tutor.lessons.templating import TemplateError

from .claim_finder import questions_of
from .references import Mistake, bare_names, dotted_names, known_placeholders, none_such, twice

LARGEST = 28 * 1024
"""Bytes of a program, and of a lesson's other Python files with its settings, as JSON. Each of the two travels to a lab
in one message of 32 kB (tutor/protocol/limits.py, DATAGRAM_BYTES); the rest is for what goes with it, such as gates."""


def mistakes_in(lesson: LessonFile) -> Iterator[Mistake]:
    """Every reference within `lesson.toml` that leads nowhere."""
    for check in (
        check_names,
        check_knobs,
        check_gates,
        check_flow,
        check_steps,
        check_questions,
        check_cases,
        check_closing,
    ):
        yield from check(lesson)


def settings_mistakes(lesson: LessonFile, settings: Mapping[str, Any]) -> Iterator[Mistake]:
    """Every knob in `settings.toml` that isn't one."""
    names = {knob.name for knob in lesson.knobs}
    for path, name in knobs_in(settings):
        if name not in names:
            yield path, none_such("knob", name, names)


def too_large(sources: Mapping[str, Source | None], settings: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    """(the largest file, what is wrong) where there is too much for a lab; None stands for `settings.toml`."""
    texts = {name: source.text for name, source in sources.items() if source}
    program = texts.pop(PROGRAM, "")
    if (size := json_bytes(program)) > LARGEST:
        yield PROGRAM, f"{size:,} bytes are too many for a lab: a program may have {LARGEST:,}, written as JSON"
    if (size := json_bytes([texts, settings])) > LARGEST:
        sizes = {name: json_bytes(text) for name, text in texts.items()} | {None: json_bytes(settings)}
        yield (
            max(sizes, key=sizes.__getitem__),
            f"{size:,} bytes are too many for a lab: settings.toml and all Python files but program.py may have"
            f" {LARGEST:,} together, written as JSON",
        )


def idle_knobs(lesson: LessonFile, settings: Mapping[str, Any]) -> Iterator[Mistake]:
    """Every knob that changes nothing."""
    used = {name for place in lesson.program.places for name in known_placeholders(place)}
    used |= {name for _, name in knobs_in(settings)}
    switched: Sequence[Switched] = (*lesson.gates, *lesson.interventions)
    used |= {each.switch[0] for each in switched if each.switch}
    for index, knob in enumerate(lesson.knobs):
        if knob.name not in used:
            yield (
                ("knobs", index, "name"),
                f"the knob “{knob.name}” stands nowhere: no place, no setting, no gate, no intervention",
            )


def program_mistakes(lesson: LessonFile, source: Source) -> Iterator[Mistake]:
    """Every place that isn't in the program, and every tracked name that the program never has."""
    names, holes = {knob.name for knob in lesson.knobs}, []
    for index, place in enumerate(lesson.program.places):
        path: KeyPath = ("program", "places", index)
        yield from bare_names(place, path, names)
        try:
            holes += holes_of(source.text, place, sources_of(lesson))
        except (KeyError, TemplateError):
            continue  # has been said
        except ValueError as error:
            yield path, str(error)
    if overlap(sorted(holes, key=by_start)):
        yield ("program", "places"), "two places share a part of the program"
    for index, variable in enumerate(lesson.variables):
        if variable.kind == "program" and variable.name not in source.names:
            yield ("variables", index, "name"), none_such("name in the program", variable.name, source.names)


def program_of(lesson: LessonFile, source: Source) -> Program:
    """The program with its holes; `program_mistakes` has found none."""
    sources = sources_of(lesson)
    holes = (hole for place in lesson.program.places for hole in holes_of(source.text, place, sources))
    return Program(source.text, tuple(sorted(holes, key=by_start)))


def check_names(lesson: LessonFile) -> Iterator[Mistake]:
    yield from twice("knobs", "name", [knob.name for knob in lesson.knobs])
    yield from twice("gates", "name", [gate.name for gate in lesson.gates])
    yield from twice("variables", "name", [variable.name for variable in lesson.variables])
    yield from twice("steps", "id", [step.id for step in lesson.steps])
    for path, message in twice("nodes", "id", [node.id for node in lesson.flow.nodes]):
        yield ("flow", *path), message


def check_knobs(lesson: LessonFile) -> Iterator[Mistake]:
    for index, knob in enumerate(lesson.knobs):
        for key, message in knob.mistakes():
            yield ("knobs", index, key), message
    yield from bare_names(lesson.knob_template, ("knob_summary",), {knob.name for knob in lesson.knobs})


def check_gates(lesson: LessonFile) -> Iterator[Mistake]:
    switches = {knob.name for knob in lesson.knobs if knob.type == "switch"}
    switched: Mapping[str, Sequence[Switched]] = {"gates": lesson.gates, "interventions": lesson.interventions}
    for table, parts in switched.items():
        for index, part in enumerate(parts):
            if part.switch and part.switch[0] not in switches:
                yield (table, index, "when"), none_such("switch", part.switch[0], switches)
    for index, gate in enumerate(lesson.gates):
        for key, moment in (("at", gate.at), ("until", gate.until)):
            if nested := [name for name in moment.where if "." in name]:
                yield ("gates", index, key), f"a gate can't look into “{nested[0]}”"


def check_flow(lesson: LessonFile) -> Iterator[Mistake]:
    nodes = {node.id for node in lesson.flow.nodes}
    for index, edge in enumerate(lesson.flow.edges):
        for key, node in (("from", edge.source), ("to", edge.target)):
            if node not in nodes:
                yield ("flow", "edges", index, key), none_such("node", node, nodes)
    seen: dict[tuple[int, int], str] = {}
    for index, each in enumerate(lesson.flow.nodes):
        if (other := seen.setdefault(each.at, each.id)) != each.id:
            yield ("flow", "nodes", index, "at"), f"the node “{other}” stands there already"


def check_steps(lesson: LessonFile) -> Iterator[Mistake]:
    nodes = {node.id for node in lesson.flow.nodes}
    derived = {variable.name for variable in lesson.variables if variable.kind == "derived"}
    for index, step in enumerate(lesson.steps):
        path: KeyPath = ("steps", index)
        if step.node is not None and step.node not in nodes:
            yield (*path, "node"), none_such("node", step.node, nodes)
        for name in step.set:
            if name not in derived:
                yield (*path, "set", name), none_such("derived variable", name, derived)
        for key, template in templates_of(step):
            yield from dotted_names(lesson, template, (*path, *key), step.on.event)
    unset = derived - {name for step in lesson.steps for name in step.set}
    for index, variable in enumerate(lesson.variables):
        if variable.name in unset:
            yield ("variables", index, "name"), f"no step sets the derived variable “{variable.name}”"


def check_questions(lesson: LessonFile) -> Iterator[Mistake]:
    steps = {step.id for step in lesson.steps}
    for index, moment in enumerate(lesson.key_moments):
        if moment.step not in steps:
            yield ("key_moments", index, "step"), none_such("step", moment.step, steps)
    for path, question in questions_of(lesson):
        for place, option in enumerate(question.options):
            if option.text in (other.text for other in question.options[:place]):
                yield (*path, "options", place), "two options are the same"
    for place, rule in enumerate(lesson.ask.before if lesson.ask else ()):
        if rule not in steps:
            yield ("ask", "before", place), none_such("step", rule, steps)


def check_cases(lesson: LessonFile) -> Iterator[Mistake]:
    yield from twice("cases", "name", [case.name for case in lesson.cases])
    knobs, steps = {knob.name: knob for knob in lesson.knobs}, {step.id for step in lesson.steps}
    for index, case in enumerate(lesson.cases):
        for name, value in case.knobs.items():
            if name not in knobs:
                yield ("cases", index, "knobs"), none_such("knob", name, knobs)
            elif not knobs[name].allows(value):
                yield ("cases", index, "knobs"), f"the knob “{name}”: {value!r} isn't {knobs[name].allowed}"
        for rule in case.path or ():
            if rule not in steps:
                yield ("cases", index, "path"), none_such("step", rule, steps)


def check_closing(lesson: LessonFile) -> Iterator[Mistake]:
    yield from dotted_names(lesson, lesson.closing, ("closing",), None)
    steps = {step.id for step in lesson.steps}
    if lesson.closing_after not in steps:
        yield ("closing_after",), none_such("step", lesson.closing_after, steps)


def templates_of(step: StepRule) -> Iterator[tuple[KeyPath, str]]:
    for key in ("action", "status", "result", "note", "say"):
        yield (key,), getattr(step, key) or ""
    for name, template in step.set.items():
        yield ("set", name), template


def sources_of(lesson: LessonFile) -> dict[str, str]:
    return {knob.name: knob.source(knob.default) for knob in lesson.knobs}


def json_bytes(value: Any) -> int:
    return len(json.dumps(value, default=str, ensure_ascii=False).encode())


def by_start(hole: tuple[str, int, int]) -> int:
    return hole[1]
