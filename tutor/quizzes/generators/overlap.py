"""Whether two executions go on at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tutor.lessons.claims import subject_of
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.claim_evaluation import executions_of, observed_value
from tutor.trace.histories import Execution, TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .wording import code, ordinal

TOGETHER = "Yes, in two processes"
APART = "No, one after the other"
ONE_PROCESS = "Yes, in one process"
ONCE = "No, as it is executed once only"
Named = tuple[Execution, int]
"""An execution and its number among those of its task, from 1."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask of two executions that begin one after the other whether both go on at a time.

    They are of one task, or of two that are executed once, the second of which was queued before the first was over.
    """
    if not trace.ended:
        return
    nth: Counter[str] = Counter()
    found: list[Named] = []
    for each in trace.executions:
        nth[each.task] += 1
        found.append((each, nth[each.task]))
    for one, other in pairwise(found):
        tasks = [trace.histories.tasks[each.task] for each, _ in (one, other)]
        if any(len(executions_of(trace, each.label)) != len(each.executions) for each in tasks):
            continue  # A claim can't name these executions: others are called so, too.
        if tasks[0] is tasks[1] or (nth[tasks[0].id] == nth[tasks[1].id] == 1 and waits(tasks[1], one[0])):
            yield from both_at_once(one, other, tasks[0].label, tasks[1].label, case, trace)


def waits(task: TaskHistory, execution: Execution) -> bool:
    """Return whether a task was in the queue before an execution was over."""
    return bool(task.queued and execution.ended and task.queued.number < execution.ended.number)


def both_at_once(
    one: Named, other: Named, label: str, other_label: str, case: Case, trace: Trace
) -> Iterator[Question]:
    same = label == other_label
    names = [f"{label}#{one[1]}", f"{other_label}#{other[1]}"] if same else [label, other_label]
    claim = claim_of(case, "overlap", argument=",".join(names))
    observed = observed_value(subject_of(claim), trace)
    if observed is None or any("," in each or each.count("#") > 1 for each in names):
        return
    key = TOGETHER if observed == "overlap" else APART
    fact = Fact(
        id=id_of("overlap", *names),
        text=f"Do the {ordinal(one[1])} and the {ordinal(other[1])} execution of {code(label)} go on at the same time?"
        if same
        else f"Are {code(label)} and {code(other_label)} executed at the same time?",
        key=key,
        why="Each worker does what it is handed, whatever the others are doing."
        if key == TOGETHER
        else "The later one begins when the earlier one is over.",
        hint="How many workers are free when the second one is handed out?",
        look="Look at the lanes of the workers in the timeline.",
        step=next((each.number for each in trace.steps if each.event_number == other[0].started.number), None),
        claim=claim,
    )
    yield from fact.choice(wrong_of(key, same=same))


def wrong_of(key: str, *, same: bool) -> Iterator[Option]:
    if key == APART:
        yield Option(TOGETHER, "Their bars in the timeline don't overlap.", "" if same else "enqueued-is-started")
    else:
        yield Option(
            APART,
            "Their bars in the timeline overlap: the second one waits for nothing.",
            "retry-after-failure" if same else "first-in-first-out",
        )
    if same:
        yield Option(ONCE, "It is begun again, as nobody has acknowledged it in time.", "exactly-once")
    yield Option(ONE_PROCESS, "A worker does one thing at a time.")
