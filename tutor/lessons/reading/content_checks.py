"""References within `lesson.toml`: to nodes, steps, knobs, variables and fields of events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tutor.lessons.errors import unknown
from tutor.lessons.format.cases import DEFAULT, Case
from tutor.lessons.format.lab_rules import GateRule
from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.format.questions import QuizOption
from tutor.lessons.format.steps import StepRule
from tutor.lessons.key_path import KeyPath
from tutor.lessons.misconceptions import MISCONCEPTIONS

from .names import duplicates, mistake_in_knob, mistake_in_name, template_mistakes
from .problems import Mistake
from .prose_texts import questions_of


def mistakes_in(content: LessonFile) -> Iterator[Mistake]:
    """Yield every mistake that can be found without the lesson's other files."""
    yield from duplicate_names(content)
    yield from knob_mistakes(content)
    yield from lab_rule_mistakes(content)
    yield from flow_mistakes(content)
    yield from step_mistakes(content)
    yield from fold_mistakes(content)
    yield from question_mistakes(content)
    yield from repair_mistakes(content)
    yield from case_mistakes(content)
    yield from closing_mistakes(content)
    yield from symptom_mistakes(content)


def duplicate_names(content: LessonFile) -> Iterator[Mistake]:
    yield from duplicates("knobs", "name", [knob.name for knob in content.knobs])
    yield from duplicates("gates", "name", [gate.name for gate in content.gates])
    yield from duplicate_gates_of_cases(content)
    yield from duplicates("variables", "name", [variable.name for variable in content.variables])
    yield from duplicates("steps", "id", [step.id for step in content.steps])
    yield from duplicates("cases", "name", [case.name for case in content.cases])
    for path, message in duplicates("nodes", "id", [node.id for node in content.flow.nodes]):
        yield ("flow", *path), message


def knob_mistakes(content: LessonFile) -> Iterator[Mistake]:
    for index, knob in enumerate(content.knobs):
        for key, message in knob.mistakes():
            yield ("knobs", index, key), message
    names = [knob.name for knob in content.knobs]
    yield from template_mistakes(content.knob_template, ("knob_summary",), partial(mistake_in_knob, names))


def lab_rule_mistakes(content: LessonFile) -> Iterator[Mistake]:
    switches = [knob.name for knob in content.knobs if knob.type == "switch"]
    for table, rules in (("gates", content.gates), ("interventions", content.interventions)):
        for index, rule in enumerate(rules):
            if rule.switch and rule.switch[0] not in switches:
                yield (table, index, "when"), unknown("switch", rule.switch[0], switches)
    for index, gate in enumerate(content.gates):
        yield from nested_fields(gate, ("gates", index))
    for number, case in enumerate(content.cases):
        for index, gate in enumerate(case.gates):
            yield from nested_fields(gate, ("cases", number, "gates", index))


def nested_fields(gate: GateRule, path: KeyPath) -> Iterator[Mistake]:
    for key, occurrence in (("at", gate.at), ("until", gate.until)):
        for name in occurrence.where:
            if "." in name:
                yield (*path, key), f'a gate can\'t compare the nested field "{name}"'


def duplicate_gates_of_cases(content: LessonFile) -> Iterator[Mistake]:
    """Yield each gate of a case that has the name of another gate: a run tells its gates by name."""
    known = {gate.name for gate in content.gates}
    for number, case in enumerate(content.cases):
        for index, gate in enumerate(case.gates):
            if gate.name in known:
                yield ("cases", number, "gates", index, "name"), f'two gates are named "{gate.name}"'
            known.add(gate.name)


def flow_mistakes(content: LessonFile) -> Iterator[Mistake]:
    nodes = [node.id for node in content.flow.nodes]
    for index, edge in enumerate(content.flow.edges):
        for key, node in (("from", edge.source), ("to", edge.target)):
            if node not in nodes:
                yield ("flow", "edges", index, key), unknown("node", node, nodes)
    taken: dict[tuple[int, int], str] = {}
    for index, each in enumerate(content.flow.nodes):
        if (other := taken.setdefault(each.at, each.id)) != each.id:
            yield ("flow", "nodes", index, "at"), f'the node "{other}" is already at {list(each.at)}'


def step_mistakes(content: LessonFile) -> Iterator[Mistake]:
    nodes = [node.id for node in content.flow.nodes]
    derived = [variable.name for variable in content.variables if variable.kind == "derived"]
    for index, step in enumerate(content.steps):
        path: KeyPath = ("steps", index)
        if step.node is not None and step.node not in nodes:
            yield (*path, "node"), unknown("node", step.node, nodes)
        for name in step.set:
            if name not in derived:
                yield (*path, "set", name), unknown("derived variable", name, derived)
        for key, template in templates_of(step):
            mistake_in = partial(mistake_in_name, content, step.on.event)
            yield from template_mistakes(template, (*path, *key), mistake_in)
    known = {name for step in content.steps for name in step.set}
    for index, variable in enumerate(content.variables):
        if variable.kind == "derived" and variable.name not in known:
            yield ("variables", index, "name"), f'no step sets the derived variable "{variable.name}"'
        if variable.kind in ("status", "result") and variable.task is None:
            yield ("variables", index, "kind"), f'a variable of the kind "{variable.kind}" needs a task'


def templates_of(step: StepRule) -> Iterator[tuple[KeyPath, str]]:
    for key in ("action", "headline", "about", "note", "more", "say"):
        yield (key,), getattr(step, key) or ""
    for name, template in step.set.items():
        yield ("set", name), template


