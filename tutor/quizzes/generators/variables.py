"""What the program finds: the values of variables that it takes from Task rows and from the queue."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import NOTHING, TaskHistory
from tutor.trace.model import NOT_YET, Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code

LONGEST = 44
"""The maximum length of a value in a question, in characters."""
READ = re.compile(r"(result|fetch)\((\w+)(?:, wait=([\w-]+))?\)")
"""An expression that asks django-q2 for a Task row, or for its result."""
END_OF_ROWS = re.compile(r"Task\.objects\.(?:order_by\('(-?\w+)'\)\.)?(first|last)\(\)\.name")
COUNT_OF_QUEUE = "OrmQ.objects.count()"
Asked = tuple[str, str, Iterator[Option]]
"""The key, why it is right, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the program at a moment."""

    name: str
    expression: str
    """What the program has assigned to it."""
    value: str
    moment: StepMoment
    locals: Mapping[str, str]


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for variables after the line that gives them a value, and for the tracked ones when the program is over."""
    expressions = expressions_in(lesson.program_text(lesson.case_knobs(case)))
    tracked = {each.name for each in trace.variables if each.kind == "program"}
    asked: set[tuple[str, str]] = set()
    for moment in moments(lesson, case, trace):
        step = moment.step
        values = step.payload.get("locals") or {}
        names: list[str] = []
        if step.event == "program_ended":
            names = sorted(tracked)
        elif step.event == "line" and step.process == Lane.CALLER and step.payload.get("ran"):
            names = [each for each, (line, _) in expressions.items() if line == step.payload["ran"]]
        for name in names:
            value = values.get(name, NOT_YET)
            if name in expressions and value != NOT_YET and (name, value) not in asked:
                asked.add((name, value))
                yield from value_at(Variable(name, expressions[name][1], value, moment, values), case, trace)


