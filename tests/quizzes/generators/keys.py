"""The keys of generated questions, found again in the events of a run by other code than that of the trace.

Only where to look is taken from the trace: the event of a step, and the id of the task that is called so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tutor.checking.recount import Recount
from tutor.lessons.lesson import Lesson
from tutor.protocol.row_changes import apply
from tutor.quizzes.answers import options_of, rights_of
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.question import Question
from tutor.quizzes.words import simplified
from tutor.trace.model import RecordedEvent, Step, Trace

CODE = re.compile(r"`([^`]*)`")


@dataclass(frozen=True)
class Told:
    """A run as its events tell it, and a question about it."""

    lesson: Lesson
    trace: Trace
    events: Sequence[RecordedEvent]
    question: Question

    @property
    def step(self) -> Step:
        assert self.question.step
        return self.trace.steps[self.question.step - 1]

    @property
    def event(self) -> RecordedEvent:
        return self.events[self.step.event_number - 1]

    @property
    def named(self) -> list[str]:
        """What stands as code in the question."""
        return CODE.findall(self.question.text)

    @property
    def task(self) -> str:
        """The id of the task that the question names first."""
        return next(each.id for name in self.named for each in self.trace.tasks if each.label == name)

    def of_kind(self, kind: str, task: str = "", before: int | None = None) -> list[RecordedEvent]:
        return [
            each
            for each in self.events
            if each.kind == kind and task in ("", each.payload.get("task")) and (before is None or each.number < before)
        ]

    def label(self, task: str) -> str:
        return self.trace.histories.tasks[task].label


def status(told: Told) -> str:
    return Recount(told.events[: told.event.number]).status(told.step.task)


def executions(told: Told) -> str:
    return str(len(told.of_kind("started", "" if "of all tasks" in told.question.text else told.task)))


def attempts(told: Told) -> str:
    return str(told.of_kind("stored", told.task)[-1].payload["attempt_count"])


def rows(told: Told) -> str:
    if "Is the row of" in told.question.text:
        return "Gone" if told.of_kind("acknowledged", told.task, told.event.number + 1) else STILL_THERE
    table = told.named[-1]
    last = len(told.events) if "at the end" in told.question.text else told.event.number
    snapshot: Mapping[str, Any] = {}
    for each in told.events[:last]:
        if each.payload.get("rows"):
            snapshot = apply(snapshot, each.payload["rows"])
    return str(snapshot[table]["count"])


STILL_THERE = "Yes, as nobody has acknowledged it"


def printed(told: Told) -> str:
    lines = [each.payload["text"].strip() for each in told.of_kind("printed")]
    if "How many" not in told.question.text:
        return ", ".join(f"“{each}”" for each in lines)
    asked = re.search("times is “(.*)” printed", told.question.text)
    assert asked
    return str(lines.count(asked[1]))


def result(told: Told) -> str:
    stored = told.event.payload
    return f"`{stored['result']}`" if stored["success"] else "The error, as text"


WHO = {"caller": "The program", "worker": "A worker"}


def who(told: Told) -> str:
    return WHO.get(told.event.lane, f"The {told.event.lane}")


def variable(told: Told) -> str:
    value = told.event.payload["locals"][told.named[-1]]
    ids = {repr(each.payload["task"]): each.payload["task"] for each in told.of_kind("queued")}
    if value.startswith("<Task"):
        return "The whole Task row"
    return f"The id of `{told.label(ids[value])}`" if value in ids else value


def again(told: Told) -> str:
    delivery, task = told.event.payload["delivery"], told.step.task
    [picked] = [each for each in told.of_kind("picked", task) if each.payload["delivery"] == delivery]
    started = told.of_kind("started", task, before=told.event.number)[-1]
    same = [
        each
        for each in told.events[started.number : picked.number]
        if each.payload.get("delivery") == started.payload["delivery"] and each.payload.get("task") == task
    ]
    if stored := [each for each in same if each.kind == "stored"]:
        how = "succeeded" if stored[-1].payload["success"] else "failed"
        return f"It had {how}, and that was stored"
    if any(each.kind in ("returned", "finished") for each in same):
        return "It was over, and nothing of it was stored"
    died = [each for each in told.of_kind("died", before=picked.number) if each.payload["died_pid"] == started.pid]
    return "It had died with its worker" if died else "It was still at work"


def overlap(told: Told) -> str:
    tasks = [each.id for name in told.named for each in told.trace.tasks if each.label == name]
    starts = sorted((each for task in tasks for each in told.of_kind("started", task)), key=lambda each: each.number)
    together = any(second.at < end_of(first, told) for first, second in pairwise(starts))
    return "Yes, in two processes" if together else "No, one after the other"


def end_of(started: RecordedEvent, told: Told) -> float:
    """Return when an execution was over: by a result, or by the death of its process."""
    for each in told.events[started.number :]:
        same = each.payload.get("task") == started.payload["task"] and each.pid == started.pid
        if same and each.kind == "finished" and each.payload.get("delivery") == started.payload["delivery"]:
            return each.at
        if each.kind == "died" and each.payload["died_pid"] == started.pid:
            return each.at
    return float("inf")


def reach(told: Told) -> str:
    [end] = told.of_kind("program_ended")
    return (
        "It ends in another exception, of its own" if end.payload["error"] else "It isn't affected, and runs to its end"
    )


def first(told: Told) -> str:
    kind = "started" if "begun" in told.question.text else "stored"
    seen: dict[str, int] = {}
    for each in told.of_kind(kind):
        seen.setdefault(each.payload["task"], each.number)
    choose = min if "first?" in told.question.text else max
    return f"`{told.label(choose(seen, key=lambda task: seen[task]))}`"


def arguments(told: Told) -> str:
    return f"`{told.of_kind('started', told.step.task)[0].payload['args']}`"


def stopped(told: Told) -> str:
    if told.of_kind("stored", told.task):
        return "It is executed to its end, and that is stored"
    if not told.of_kind("started", told.task):
        return "No worker begins it"
    done = told.of_kind("finished", told.task)
    return "It is executed to its end, and nothing of that is stored" if done else "It is begun, and broken off"


def stays(told: Told) -> str:
    events = [*told.of_kind("stored", told.task), *told.of_kind("deleted", told.task)]
    if not events:
        return "No: none was ever written"
    last = max(events, key=lambda each: each.number)
    return "Yes: its outcome stays" if last.kind == "stored" else "No: it was written, and deleted later"


def scheduled(told: Told) -> str:
    return str(sum(each.lane == "sentinel" for each in told.of_kind("queued")))


def death(told: Told) -> str:
    later = [each for each in told.of_kind("started", told.task) if each.number > told.event.number]
    return "It is executed again, from its beginning" if later else OF_STAYING


OF_STAYING = "Its row stays in the queue, and it isn't executed again"


def place(told: Told) -> str:
    """Return the line at which the program stayed longest, whatever held it there."""
    caller = [each for each in told.events if each.lane == "caller"]
    stays: dict[int, float] = defaultdict(float)
    line = None
    for each, following in pairwise(caller):
        if each.kind == "line" and each.payload["file"] == "program.py":
            line = each.payload["line"]
        if line:
            stays[line] = max(stays[line], following.at - each.at)
    longest = max(stays, key=lambda number: stays[number])
    numbers = [int(each.text.split(" · ")[0].rpartition(":")[2]) for each in options_of(told.question)]
    # A statement begins at the last of these lines that isn't below the line of the event.
    begins = max(number for number in numbers if number <= longest)
    return next(each.text for each, number in zip(options_of(told.question), numbers, strict=True) if number == begins)


def times(told: Told) -> str:
    """Return what lies nearest to a time in the row: to `started`, or to the ends of what `time_taken()` counts."""
    stored = told.event
    started, stopped = (stored.at - stored.payload[f"{name}_ago_ns"] for name in ("started", "stopped"))
    task = stored.payload["task"]
    begun = [each.at for each in told.of_kind("started", task)]
    ends = [end_of(each, told) for each in told.of_kind("started", task)]
    queued = (told.of_kind("uncommitted", task) or told.of_kind("queued", task))[0].at
    marks = {queued: "When it was queued", begun[0]: "When a worker began it"}
    marks |= {ends[0]: "When its function came to its end", stored.at: "When its outcome was stored"}
    if "Which moment" in told.question.text:
        return marks[min(marks, key=lambda at: abs(at - started))]
    is_queue = min([queued, *begun], key=lambda at: abs(at - started)) == queued
    nth = ends.index(min(ends, key=lambda at: abs(at - stopped)))
    if len(begun) > 1:
        return f"From the {'queueing' if is_queue else 'beginning'} to the end of the {ORDINALS[nth]} execution"
    return "How long it waited and was executed" if is_queue else "How long it was executed"


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


FINDERS: Mapping[str, Callable[[Told], str]] = {
    each.__name__: each
    for each in (
        *(status, executions, attempts, rows, printed, result, who, variable, again, overlap),
        *(reach, first, arguments, stopped, stays, scheduled, death, place, times),
    )
}


def wrong_keys(
    lesson: Lesson, trace: Trace, events: Sequence[RecordedEvent], questions: Sequence[Question]
) -> Iterator[str]:
    """Yield the questions whose key isn't what the events say, or that have more than one right answer."""
    for each in questions:
        told = Told(lesson, trace, events, each)
        if isinstance(each, Order):
            expected = pairs_of(told, each)
            if each.before != expected:
                yield f"{each.id}: {sorted(each.before)}, by the events {sorted(expected)}"
            continue
        found = simplified(FINDERS[each.id.split("-")[1]](told))
        right = [simplified(option.text) for option in rights_of(each)]
        same = [option for option in options_of(each) if simplified(option.text) == found]
        if right != [found] or len(same) != 1:
            yield f"{each.id}: {right}, by the events {found}; right ones: {len(same)}"


