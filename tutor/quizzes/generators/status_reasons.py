"""Why a task has its status after a step, and why it hasn't another one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option
from tutor.trace.histories import ABSENT, Outcome, TaskHistory
from tutor.trace.model import Step

from .repeats import Settings
from .wording import capital, code, who

ERROR = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)")
"""The beginning of the last line of a traceback."""
TIMEOUT = "TimeoutException"
"""What django-q2 raises inside a function when the time limit is over."""
LONGEST_RESULT = 30
"""The maximum length of a return value in a sentence, in characters."""


@dataclass(frozen=True, slots=True)
class AtStep:
    """A task after a step that is about it."""

    step: Step
    task: TaskHistory
    settings: Settings

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that was stored last."""
        return next(
            (each for each in reversed(self.task.outcomes) if each.saved.number <= self.step.event_number), None
        )

    @property
    def is_direct(self) -> bool:
        """Whether the program executes it itself."""
        return any(each.started.lane == Lane.CALLER for each in self.task.executions)

    @property
    def storer(self) -> str:
        """Who was the first to store the last outcome, as a sentence names it. Saving the row again adds none."""
        last = self.outcome
        same = [each for each in self.task.outcomes if last and each.attempt_count == last.attempt_count]
        return who(same[0].saved.lane) if same else ""

    @property
    def has_died(self) -> bool:
        """Whether an execution has ended with its worker."""
        ends = [each.ended for each in self.task.executions if not each.finished]
        return any(each and each.number <= self.step.event_number for each in ends)

    @property
    def is_begun(self) -> bool:
        return any(each.started.number <= self.step.event_number for each in self.task.executions)

    @property
    def is_tried_later(self) -> bool:
        return any(each.started.number > self.step.event_number for each in self.task.executions)

    @property
    def has_failed_before(self) -> bool:
        return any(not each.success and each.saved.number < self.step.event_number for each in self.task.outcomes)


def why_of(at: AtStep) -> str:
    """Return why a task has its status."""
    outcome = at.outcome
    match at.step.status:
        case "Pending" if at.has_died:
            return "The dead worker has handed nothing on, and nobody has acknowledged the task: its row still waits."
        case "Pending" if at.step.event == "picked":
            return "Its row is in the queue, and no worker has begun it: the pusher has only read it."
        case "Pending" if not at.is_begun:
            return "Its row is in the queue, and no worker has begun it."
        case "Pending":
            return "Its row is in the queue, and nothing is to come of what was begun."
        case "Running" if at.step.event == "started":
            cached = bool(at.task.description.get("options", {}).get("cached"))
            left = "With `cached`, a failure goes into the cache" if cached else "What came before has left no Task row"
            return f"It has been begun, and no outcome of it is stored in a Task row. {left}."
        case "Running":
            return "It is Running from when a worker begins it until an outcome of it is stored, by the monitor."
        case "Success" if outcome:
            return why_success(at, outcome)
        case "Failed" if outcome:
            return why_failed(at, outcome)
    if at.task.rolled_back:
        return "Its row was rolled back with the rest of its transaction, so there is nothing of it."
    if at.is_direct:
        return "With `sync=True` it had no row in the queue, and its exception came up in the program, unstored."
    if at.task.deleted and at.task.deleted.number <= at.step.event_number:
        limit = at.settings.get("save_limit")
        by = f": `save_limit = {limit}` keeps no more successes than that" if limit else ""
        return f"Its row in the queue was acknowledged, and its Task row was deleted later{by}."
    if at.task.acknowledged:
        return "Its row in the queue was acknowledged, and no outcome of it was stored in a Task row."
    return "There is neither a row of it in the queue nor a Task row."


def why_success(at: AtStep, outcome: Outcome) -> str:
    what = f"returned {code(outcome.result)}" if len(outcome.result) <= LONGEST_RESULT else "returned"
    why = f"Its function has {what}. {capital(at.storer)} has stored that with success True."
    if at.step.unsettled:
        return f"{why} Once there is a Task row, that counts, whatever else goes on."
    if at.step.event in ("program_ended", "idle") and at.settings.get("save_limit") == 0:
        return f"{why} With `save_limit = 0` no success is ever pushed out."
    return why


def why_failed(at: AtStep, outcome: Outcome) -> str:
    error = error_of(outcome.result)
    if is_timeout(outcome):
        limit = at.settings.get("timeout")
        after = f"`timeout = {limit}`" if limit else "its timeout"
        why = f"After {after} an alarm raises {code(error)} inside the function."
    else:
        why = f"Its function has raised {code(error)}." if error else "Its function has raised an exception."
    why = f"{why} {capital(at.storer)} has stored that with success False."
    if at.step.event == "died":
        return f"{why} The death of a worker changes no row."
    return f"{why} That it is executed once more doesn't change the row yet." if at.step.event == "started" else why