def expressions_in(program: str) -> dict[str, tuple[int, str]]:
    """Return the variables that a program assigns to once → the last line of that statement, and the expression."""
    found = [
        (target.id, (node.end_lineno or node.lineno, ast.unparse(node.value)))
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    times = Counter(name for name, _ in found)
    return {name: each for name, each in found if times[name] == 1}


def value_at(variable: Variable, case: Case, trace: Trace) -> Iterator[Question]:
    asked = found_by(variable, trace)
    if not asked or len(variable.value) > LONGEST or "0x" in variable.value or "`" in variable.value:
        return
    key, why, wrong = asked
    moment, name = variable.moment, variable.name
    fact = Fact(
        id=id_of("variable", name, moment.rule),
        text=f"{moment.when}, what is {code(name)}?",
        key=key,
        why=why,
        hint=f"{code(name)} is {code(variable.expression)}. What is there to be found when that line runs?",
        look=f"Look at {moment.look}: the program's variables.",
        step=moment.step.number,
        claim=claim_of(case, "event", moment.rule, f"locals.{name}"),
    )
    if variable.value.isdecimal():
        numbers = (replace(each, text=each.text.strip("`")) for each in wrong)
        yield from replace(fact, key=variable.value).cell((each for each in numbers if each.text.isdecimal()), name)
    else:
        yield from fact.choice(wrong)


def found_by(variable: Variable, trace: Trace) -> Asked | None:
    """Return what there is to say of a variable's value; None if its expression is none that this module knows."""
    if read := READ.fullmatch(variable.expression):
        id = variable.locals.get(read[2], "")
        task = next((each for each in trace.tasks if repr(each.id) == id), None)
        return read_of(variable, task, read[1], read[3] or "") if task else None
    if end := END_OF_ROWS.fullmatch(variable.expression):
        return name_of(variable, end[1] or "-stopped", end[2], trace)
    if variable.expression == COUNT_OF_QUEUE and variable.value.isdecimal():
        return (
            code(variable.value),
            "A row stays until its task is acknowledged, even after it has been handed out.",
            counts(trace, variable),
        )
    return None


def read_of(variable: Variable, task: TaskHistory, function: str, wait: str) -> Asked | None:
    """Return what there is to say of `result()` and `fetch()`, as far as rows of the task explain it."""
    label, number = code(task.label), variable.moment.step.event_number
    stored = [each for each in task.outcomes if each.saved.number < number]
    late = [each.result for each in task.outcomes if each.success and each.result != NOTHING and "`" not in each.result]
    if variable.value == NOTHING and not stored:
        gives_up = ", and its `wait` is over" if wait else ""
        why = f"No Task row of {label} is there when {code(f'{function}()')} looks{gives_up}."
    elif variable.value == NOTHING and function == "result" and stored[-1].result == NOTHING:
        why = f"The row of {label} is there, and None is its result: the function returned nothing."
    elif stored and function == "result" and variable.value == stored[-1].result:
        why = f"The Task row of {label} is there, and `result()` gives what is in its column `result`."
    elif stored and function == "fetch" and variable.value.startswith("<Task"):
        why = "`fetch()` gives the whole Task row. The result is only one of its columns."
    else:
        return None
    key = WHOLE_ROW if variable.value.startswith("<Task") else code(variable.value)
    return key, why, others_than(variable, function, label, [*late, *(each.result for each in stored)])


def others_than(variable: Variable, function: str, label: str, results: list[str]) -> Iterator[Option]:
    for text in dict.fromkeys(results):
        if len(text) <= LONGEST and "`" not in text and text not in (variable.value, NOTHING):
            none = variable.value == NOTHING
            why = f"No row is there yet that could have it: {code(f'{function}()')} asks the database, not the worker."
            yield Option(code(text), why if none else "`result()` would give that: a column of the row.", BELIEF)
    if variable.value == NOTHING and function == "fetch":
        yield Option(WHOLE_ROW, "There is none, and `fetch()` asks nobody but the database.")
    if variable.value != NOTHING:
        other = ", and its result is another" if function == "result" else ""
        yield Option(code(NOTHING), f"Its row is there by then{other}.", "none-is-unfinished")
    if variable.value.isdecimal():
        for name, text in variable.locals.items():
            if text.isdecimal() and name != variable.name:
                yield Option(
                    code(text), f"That is {code(name)}. The task had what it was given.", "arguments-are-shared"
                )
    yield Option(f"The id of {label}", "An id is what `async_task` returned when it was queued.")
    if function == "result":
        yield Option("`True`", "It isn't the column `success` that is read here.")
    else:
        yield Option("`'Success'`", "The row has no column with a status. Its column `success` is True or False.")


WHOLE_ROW = "The whole Task row"
BELIEF = "returns-the-result"


def name_of(variable: Variable, order: str, end: str, trace: Trace) -> Asked | None:
    """Return what there is to say of the first or the last Task row in an order."""
    field = order.removeprefix("-")
    number = variable.moment.step.event_number
    there = [each for each in trace.tasks if any(one.saved.number < number for one in each.outcomes)]
    if field not in VERBS or repr(variable.value.strip("'")) != variable.value:
        return None
    latest = order.startswith("-") == (end == "first")
    sorts = (
        f"`order_by('{order}')` sorts"
        if "order_by" in variable.expression
        else f"The model sorts its rows by `{order}`:"
    )
    which = f"{sorts} {'the latest' if order.startswith('-') else 'the earliest'} first"
    why = f"{which}. So `{end}()` is the row that {VERBS[field]} {'last' if latest else 'first'}."
    wrong = [
        Option(
            code(repr(each.label)), f"Its row is at another place: `{end}()` looks at `{field}`.", "first-in-first-out"
        )
        if each in there
        else Option(code(repr(each.label)), "No Task row of it is there yet.", "first-in-first-out")
        for each in trace.tasks
    ]
    nothing = Option(code(NOTHING), "The table isn't empty.")
    an_id = Option("An id", "`name` is what the program has called the task.")
    return code(variable.value), why, iter([*wrong, nothing, an_id])


VERBS = {"stopped": "stopped", "started": "has the `started` that comes"}


def counts(trace: Trace, variable: Variable) -> Iterator[Option]:
    number = variable.moment.step.event_number
    waiting = len(trace.tasks) - sum(each.started.number < number for each in trace.executions)
    yield Option(str(waiting), "Tasks that are being executed have their rows, too.", "enqueued-is-started")
    yield Option(str(len(trace.tasks)), "Some tasks are acknowledged by then, and have no row any more.")
