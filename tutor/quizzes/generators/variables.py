"""What the program's variables are after a line, and when it is over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import NOTHING
from tutor.trace.model import NOT_YET, Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code

LONGEST = 44
"""The maximum length of a value in a question, in characters."""
ASSIGNED = re.compile(r"([a-z_]\w*) = (?![\d'\"\[(])")
"""The beginning of a line that gives a variable a value that isn't written in the line."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the wrong values of a variable come from."""

    ids: Mapping[str, str]
    """The text of a task's id → its label."""
    results: Mapping[str, str]
    """The text of a stored result → the label of its task."""
    has_failed: bool
    tasks: int
    successes: int
    """The number of tasks of which a success was stored."""
    starts: tuple[int, ...]
    """The numbers of the events at which executions began."""
    gives_objects: bool
    """Whether a task was given an object of the program's."""
    numbers: tuple[int, ...]
    """The whole numbers that stand in the program."""
    names: tuple[str, ...]
    """The names of the tasks, in the order in which they appeared."""
    written: Mapping[str, Mapping[str, bool]]
    """Variable → the texts of the constants that the program gives it → whether an except block does."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for a variable after the line that gives it a value, and for the tracked ones when the program is over."""
    around = surroundings(lesson, case, trace)
    tracked = {each.name for each in trace.variables if each.kind == "program"}
    asked: set[tuple[str, str]] = set()
    for moment in moments(lesson, case, trace):
        step = moment.step
        values = step.payload.get("locals") or {}
        if step.event == "program_ended":
            for name in sorted(each for each in tracked & values.keys() if (each, values[each]) not in asked):
                yield from value_at(moment, name, values[name], around, case)
        elif step.event == "line" and step.process == Lane.CALLER and step.payload.get("ran"):
            match = ASSIGNED.search(moment.when)
            if match and match[1] in values:
                asked.add((match[1], values[match[1]]))
                yield from value_at(moment, match[1], values[match[1]], around, case)


def surroundings(lesson: Lesson, case: Case, trace: Trace) -> Surroundings:
    program = lesson.program_text(lesson.case_knobs(case))
    return Surroundings(
        {repr(each.id): each.label for each in trace.tasks},
        {
            one.result: each.label
            for each in trace.tasks
            for one in each.outcomes
            if one.success and one.result != NOTHING
        },
        any(not one.success for each in trace.tasks for one in each.outcomes),
        len(trace.tasks),
        sum(any(one.success for one in each.outcomes) for each in trace.tasks),
        tuple(each.started.number for each in trace.executions),
        any("<" in str(each.description.get("args", "")) for each in trace.tasks),
        numbers_in(program),
        tuple(each.label for each in trace.tasks),
        constants_in(program),
    )


def constants_in(program: str) -> dict[str, dict[str, bool]]:
    """Return the constants that each variable of a program is given, and whether in an except block."""
    tree = ast.parse(program)
    in_except = {
        each for handler in ast.walk(tree) if isinstance(handler, ast.ExceptHandler) for each in ast.walk(handler)
    }
    found: dict[str, dict[str, bool]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, {})[repr(node.value.value)] = node in in_except
    return found


def numbers_in(program: str) -> tuple[int, ...]:
    found = (each.value for each in ast.walk(ast.parse(program)) if isinstance(each, ast.Constant))
    return tuple(dict.fromkeys(each for each in found if type(each) is int))


def value_at(moment: StepMoment, name: str, value: str, around: Surroundings, case: Case) -> Iterator[Question]:
    if value == NOT_YET or len(value) > LONGEST or "0x" in value or "`" in value or not is_telling(value):
        return
    is_id = value in around.ids
    fact = Fact(
        id=id_of("variable", name, moment.rule),
        text=f"{moment.when}, what is {'its ' if moment.step.event == 'program_ended' else ''}{code(name)}?",
        key=f"The id of {code(around.ids[value])}" if is_id else code(value),
        why=why_of(value, around, moment),
        hint="What did the program's own process have in its hands at that moment, or find in the database?",
        look=f"Look at {moment.look}: the program's variables.",
        step=moment.step.number,
        claim=claim_of(case, "event", moment.rule, f"locals.{name}"),
    )
    wrong = [each for each in wrong_values(name, value, moment, around) if each.text != fact.key]
    if value.isdecimal():
        wrong = [replace(each, text=each.text.strip("`")) for each in wrong]
        yield from replace(fact, key=value).cell(wrong, name)
    else:
        yield from fact.choice(wrong)


