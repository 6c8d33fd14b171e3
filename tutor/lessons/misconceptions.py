"""Misconceptions: what people believe of a task queue, and runs refute. Wrong options of questions name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misconception:
    """Something that people believe of a task queue, though it isn't so."""

    name: str
    """Its name on pages, in a few words."""
    belief: str
    """What somebody who believes it would say, in one sentence."""


MISCONCEPTIONS: Mapping[str, Misconception] = {
    "enqueued-is-started": Misconception(
        "enqueued = started", "When `async_task` has returned, a worker is already executing my task."
    ),
    "returns-the-result": Misconception(
        "async_task returns the result", "What my function returns comes back from `async_task`."
    ),
    "exceptions-reach-the-caller": Misconception(
        "exceptions reach the caller", "If the task raises, the program that queued it gets the exception."
    ),
    "none-is-unfinished": Misconception(
        "None = unfinished", "`result()` gives None as long as the task isn't done, and only then."
    ),
    "exactly-once": Misconception("exactly once", "A task that I queue once is executed once."),
    "retry-after-failure": Misconception(
        "retry means after a failure", "`retry` says when a task that failed is tried again; it doesn't concern others."
    ),
    "attempts-are-executions": Misconception(
        "attempt_count counts executions", "`attempt_count` says how many times the task was executed."
    ),
    "timeout-is-final": Misconception(
        "a timeout is final", "When its `timeout` is over, a task is stopped, and that is the end of it."
    ),
    "max-attempts-stops-crashes": Misconception(
        "max_attempts stops crashes",
        "Every execution counts for `max_attempts`, and the death of a worker is a failure like any other.",
    ),
    "first-in-first-out": Misconception(
        "first in, first out", "What is queued first is started first, is done first and comes first in every list."
    ),
    "more-workers-are-safe": Misconception(
        "more workers are safe", "The number of workers changes how fast tasks are done, and nothing else."
    ),
    "success-is-right": Misconception(
        "Success = the effect is right", "If a task is stored as a success, it has done what it should."
    ),
    "started-is-begun": Misconception("started = begun", "`started` in the Task row is when a worker began the task."),
    "arguments-are-shared": Misconception(
        "arguments are shared", "The task works with the very objects that I gave it, as they are when it runs."
    ),
    "chains-depend": Misconception(
        "a chain stops at a failure or passes results on",
        "Each link of a chain waits for the success of the one before, and gets its result.",
    ),
    "hooks-run-once": Misconception(
        "hooks run once, in the caller", "A hook is called once, when its task is done, in the program that queued it."
    ),
    "sync-is-real": Misconception("sync = real", "What I see with `sync=True` is what happens with a real cluster."),
    "schedules-are-punctual": Misconception(
        "schedules are punctual", "A schedule queues one task at each of its times; what was missed is missed."
    ),
    "sigterm-is-graceful": Misconception(
        "SIGTERM is graceful", "After SIGTERM a cluster finishes what it is doing and takes no more."
    ),
    "rows-last": Misconception("rows last for ever", "A stored result stays in its row until I delete it."),
}
"""The name in `lesson.toml` → the misconception."""
