"""The projector: applies the events of a run, one after the other, through the rules of its lesson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from tutor.lessons.format.steps import StepRule
from tutor.lessons.lesson import Lesson

from .code_path import CodePath
from .histories import Histories, Print, TaskHistory
from .model import RecordedEvent, RunEnd, Step, Trace, milliseconds, point_of
from .notices import notice_text, whole_text
from .processes import Processes
from .rules import Rules
from .state import Notice, TraceState
from .step_texts import names_for, step_texts
from .subjects import Subjects
from .tables import Tables
from .tasks import Tasks
from .tokens import Token, Tokens
from .tracker import Tracker

T = TypeVar("T")


def project(lesson: Lesson, events: Iterable[RecordedEvent]) -> Trace:
    """Return the trace of `events`, in order of number from 1, by the rules of `lesson`."""
    projector = Projector(lesson)
    for event in events:
        projector.add(event)
    return projector.trace()


def completed(events: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
    """Yield `events` as the rules see them: with all that is known of their task, and whole pictures of the tables."""
    tasks, tables = Tasks(), Tables()
    for event in events:
        tasks.apply(event)
        yield tasks.completed(tables.add(event))


class Projector:
    """The state after the events added so far. Add them in order of number; `trace` may be called at any time."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.rules = Rules(lesson)
        self.tasks = Tasks()
        self.subjects = Subjects(self.tasks)
        self.processes = Processes()
        self.tracker = Tracker(lesson.content.variables, self.tasks)
        self.tokens = Tokens(lesson.content.flow)
        self.code = CodePath()
        self.start = TraceState(variables=dict(self.tracker.values))
        self.steps: list[Step] = []
        self.knobs: Mapping[str, Any] = {}
        self.has_own_interventions = False
        """Whether somebody has added interventions to the run. Those of a lesson's cases are aimed at no subject."""
        self.is_broken = False
        """Whether one of those has taken place."""
        self.tables = Tables()
        self.printed = ""
        self.prints: list[Print] = []
        self.notices: list[Notice] = []
        self.ended: RunEnd | None = None
        self.last: RecordedEvent | None = None

    def add(self, recorded: RecordedEvent) -> None:
        """Apply the next event."""
        self.last = recorded
        self.tasks.apply(recorded)
        event = self.tasks.completed(self.tables.add(recorded))
        self.processes.apply(event)
        self.apply(event)
        self.tracker.apply(event)
        if text := notice_text(event, self.lesson):
            notice = Notice(event.kind, text, event.lane, event.pid, milliseconds(event), whole_text(event))
            self.notices.append(notice)
        for node, owner in self.rules.nodes_of(event):
            self.light(node, owner, event)
        if rule := self.rules.step_of(event):
            self.add_step(rule, event)

    def apply(self, event: RecordedEvent) -> None:
        """Apply what the event's kind means to the code, the output and the run as a whole."""
        payload = event.payload
        match event.kind:
            case "asked":
                self.knobs = self.lesson.knob_texts(payload["knobs"])
                given = payload.get("interventions") or ()
                self.has_own_interventions = any(each.get("subject") for each in given)
            case "intervened":
                self.is_broken = self.has_own_interventions
            case "line":
                self.code.add_line(event)
            case "program_ended":
                self.code.leave(event.pid, event)
            case "finished":
                if event.lane == "worker":
                    self.code.leave(event.pid, event)
            case "died":
                self.code.leave(payload["died_pid"], event)
            case "printed":
                self.printed += payload["text"]
                self.prints.append(Print(point_of(event), payload["text"]))
            case "ended":
                self.ended = RunEnd(payload["outcome"], payload["reason"], event.at / 1e6)

    def light(self, node: str, owner: str, event: RecordedEvent, about: TaskHistory | None = None) -> Token:
        """Light `node` for the subject that `owner` means at `event`; return the subject's token."""
        subject, label = self.subjects.subject_of(event, owner, about)
        return self.tokens.light(node, subject, label, event.number)

    def add_step(self, rule: StepRule, event: RecordedEvent) -> None:
        """Add the step that `rule` makes from `event`."""
        before = self.steps[-1].state if self.steps else self.start
        names = names_for(event, self.knobs, self.tracker.values, self.processes)
        task = self.subjects.task_of(event, rule.about, names)
        names["task"] = {"label": task.label, "status": task.status, **task.description} if task else {}
        self.tracker.fill(rule.set, names)
        names["var"] = dict(self.tracker.values)
        token = self.light(rule.node, rule.token, event, task) if rule.node else None
        step = Step(
            number=len(self.steps) + 1,
            event=event.kind,
            event_number=event.number,
            payload=event.payload,
            process=event.lane,
            pid=event.pid,
            process_label=self.processes.label(event.lane, event.pid),
            at_ms=milliseconds(event),
            closing="" if self.is_broken else self.lesson.closing_line(rule.id, names),
            token=token,
            unsettled=task.unsettled if task else (),
            unstored=task.unstored if task else (),
            state=self.state_after(before),
            **step_texts(rule, names, task, is_broken=self.is_broken),
        )
        self.steps.append(step)
        self.tracker.end_step()

    def state_after(self, before: TraceState) -> TraceState:
        """Return the current state; `before` is that of the previous step, to find and to share what hasn't changed."""
        variables = self.tracker.values
        return TraceState(
            variables=shared(before.variables, dict(variables)),
            changed=frozenset(name for name, text in variables.items() if before.variables.get(name) != text),
            tables=shared(before.tables, self.tables.since(before.tables)),
            node=self.tokens.node,
            past_nodes=shared(before.past_nodes, frozenset(self.tokens.past_nodes)),
            edges=shared(before.edges, dict(self.tokens.edges)),
            tokens=shared(before.tokens, tuple(self.tokens.all)),
            processes=tuple(self.processes.by_pid.values()),
            frames=shared(before.frames, self.code.ordered_frames()),
            lines_run=self.code.lines_run,
            printed=self.printed,
            notices=shared(before.notices, tuple(self.notices)),
        )

    def trace(self) -> Trace:
        """Return the trace of the events added so far."""
        number = self.last.number if self.last else 0
        before = self.steps[-1].state if self.steps else self.start
        is_step = bool(self.steps) and self.steps[-1].event_number == number
        return Trace(
            steps=tuple(self.steps),
            variables=self.tracker.variables(),
            histories=Histories(
                dict(self.tasks.by_id),
                tuple(self.tasks.messages),
                dict(self.tables.counts),
                tuple(self.prints),
                tuple(self.tables.writes),
            ),
            code=self.code.history(),
            start=self.start,
            state=before if is_step else self.state_after(before),
            ended=self.ended,
            number=number,
            at_ms=self.last.at / 1e6 if self.last else 0.0,
        )


def shared(before: T, now: T) -> T:
    """Return `before` if it equals `now`, so that a long run doesn't keep both."""
    return before if before == now else now
