"""The steps of a run as questions name them, such as "When a worker has begun `mail` for the second time"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.trace.model import Step, Trace

from .wording import again, code, ordinal, source_of, who

MOST_NAMED = 99
"""The last step of a rule that a claim can name."""
OTHERWISE_QUEUED = ("async_chain(", "async_iter(", "schedule(", "atomic(")


@dataclass(frozen=True, slots=True)
class StepMoment:
    """A step, and how a question and a claim name the moment after it."""

    step: Step
    when: str
    """The beginning of a sentence, without a comma."""
    rule: str
    """The step in a claim, such as "stored" or "stored#2"."""

    @property
    def look(self) -> str:
        """Where a hint sends the learner."""
        return f"the step “{self.step.action}”"


def moments(lesson: Lesson, case: Case, trace: Trace) -> list[StepMoment]:
    """Return the steps of a run that a question can name, and no other step is named alike."""
    found = list(named(lesson, case, trace))
    times = Counter(each.when for each in found)
    return [each for each in found if times[each.when] == 1]


def named(lesson: Lesson, case: Case, trace: Trace) -> Iterator[StepMoment]:
    made: Counter[str] = Counter()
    happened: Counter[str] = Counter()
    for step in trace.steps:
        made[step.id] += 1
        text = text_of(step, lesson, case, trace)
        happened[text] += 1
        if text and made[step.id] <= MOST_NAMED:
            nth = made[step.id]
            rule = step.id if nth == 1 else f"{step.id}#{nth}"
            yield StepMoment(step, f"{text}{again(happened[text])}", rule)


def text_of(step: Step, lesson: Lesson, case: Case, trace: Trace) -> str:
    """Return what has happened, as the beginning of a sentence; empty if there are no words for it."""
    doer = who(step.process)
    if step.event == "line":
        source = source_of(step, lesson, case)
        verb = "has run" if step.payload.get("ran") else "has come to"
        return f"When {doer} {verb} {code(source)}" if source else ""
    if step.event == "died":
        place = f" while executing {code(step.task_label)}" if step.task_label else ""
        return f"When {who(str(step.payload.get('process') or 'process'))} has died{place}"
    if step.event in OF_RUN:
        return OF_RUN[step.event]
    return text_of_task(step, doer, lesson, trace) if step.task_label else ""


OF_RUN = {"program_ended": "When the program is over", "idle": "When nothing is left to do"}
"""Kind of event → its moment, for those that are about the whole run."""


def text_of_task(step: Step, doer: str, lesson: Lesson, trace: Trace) -> str:
    task = code(step.task_label)
    match step.event:
        case "queued" if calls_async_task(step, lesson):
            return f"When `async_task` has put {task} into the queue"
        case "queued":
            return f"When {doer} has queued {task}"
        case "uncommitted":
            return f"When {doer} has queued {task} in a transaction that is still open"
        case "rolled_back":
            return f"When the transaction in which {task} was queued is rolled back"
        case "picked":
            return f"When the pusher has handed {task} out"
        case "started":
            return f"When {doer} has begun {task}"
        case "returned":
            return f"When the function of {task} has come to its end"
        case "finished":
            return f"When {doer} is done with {task}"
        case "stored" if step.process in (Lane.MONITOR, Lane.WORKER):
            return f"When {outcome_of(step, trace)} of {task} is stored"
        case "stored":
            return f"When {doer} has saved the Task row of {task}"
        case "acknowledged":
            return f"When the row of {task} is deleted from the queue"
    return ""


def outcome_of(step: Step, trace: Trace) -> str:
    """Return "the outcome", or "the second outcome" of a task that has more than one."""
    task = trace.histories.tasks.get(step.task)
    numbers = [each.saved.number for each in task.outcomes] if task else []
    if step.event_number not in numbers:
        return "an outcome"
    return "the outcome" if len(numbers) == 1 else f"the {ordinal(numbers.index(step.event_number) + 1)} outcome"


def calls_async_task(step: Step, lesson: Lesson) -> bool:
    """Return whether the program queued the step's task by a plain call of `async_task`."""
    return step.process == Lane.CALLER and not any(each in lesson.program.text for each in OTHERWISE_QUEUED)
