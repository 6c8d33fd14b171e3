"""Where something is: the line at which the program waits, and the node of the flow that a step lights."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.point import APART
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Process
from tutor.trace.model import Step, Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments

LONG_MS = 200.0
"""The least milliseconds of a pause of the program that is asked for."""
MOST_LINES = 8


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the one line at which the program waits, and for the node after failures and repetitions."""
    yield from waiting_line(lesson, case, trace)
    for moment in moments(lesson, case, trace):
        if is_turn(moment.step):
            yield from node_at(moment, lesson, case)


def is_turn(step: Step) -> bool:
    """Return whether something has gone wrong at a step, or goes on again, so that its node isn't simply the next."""
    failed = step.event == "stored" and not step.payload.get("success")
    again = step.event == "started" and (step.payload.get("delivery") or 1) > 1
    return bool(step.task_label) and (failed or again or step.event == "died")


def waiting_line(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    caller = next((each for each in trace.processes if each.role == Lane.CALLER), None)
    ends = next((each for each in moments(lesson, case, trace) if each.step.event == "program_ended"), None)
    if not caller or not ends:
        return
    program = lesson.program_text(lesson.case_knobs(case))
    statements = statements_in(program)
    frames = trace.code.by_process.get((Lane.CALLER, caller.pid), ())
    ran = {statements.get(each.ran) for each in frames if each.file == PROGRAM and each.ran}
    waits = {statements.get(line) for line in lines_of_pauses(caller, trace)}
    source = program.splitlines()
    lines = {number: source[number - 1].strip() for number in sorted(each for each in ran if each)}
    lines = {number: text for number, text in lines.items() if "(" in text}
    if any("sleep(" in lines.get(each or 0, "") for each in waits):
        return  # That it waits there is what the line says.
    if len(waits) != 1 or not waits <= lines.keys() or not 2 <= len(lines) <= MOST_LINES:
        return
    line = waits.pop()
    fact = Fact(
        id=id_of("place", "waits"),
        text="At which line does the program stay for longer than at any other?",
        key=text_of(line, lines[line]) if line else "",
        why="There it waits for something that another process does. The other lines come back at once.",
        hint="Which call has to wait for what another process does?",
        look="Look at the program's lane in the timeline, and at its line during the pause.",
        step=ends.step.number,
        claim=claim_of(case, "step", ends.rule),
    )
    targets = [
        Option(text_of(number, text)) if number == line else Option(text_of(number, text), *belief(text))
        for number, text in lines.items()
    ]
    yield from fact.point(targets, "lines")


def statements_in(program: str) -> dict[int, int]:
    """Return line → first line of its statement, for statements that aren't made of others, without imports."""
    found: dict[int, int] = {}
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Assign | ast.Expr):
            found |= dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.lineno)
    return found


def belief(source: str) -> tuple[str, str]:
    """Return what there is to say to somebody who thinks that the program waits there, and the misconception."""
    if "async_" in source:
        return "It queues, and comes back at once.", "returns-the-result"
    return "It comes back at once.", ""


def text_of(number: int, source: str) -> str:
    return f"{PROGRAM}:{number}{APART}{source}"


def lines_of_pauses(caller: Process, trace: Trace) -> set[int]:
    """Return the lines at which the program makes a long pause that no gate imposes on it."""
    held = [each.at_ms for each in trace.state.notices if each.kind == "gate" and each.process == Lane.CALLER]
    frames = trace.code.by_process.get((Lane.CALLER, caller.pid), ())
    found = set()
    for begin, end in caller.pauses:
        if end.at_ms - begin.at_ms < LONG_MS or any(begin.at_ms < at <= end.at_ms + 1 for at in held):
            continue
        before = [each for each in frames if each.number <= begin.number and each.file == PROGRAM]
        if before and before[-1].line:
            found.add(before[-1].line)
    return found


def node_at(moment: StepMoment, lesson: Lesson, case: Case) -> Iterator[Question]:
    step, flow = moment.step, lesson.content.flow
    labels = {each.id: each.label for each in flow.nodes}
    rule = next((each for each in lesson.content.steps if each.id == step.id), None)
    node = rule.node if rule else None
    if node is None or len(set(labels.values())) < len(labels):
        return
    fact = Fact(
        id=id_of("place", "node", moment.rule, step.task_label),
        text=f"{moment.when}, which node of the flow has just been reached?",
        key=labels[node],
        why=f"That step lights the node “{labels[node]}”. {moment.reason}".rstrip(),
        hint="Follow the task along the arrows: which of them has it just taken?",
        look=f"Look at the flow at {moment.look}.",
        step=step.number,
        claim=claim_of(case, "step", moment.rule),
    )
    targets = [Option(label, "" if id == node else "It isn't there at this moment.") for id, label in labels.items()]
    yield from fact.point(targets, "nodes")