def fold_mistakes(content: LessonFile) -> Iterator[Mistake]:
    steps = [step.id for step in content.steps]
    for index, fold in enumerate(content.folds):
        for number, rule in enumerate(fold.steps):
            if rule not in steps:
                yield ("folds", index, "steps", number), unknown("step", rule, steps)
        yield from template_mistakes(fold.text, ("folds", index, "text"), mistake_in_count)


def mistake_in_count(name: str) -> str:
    return "" if name == "count" else unknown("name", f"{{{name}}}", ["{count}"])


def question_mistakes(content: LessonFile) -> Iterator[Mistake]:
    steps = [step.id for step in content.steps]
    for index, moment in enumerate(content.key_moments):
        if moment.step not in steps:
            yield ("key_moments", index, "step"), unknown("step", moment.step, steps)
    for path, question in questions_of(content):
        for index, option in enumerate(question.options):
            if option.text in (other.text for other in question.options[:index]):
                yield (*path, "options", index), f'two options have the text "{option.text}"'
            for key, message in option_mistakes(option):
                yield (*path, "options", index, key), message
    for index, rule in enumerate(content.ask.before if content.ask else ()):
        if rule not in steps:
            yield ("ask", "before", index), unknown("step", rule, steps)


def option_mistakes(option: QuizOption) -> Iterator[tuple[str, str]]:
    """Yield the mistakes in what is said of a wrong option, as (key, message)."""
    if option.misconception and option.misconception not in MISCONCEPTIONS:
        yield "misconception", unknown("misconception", option.misconception, MISCONCEPTIONS)
    for key in ("misconception", "right_in"):
        if option.right and getattr(option, key):
            yield key, f'only a wrong option has "{key}"'


def repair_mistakes(content: LessonFile) -> Iterator[Mistake]:
    knobs = {knob.name: knob for knob in content.knobs}
    cases = {case.name: case for case in content.cases}
    for index, repair in enumerate(content.repair):
        path: KeyPath = ("repair", index)
        for name in repair.knobs:
            if name not in knobs:
                yield (*path, "knobs"), unknown("knob", name, knobs)
        for name, value in repair.heals.items():
            if name not in repair.knobs:
                yield (*path, "heals"), unknown("knob that may be changed", name, repair.knobs)
            elif content.case_changing(name, value) is None:
                yield (*path, "heals"), f"no case differs from the lesson's own run by {name} = {value!r} alone"
        for number, miss in enumerate(repair.misses):
            if (case := cases.get(miss.case)) is None:
                yield (*path, "misses", number, "case"), unknown("case", miss.case, cases)
            elif case.lab_rules or len(case.knobs) != 1 or not set(case.knobs) <= set(repair.knobs):
                message = (
                    f"the case \"{miss.case}\" doesn't differ from the lesson's own run by one of these knobs alone"
                )
                yield (*path, "misses", number, "case"), message


def case_mistakes(content: LessonFile) -> Iterator[Mistake]:
    knobs, steps = {knob.name: knob for knob in content.knobs}, [step.id for step in content.steps]
    for index, case in enumerate(content.cases):
        yield from inputs_of_own_run(case, index)
        for name, value in case.knobs.items():
            if name not in knobs:
                yield ("cases", index, "knobs"), unknown("knob", name, knobs)
            elif not knobs[name].allows(value):
                yield ("cases", index, "knobs"), f'"{name}": {value!r} isn\'t {knobs[name].allowed}'
        for rule in case.path or ():
            if rule not in steps:
                yield ("cases", index, "path"), unknown("step", rule, steps)


def inputs_of_own_run(case: Case, index: int) -> Iterator[Mistake]:
    """Yield the inputs of the case "default": a learner who presses Run makes that run, without any case."""
    if case.name != DEFAULT:
        return
    for key, where in (
        ("knobs", "a knob's default stands in [[knobs]]"),
        ("gates", 'a gate for it stands in [[gates]], with `when = "not …"` if a switch turns it off'),
        ("interventions", "an intervention in it stands in [[interventions]]"),
    ):
        if getattr(case, key):
            message = (
                f'the case "{DEFAULT}" is the lesson\'s own run, as it is without a case, and has no {key}: {where}'
            )
            yield ("cases", index, key), message


def closing_mistakes(content: LessonFile) -> Iterator[Mistake]:
    yield from template_mistakes(content.closing, ("closing",), partial(mistake_in_name, content, None))
    steps = [step.id for step in content.steps]
    if content.closing_after not in steps:
        yield ("closing_after",), unknown("step", content.closing_after, steps)


def symptom_mistakes(content: LessonFile) -> Iterator[Mistake]:
    """Yield the unknown names in the texts of the symptom, and mistakes in what somebody was told."""
    for index, each in enumerate(content.symptom.events if content.symptom else ()):
        mistake_in = partial(mistake_in_name, content, each.event)
        yield from template_mistakes(each.text, ("symptom", "events", index, "text"), mistake_in)
    if content.symptom and (told := content.symptom.told):
        path: KeyPath = ("symptom", "told")
        yield from template_mistakes(told.text, (*path, "text"), mistake_in_told)
        try:
            rules = told.subject.rules
        except ValueError as error:
            yield (*path, "claim"), str(error)
            return
        steps = [step.id for step in content.steps]
        if len(rules) != 1:
            yield (*path, "claim"), "what somebody was told must be about one step"
        yield from (((*path, "claim"), unknown("step", rule, steps)) for rule, _ in rules if rule not in steps)


def mistake_in_told(name: str) -> str:
    return "" if name == "value" else unknown("name", f"{{{name}}}", ["{value}"])
