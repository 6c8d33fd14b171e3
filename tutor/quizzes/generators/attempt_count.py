"""What `attempt_count` says in the Task row of a task."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .repeats import deaths, has_no_totals
from .wording import code, counted, listed


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the attempts that the row of each task counts, unless the end of the run cuts them off."""
    if has_no_totals(trace):
        return
    for moment in moments(lesson, case, trace):
        task = trace.histories.tasks.get(moment.step.task)
        if task and task.outcomes and task.outcomes[-1].saved.number == moment.step.event_number:
            yield from attempts_of(task, moment, case)


def attempts_of(task: TaskHistory, moment: StepMoment, case: Case) -> Iterator[Question]:
    count, executions = task.outcomes[-1].attempt_count, len(task.executions)
    if not executions or executions == count == 1:
        return
    fact = Fact(
        id=id_of("attempts", task.label),
        text=f"What is `attempt_count` in the Task row of {code(task.label)} in the end?",
        key=str(count),
        why=why_of(task),
        hint="Which executions leave something in the Task table?",
        look=f"Look at {moment.look} and at the Task table there.",
        step=moment.step.number,
        claim=claim_of(case, "event", moment.rule, "attempt_count"),
    )
    wrong = [
        Option(str(executions), "That is the number of executions.", "attempts-are-executions"),
        Option(str(len(task.deliveries)), "That is the number of deliveries.", "attempts-are-executions"),
        Option("1", "Each stored failure counts, not only the outcome that comes last.", "exactly-once"),
        Option("0", "The first outcome that is stored counts as one."),
        Option(str(count + 1), "Nothing else of it is stored."),
    ]
    yield from fact.cell(wrong, "attempt_count")


def why_of(task: TaskHistory) -> str:
    failures = sum(not each.success for each in task.outcomes)
    stored = [counted(failures, "failure")] if failures else []
    stored += ["the first success"] if any(each.success for each in task.outcomes) else []
    dropped = "A second success is dropped." if any(each.is_dropped for each in task.executions) else ""
    return " ".join(filter(None, (f"It counts what is stored: {listed(stored)}.", deaths(task), dropped)))
