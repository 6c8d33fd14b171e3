"""How many rows a table has at the end of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Execution, Write
from tutor.trace.model import Trace
from tutor.trace.state import Table

from .fact import Fact, claim_of, different, id_of
from .repeats import Settings, called, has_no_totals
from .rows import FEWEST_WRONG, QUEUE, TASKS
from .unstored import why_unstored
from .wording import code, counted, listed

MOST_NAMES = 3
"""The number of tasks that a sentence names."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the rows of each table in the end, where somebody could count something else."""
    settings = lesson.lab_settings(lesson.case_knobs(case)).get("Q_CLUSTER", {})
    for table in trace.state.tables.values() if trace.ended else ():
        if table.unread:
            continue
        if table.name == QUEUE:
            yield from in_queue(table, case, trace)
        elif table.name == TASKS:
            yield from in_tasks(table, settings, case, trace)
        elif not has_no_totals(trace):
            yield from in_other(table, case, trace)


def fact_of(table: Table, why: str, case: Case, trace: Trace) -> Fact:
    return Fact(
        id=id_of("rows", table.name, "end"),
        text=f"How many rows does the table {code(table.name)} have at the end of the run?",
        key=str(table.count),
        why=why,
        hint="What does one row stand for: a task, an execution, or what an execution did?",
        look=f"Look at the table {code(table.name)} at the last step.",
        step=trace.steps[-1].number if trace.steps else None,
        claim=claim_of(case, "rows", argument=table.name),
    )


def in_queue(table: Table, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for what is left in the queue, if anything has gone wrong."""
    tasks, executions = len(called(trace)), len(trace.executions)
    has_failed = any(not each.success for task in trace.tasks for each in task.outcomes)
    has_died = any(each.ended and not each.finished for each in trace.executions)
    if not table.count and (not (has_failed or has_died) or any(each.delivery is None for each in trace.executions)):
        return
    left = [each.label for each in trace.tasks if each.is_queued]
    if table.count:
        why = f"Nobody has acknowledged {names_of(left)}: what isn't acknowledged stays there."
    else:
        why = "In the end each task was acknowledged, and its row was deleted with that."
    fact = fact_of(table, why, case, trace)
    belief = "retry-after-failure" if has_failed else ""
    wrong = [
        Option("0", why, "exactly-once"),
        Option(str(tasks), "An acknowledged task has no row in the queue.", belief),
        Option("1", "A failure or a death leaves a row there only until its task is acknowledged.", "exactly-once"),
        Option(str(executions), "An execution has no row of its own: the row that is there is delivered again."),
        Option(str(table.count + 1), "Nothing else is left that isn't acknowledged."),
    ]
    if len(different(fact.key, wrong)) >= FEWEST_WRONG and (table.count or executions > 1):
        yield from fact.choice(wrong)


def in_tasks(table: Table, settings: Settings, case: Case, trace: Trace) -> Iterator[Question]:
    tasks, executions = len(trace.tasks), len(trace.executions)
    if table.count == tasks == executions or tasks != len(called(trace)):
        return
    if table.count < tasks:
        why = " ".join(missing(trace, settings))
    else:
        here = f"here {counted(tasks, 'task')} and {counted(executions, 'execution')}"
        why = f"A row belongs to a task, however often that is executed: {here}."
    fact = fact_of(table, why, case, trace)
    wrong = [
        Option(str(tasks), why, "rows-last" if any(each.deleted for each in trace.tasks) else ""),
        Option(str(executions), "Executions have no rows of their own.", "attempts-are-executions"),
        Option("0", "Outcomes are kept in the table, not handed to the program.", "returns-the-result"),
        Option(str(table.count + 1), "No other outcome has a row there."),
    ]
    if len(different(fact.key, wrong)) >= FEWEST_WRONG:
        yield from fact.choice(wrong)


def missing(trace: Trace, settings: Settings) -> Iterator[str]:
    """Yield why tasks have no Task row in the end, as sentences."""
    if deleted := [each.label for each in trace.tasks if each.deleted]:
        yield f"The row of {names_of(deleted)} was deleted later, to keep the table short."
    if waiting := [each.label for each in trace.tasks if not each.outcomes and not each.executions]:
        yield f"No worker has begun {names_of(waiting)}, and without an outcome there is no row."
    if unstored := [each for each in trace.tasks if not each.outcomes and each.executions]:
        yield f"Nothing of {names_of([each.label for each in unstored])} was stored{why_unstored(unstored, settings)}."


def names_of(labels: list[str]) -> str:
    """Return the names of some tasks, or their number if there are many; at least one is taken to be there."""
    if 0 < len(labels) <= MOST_NAMES:
        return listed([code(each) for each in labels])
    return counted(len(labels), "task") if labels else "the rest"


def in_other(table: Table, case: Case, trace: Trace) -> Iterator[Question]:
    if not is_written_by_each(table, trace):
        return
    tasks, executions = len(called(trace)), len(trace.executions)
    successes = sum(any(one.success for one in each.outcomes) for each in trace.tasks)
    if table.count == executions:
        why = f"Each of the {executions} executions has left a row. The database doesn't know that a task is repeated."
    else:
        why = "An execution that finds the row of an earlier one, or is rolled back, leaves none of its own."
    stored = "That is the number of tasks with a stored success."
    wrong = [
        Option(str(tasks), f"That is the number of tasks. {why}", "exactly-once"),
        Option(str(successes), stored, "success-is-right"),
        Option(str(executions), f"That is the number of executions. {why}"),
        Option(str(table.count + 1), "Nobody has written another row."),
    ]
    yield from fact_of(table, why, case, trace).cell(wrong, "Rows")


def is_written_by_each(table: Table, trace: Trace) -> bool:
    """Return whether each of several executions has written to a table, and nobody else has."""
    writes = [each for each in trace.histories.writes if each.table == table.name]
    by_tasks = len(trace.executions) > 1 and all(each.task for each in writes)
    return by_tasks and all(has_written(each, writes) for each in trace.executions)


def has_written(execution: Execution, writes: Iterable[Write]) -> bool:
    own = [each.point.number for each in writes if (each.task, each.point.pid) == (execution.task, execution.pid)]
    end = execution.ended.number if execution.ended else max(own, default=0)
    return any(execution.started.number < number <= end for number in own)