def is_timeout(outcome: Outcome) -> bool:
    """Return whether a failure is that of a task that its time limit has ended."""
    return not outcome.success and error_of(outcome.result) == TIMEOUT


def error_of(result: str) -> str:
    """Return the name of the exception whose traceback is stored as a failure; empty if there is none."""
    lines = [each for each in result.strip().splitlines() if each and not each[0].isspace()]
    found = next((match[1] for each in reversed(lines) if (match := ERROR.match(each))), "")
    name = found.rpartition(".")[2]
    return name if len(lines) > 1 and name[:1].isupper() else ""


def option(status: str, at: AtStep) -> Option:
    """Return a wrong status, with what there is to say of it, and what somebody believes who would give it."""
    why, misconception = {"Pending": pending, "Running": running, "Success": success, "Failed": failed}.get(
        status, absent
    )(at)
    return Option(status, why, misconception)


def pending(at: AtStep) -> tuple[str, str]:
    match at.step.status:
        case "Running":
            return "A worker has begun it. Pending is only what nobody has begun.", ""
        case "Failed":
            return f"{tried_again(at)} An outcome is stored, and that is its status.", "retry-after-failure"
        case "Success":
            return "An outcome of it is stored. Pending is only what waits, with nothing stored.", ""
    return "The queue has no row for it.", ""


def tried_again(at: AtStep) -> str:
    """Return whether a task that has failed is tried again."""
    outcome, limit = at.outcome, at.settings.get("max_attempts") or 0
    if at.step.event == "started":
        return "It doesn't wait: it is being tried again."
    if at.is_tried_later:
        return "It is tried again, but only later."
    if outcome and limit and outcome.attempt_count >= limit:
        return f"It isn't tried again, as this was attempt {outcome.attempt_count} of `max_attempts = {limit}`."
    if at.settings.get("ack_failures") and at.task.acknowledged:
        return "It isn't tried again, as `ack_failures` has its failure acknowledged."
    return "Whether it is tried again says nothing of that."


def running(at: AtStep) -> tuple[str, str]:
    match at.step.status:
        case "Pending" if at.has_died:
            return "The process that was inside the function is gone, and no outcome is to come.", ""
        case "Pending" if at.step.event == "picked":
            return "The pusher only hands it on. No worker has entered the function yet.", "enqueued-is-started"
        case "Pending" if not at.is_begun:
            return "No worker has begun it. Queueing only writes a row.", "enqueued-is-started"
        case "Success" | "Failed" if at.step.unsettled:
            return "An execution does go on. But once there is a Task row, the status is that of the row.", ""
        case "Success" | "Failed":
            return "Running ends as soon as an outcome is stored, and one is.", ""
    return "Running means begun, and no outcome stored yet. Nothing is to come of it now.", ""


def success(at: AtStep) -> tuple[str, str]:
    match at.step.status:
        case "Failed" if at.outcome and at.outcome.saved.lane != Lane.CALLER:
            why = "Its Task row says success False. That the program saw no error says nothing of that."
            return why, "exceptions-reach-the-caller"
        case "Failed":
            return "The row says success False.", ""
        case "Pending" if at.step.event == "queued":
            return "That nothing was raised says only that the task is in the queue.", "exceptions-reach-the-caller"
        case "Running" if at.step.event in ("returned", "finished"):
            return "It takes a Task row to make that a Success, and the monitor hasn't written one yet.", ""
    if at.step.status == ABSENT and at.outcome:
        return "Success is what its Task row said, and that is deleted.", "rows-last"
    if at.step.status == ABSENT and at.task.acknowledged:
        return "Success is what a Task row says, and none was written.", ""
    return "Success needs a Task row with success True, and there is no Task row.", ""


def failed(at: AtStep) -> tuple[str, str]:
    if at.step.status == "Success":
        why = "It had failed before. The success has replaced that, in the same row."
        if at.has_failed_before:
            return why, "retry-after-failure"
        died = "The death of a worker has left nothing in the row: it is the later outcome that is stored."
        return (died, "max-attempts-stops-crashes") if at.has_died else ("The row says success True.", "")
    if at.step.status == ABSENT and at.is_direct:
        return "Where the program itself executes the task, the exception comes up and isn't stored.", "sync-is-real"
    if at.is_begun and (at.has_died or at.step.event == "started"):
        why = "A failure is an outcome that the monitor stores. Nothing is stored here: no Task row says Failed."
        return why, "max-attempts-stops-crashes"
    if at.step.event in ("returned", "finished"):
        return "It takes a Task row to make that Failed, and the monitor hasn't written one yet.", ""
    return "Failed needs a Task row with success False, and there is no Task row.", ""


def absent(at: AtStep) -> tuple[str, str]:
    match at.step.status:
        case "Success" | "Failed":
            return "Its Task row is there.", ""
        case "Running":
            return "It has been begun, and its outcome is still to come.", ""
    return "Its row in the queue is there.", ""