def pairs_of(told: Told, question: Order) -> frozenset[tuple[int, int]]:
    """Return the pairs of items of which the events cause the first before the second."""
    found = [event_of(each.text, told) for each in question.items]
    after = {each.number: reached_from(each, told) for each in found}
    indexes = range(len(found))
    pairs = {(i, j) for i in indexes for j in indexes if found[j].number in after[found[i].number]}
    texts = [each.text for each in question.items]
    pairs |= {(i, j) for i in indexes for j in indexes if texts[j] == f"{texts[i]} once more"}
    pairs |= {(i, j) for i in indexes for j in indexes if are_apart(found[i], texts[i], found[j], texts[j])}
    return frozenset((i, j) for i in indexes for j in leads_to(i, pairs))


def leads_to(index: int, pairs: set[tuple[int, int]]) -> set[int]:
    """Return the items that come after one by some pairs, one after another."""
    following = {j for i, j in pairs if i == index}
    return following.union(*(leads_to(each, pairs) for each in following))


def are_apart(one: RecordedEvent, text: str, other: RecordedEvent, other_text: str) -> bool:
    """Return whether the lock of a row decides that `one` comes first: of a second execution and something else."""
    return any(each.endswith("once more") for each in (text, other_text)) and other.at - one.at >= 300e6


