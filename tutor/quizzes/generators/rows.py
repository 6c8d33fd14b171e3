"""How many rows a table has after a step, and in the end."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.model import Step, Trace
from tutor.trace.state import Table

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code, counted

QUEUE, TASKS = "OrmQ", "Task"
MOST_PLAIN = 2
"""The number of tasks up to which it is worth asking whether each has a row, where each has one."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the rows of the queue and of the Task table after the first step of each kind, and of all in the end."""
    seen: set[tuple[str, str, object]] = set()
    for moment in moments(lesson, case, trace):
        for name in ASKED_AFTER.get(moment.step.event, ()) if is_of_cluster(moment.step) else ():
            table, kind = (
                moment.step.state.tables.get(name),
                (moment.step.event, name, moment.step.payload.get("success")),
            )
            if kind in seen:
                continue
            seen.add(kind)
            if table and not table.unread and not table.in_transaction and not table.others:
                yield from rows_at(moment, table, case)
    if trace.ended:
        for table in trace.state.tables.values():
            if not table.unread:
                yield from rows_in_the_end(table, case, trace)


ASKED_AFTER = {"queued": (QUEUE,), "started": (QUEUE,), "stored": (QUEUE, TASKS), "died": (QUEUE, TASKS)}
"""Kind of event → the tables that are asked for after it."""


def is_of_cluster(step: Step) -> bool:
    """Return whether a step is about a task that goes through a queue."""
    return bool(step.task_label) and (step.event == "queued" or step.process != Lane.CALLER)


def rows_at(moment: StepMoment, table: Table, case: Case) -> Iterator[Question]:
    step = moment.step
    fact = Fact(
        id=id_of("rows", table.name, moment.rule, step.task_label),
        text=f"{moment.when}, how many rows does the table {code(table.name)} have?",
        key=str(table.count),
        why=f"{AFTER[step.event, table.name]} {moment.reason}".rstrip(),
        hint="Who writes into this table, who deletes from it, and has that happened yet?",
        look=f"Look at {moment.look}: the table {code(table.name)} there.",
        step=step.number,
        claim=claim_of(case, "rows", moment.rule, table.name),
    )
    yield from fact.choice(each for each in wrong_at(step, table) if each.text != "-1")


AFTER = {
    ("queued", QUEUE): "Queueing writes a row, and a row stays until its task is acknowledged.",
    (
        "started",
        QUEUE,
    ): "Beginning a task deletes nothing: its row stays in the queue until it is acknowledged.",
    ("stored", QUEUE): "The outcome is written first. A row is deleted from the queue only when it is acknowledged.",
    ("stored", TASKS): "A Task row belongs to a task: its first outcome writes it, later ones change it.",
    ("died", QUEUE): "Nobody acknowledges the task of a dead process, so its row stays.",
    ("died", TASKS): "A dead process hands on no outcome, so no row is written for it.",
}


def wrong_at(step: Step, table: Table) -> Iterator[Option]:
    count = table.count
    less, more = str(count - 1), str(count + 1)
    match step.event, table.name:
        case "queued", _:
            yield Option(less, "A worker that begins the task doesn't take its row away.", "enqueued-is-started")
            yield Option(more, "Each task that waits has one row.")
        case "started", _:
            yield Option(
                less, "Its row stays while it is executed. Otherwise the queue couldn't repeat it.", "exactly-once"
            )
            yield Option(more, "Each task that isn't acknowledged has one row.")
        case "stored", "OrmQ":
            failed = not step.payload.get("success")
            name = "exactly-once" if failed else ""
            yield Option(less, "It is not acknowledged at this step, so its row is still there.", name)
            yield Option(
                more,
                "An outcome queues nothing. It is the task's own row that may be delivered again.",
                "retry-after-failure",
            )
        case "stored", _:
            yield Option(more, "Executions have no rows of their own.", "attempts-are-executions")
            failed = not step.payload.get("success")
            yield Option(less, "This step has written the row.", "none-is-unfinished" if failed else "")
        case "died", "OrmQ":
            yield Option(less, "Nobody has acknowledged its task.", "exactly-once")
        case "died", _:
            yield Option(more, "The death of a process is no outcome of its task.", "max-attempts-stops-crashes")


def rows_in_the_end(table: Table, case: Case, trace: Trace) -> Iterator[Question]:
    tasks, executions = len(trace.tasks), len(trace.executions)
    successes = sum(any(one.success for one in each.outcomes) for each in trace.tasks)
    fact = Fact(
        id=id_of("rows", table.name, "end"),
        text=f"How many rows does the table {code(table.name)} have at the end of the run?",
        key=str(table.count),
        why=in_the_end(table, tasks, executions),
        hint="What does one row stand for: a task, an execution, or what an execution did?",
        look=f"Look at the table {code(table.name)} at the last step.",
        step=trace.steps[-1].number if trace.steps else None,
        claim=claim_of(case, "rows", argument=table.name),
    )
    by_tasks = any(each.table == table.name and each.task for each in trace.histories.writes)
    if table.name == TASKS and table.count == tasks == executions > MOST_PLAIN:
        return
    if table.name == QUEUE:
        wrong = [
            Option(str(tasks), "An acknowledged task has no row in the queue."),
            Option("0", "What nobody has acknowledged stays there.", "exactly-once"),
            Option(str(table.count + 1), "No other row is left."),
        ]
    elif table.name == TASKS:
        wrong = [
            Option(str(tasks), "Not every task keeps a row of its own.", "rows-last"),
            Option(str(executions), "Executions have no rows of their own.", "attempts-are-executions"),
            Option("0", "Outcomes are kept in the table, not handed to the program.", "returns-the-result"),
            Option(str(table.count + 1), "No other row is left."),
        ]
    else:
        wrong = [
            Option(str(tasks), "That is the number of tasks.", "exactly-once" if by_tasks else ""),
            Option(
                str(successes),
                "That is the number of tasks with a stored success.",
                "success-is-right" if by_tasks else "",
            ),
            Option(str(executions), "That is the number of executions."),
            Option(str(table.count + 1), "Nobody has written another row."),
        ]
        yield from fact.cell(wrong, "Rows")
        return
    yield from fact.choice(wrong)


def in_the_end(table: Table, tasks: int, executions: int) -> str:
    match table.name:
        case "OrmQ" if table.count:
            return "Nobody has acknowledged what is left there."
        case "OrmQ":
            return "Every task that was queued is acknowledged, and its row is deleted with that."
        case "Task" if table.count < tasks:
            return f"Of {counted(tasks, 'task')}, not every one has a row that is still there."
        case "Task":
            return (
                f"A row belongs to a task, however often that is executed: here {counted(tasks, 'task')}"
                f" and {counted(executions, 'execution')}."
            )
    return f"It has what was written and not undone, in {counted(executions, 'execution')}."