def is_telling(value: str) -> bool:
    """Return whether a value says something: an object of the program's own doesn't."""
    return "datetime" not in value and (not value.startswith("<") or value.startswith("<Task"))


def why_of(value: str, around: Surroundings, moment: StepMoment) -> str:
    if value in around.ids:
        why = "A call that queues a task returns its id, and nothing else."
    elif value in around.results:
        why = f"It is the stored result of {code(around.results[value])}, which the program has read."
    else:
        why = "That is what the program has found by then."
    return f"{why} {moment.reason}".rstrip()


def wrong_values(name: str, value: str, moment: StepMoment, around: Surroundings) -> Iterator[Option]:
    """Yield values that somebody with a misconception would expect."""
    if value in ("True", "False"):
        other = "False" if value == "True" else "True"
        yield Option(code(other), "Look at what the line compares.", "success-is-right" if other == "True" else "")
        return
    for text, in_except in around.written.get(name, {}).items():
        if text != value:
            misconception = "exceptions-reach-the-caller" if in_except and around.has_failed else ""
            yield Option(code(text), "The program didn't come to the line that says so.", misconception)
    if value in around.written.get(name, {}):
        return
    if value.isdecimal():
        yield from wrong_numbers(int(value), moment, around)
    elif value.startswith("[") or value.startswith("("):
        yield from wrong_lists(value)
    else:
        yield from wrong_results(value, around)


def wrong_numbers(value: int, moment: StepMoment, around: Surroundings) -> Iterator[Option]:
    if "OrmQ" in moment.when:
        waiting = around.tasks - sum(each < moment.step.event_number for each in around.starts)
        yield Option(code(str(waiting)), "A row stays until its task is acknowledged.", "enqueued-is-started")
        yield Option(code(str(around.tasks)), "Some tasks are acknowledged by then, and have no row any more.")
    elif str(value) in around.results:
        shared = "arguments-are-shared" if around.gives_objects else ""
        for number in around.numbers:
            yield Option(code(str(number)), "The task has worked with what it was given when it was queued.", shared)
    elif value <= around.tasks + len(around.starts):
        if value < around.successes:
            why = "So many tasks are stored as a success. That doesn't say what they have done."
            yield Option(code(str(around.successes)), why, "success-is-right")
        yield Option(code("1"), "One task was queued. That doesn't mean that it happened once.", "exactly-once")
        yield Option(code(str(len(around.starts))), "That is the number of executions.", "attempts-are-executions")
        yield Option(code("0"), "There is something to be found.")
    yield Option(code(str(value + 1)), "There is less to be found.")


def wrong_lists(value: str) -> Iterator[Option]:
    try:
        parts = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return
    if 2 <= len(parts) <= 4:
        yield Option(code(repr(parts[::-1])), "They come in another order.", "first-in-first-out")
        yield Option(code(repr(type(parts)(sorted(parts, key=repr)))), "Nothing sorts them.")
        yield Option(code(repr(parts[:-1])), "There is one more.")
        yield Option(code(repr(parts[1:])), "There is one more.")


def wrong_results(value: str, around: Surroundings) -> Iterator[Option]:
    if value.strip("'") in around.names:
        for label in around.names:
            yield Option(code(repr(label)), "Another one is found here.", "first-in-first-out")
        yield Option(code(NOTHING), "There was something to be found.")
        return
    for text, label in around.results.items():
        if value != text and len(text) <= LONGEST and "`" not in text:
            yield Option(
                code(text),
                f"That is the result of {code(label)}. The program doesn't get it here.",
                "returns-the-result",
            )
    if value != NOTHING:
        yield Option(code(NOTHING), "There was something to be found.", "none-is-unfinished")
    if value not in around.ids:
        for label in around.ids.values():
            yield Option(f"The id of {code(label)}", "An id is what the call that queued it returned.")
            break
    yield Option(code("True"), "It isn't the column `success` that is read here.")