def event_of(text: str, told: Told) -> RecordedEvent:
    """Return the event that an item tells of."""
    named = CODE.findall(text)
    task = next((each.id for each in told.trace.tasks if [each.label] == named), told.task)
    if "into the queue" in text:
        return told.of_kind("queued", task)[0]
    if " begins " in text:
        return told.of_kind("started", task)[1 if text.endswith("once more") else 0]
    if " stores " in text:
        return told.of_kind("stored", task)[0]
    if "deletes the row" in text:
        return told.of_kind("acknowledged", task)[0]
    if "calls the hook" in text:
        return next(each for each in told.of_kind("printed") if each.lane == "monitor")
    return next(each for each in told.events if reads(each, task, told))


def reads(event: RecordedEvent, task: str, told: Told) -> bool:
    """Return whether a process has read a Task row of the task that another one has saved."""
    return any(
        id == task
        and any(saved_as(stored, attempt, event) for stored in told.of_kind("stored", task, event.number + 1))
        for id, attempt in event.payload.get("read") or ()
    )


def saved_as(stored: RecordedEvent, attempt: int, reader: RecordedEvent) -> bool:
    return stored.payload.get("attempt_count", 1) == attempt and stored.pid != reader.pid


def reached_from(event: RecordedEvent, told: Told) -> set[int]:
    """Return the numbers of the events that `event` comes before by what causes what."""
    edges = edges_of(told)
    found: set[int] = set()
    left = [event.number]
    while left:
        for number in edges[left.pop()]:
            if number not in found:
                found.add(number)
                left.append(number)
    return found


def edges_of(told: Told) -> dict[int, set[int]]:
    """Return event → the events that follow from it at once: the next one of its process, and hand-overs."""
    edges: dict[int, set[int]] = defaultdict(set)
    last: dict[int, int] = {}
    for each in told.events:
        if each.pid in last:
            edges[last[each.pid]].add(each.number)
        last[each.pid] = each.number
        for cause in causes_of(each, told):
            edges[cause.number].add(each.number)
    return edges


def causes_of(event: RecordedEvent, told: Told) -> Iterator[RecordedEvent]:
    """Yield the events of other processes that handed over what `event` shows to be received."""
    task, delivery = event.payload.get("task", ""), event.payload.get("delivery")
    match event.kind:
        case "gate":
            [gate] = [each for each in told.lesson.content.gates if each.name == event.payload["name"]]
            begun = told.of_kind("started", before=event.number) if gate.until.event == "started" else []
            yield from (each for each in begun[:1] if gate.until.when.matches(each.kind, each.lane, each.payload))
        case "picked":
            yield from told.of_kind("queued", task, event.number)[:1]
        case "started":
            yield from (each for each in told.of_kind("picked", task) if each.payload["delivery"] == delivery)
        case "stored" | "acknowledged":
            executed = event.payload.get("result_of") or task
            own = [each for each in told.of_kind("finished", executed, event.number) if each.pid != event.pid]
            before = [each for each in told.events[: event.number - 1] if each.kind in ("stored", "acknowledged")]
            taken = [
                each.payload.get("delivery")
                for each in before
                if (each.payload.get("result_of") or each.payload.get("task")) == executed
            ]
            if delivery is not None:
                yield from (each for each in own if each.payload["delivery"] == delivery and delivery not in taken)
            elif not taken:
                yield from own[:1]
    for id, attempt in event.payload.get("read") or ():
        stored = [each for each in told.of_kind("stored", id, event.number) if saved_as(each, attempt, event)]
        yield from stored[-1:]
