"""The projector: applies the events of a run, one after the other, through the rules of its lesson."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tutor.lessons.format.steps import StepRule
from tutor.lessons.lesson import Lesson
from tutor.lessons.prose import without_claims
from tutor.lessons.templating import fill

from .code_path import CodePath
from .executions import Executions
from .flow_path import FlowPath
from .model import Notice, RecordedEvent, RunEnd, Step, Trace, TraceState
from .notices import notice_text
from .rules import Rules
from .tables import Tables
from .tracker import Tracker, brief

MODULE = "<module>"
"""Python's name for the function that the top-level lines of a program are in."""


def project(lesson: Lesson, events: Iterable[RecordedEvent]) -> Trace:
    """Return the trace of `events`, in order of number from 1, by the rules of `lesson`."""
    projector = Projector(lesson)
    for event in events:
        projector.add(event)
    return projector.trace()


class Projector:
    """The state after the events added so far. Add them in order of number; `trace` may be called at any time."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.rules = Rules(lesson)
        self.tracker = Tracker(lesson.content.variables)
        self.flow = FlowPath(lesson.content.flow)
        self.code = CodePath()
        self.executions = Executions()
        self.start = TraceState(variables=dict(self.tracker.values))
        self.steps: list[Step] = []
        self.knobs: Mapping[str, Any] = {}
        self.processes: dict[tuple[str, int], None] = {}
        """The keys, in order of appearance, are (role, pid)."""
        self.tables = Tables()
        self.printed = ""
        self.notices: list[Notice] = []
        self.ended: RunEnd | None = None
        self.last: RecordedEvent | None = None

    def add(self, event: RecordedEvent) -> None:
        """Apply the next event."""
        self.last = event = self.tables.add(event)
        if event.lane != "host":
            self.processes.setdefault((event.lane, event.pid))
        self.apply(event)
        if text := notice_text(event, self.lesson):
            self.notices.append(Notice(event.kind, text, event.lane, event.pid, milliseconds(event)))
        for node in self.rules.nodes_of(event):
            self.flow.enter(node)
        if rule := self.rules.step_of(event):
            self.add_step(rule, event)

    def apply(self, event: RecordedEvent) -> None:
        """Apply what the event's kind means to the parts of the trace."""
        payload = event.payload
        match event.kind:
            case "asked":
                self.knobs = self.lesson.knob_texts(payload["knobs"])
            case "line":
                self.code.add_line(event)
                if event.lane == "caller" and payload.get("function") == MODULE:
                    self.tracker.read_program(payload["locals"])
            case "program_ended":
                self.code.leave(event.pid)
                self.tracker.read_program(payload["locals"])
            case "started":
                self.executions.start(event)
            case "finished":
                if event.lane == "worker":
                    self.code.leave(event.pid)
                self.executions.finish(event)
            case "died":
                self.executions.end_with_process(event)
            case "printed":
                self.printed += payload["text"]
            case "ended":
                self.ended = RunEnd(payload["outcome"], payload["reason"], event.at / 1e6)

    def add_step(self, rule: StepRule, event: RecordedEvent) -> None:
        """Add the step that `rule` makes from `event`."""
        before = self.steps[-1] if self.steps else None
        names = {
            "knob": self.knobs,
            "event": event.payload,
            "var": dict(self.tracker.values),
            "process": event.lane,
            "pid": event.pid,
        }
        self.tracker.fill(rule.set, names)
        names["var"] = dict(self.tracker.values)
        if rule.node:
            self.flow.enter(rule.node)
        step = Step(
            number=len(self.steps) + 1,
            event=event.kind,
            event_number=event.number,
            payload=event.payload,
            process=event.lane,
            pid=event.pid,
            at_ms=milliseconds(event),
            closing=self.lesson.closing_line(rule.id, names),
            state=self.state_after(before.state if before else self.start),
            **step_texts(rule, names, before),
        )
        self.steps.append(step)

    def state_after(self, before: TraceState) -> TraceState:
        """Return the current state; `before` is that of the previous step, to find what has changed."""
        variables = dict(self.tracker.values)
        return TraceState(
            variables=variables,
            changed=frozenset(name for name, text in variables.items() if before.variables.get(name) != text),
            tables=self.tables.since(before.tables),
            node=self.flow.node,
            past_nodes=frozenset(self.flow.past_nodes),
            edges=dict(self.flow.edges),
            frames=self.code.ordered_frames(),
            lines_run=frozenset(self.code.lines_run),
            printed=self.printed,
            notices=tuple(self.notices),
        )

    def trace(self) -> Trace:
        """Return the trace of the events added so far."""
        steps = tuple(self.steps)
        return Trace(
            steps=steps,
            variables=self.tracker.variables(steps),
            executions=tuple(self.executions.by_delivery.values()),
            processes=tuple(self.processes),
            start=self.start,
            state=self.state_after(steps[-1].state if steps else self.start),
            ended=self.ended,
            number=self.last.number if self.last else 0,
            at_ms=self.last.at / 1e6 if self.last else 0.0,
        )


def step_texts(rule: StepRule, names: Mapping[str, Any], before: Step | None) -> dict[str, str]:
    """Return the texts of a step by their fields; a status or result that the rule leaves out is as in `before`."""
    result = fill(rule.result, names) if rule.result else ""
    return {
        "id": rule.id,
        "short": rule.short,
        "action": fill(rule.action, names),
        "status": fill(rule.status, names) if rule.status else before.status if before else "None",
        "result": brief(result) if result else before.result if before else "None",
        "full_result": result if result and result != brief(result) else "",
        "note": fill(without_claims(rule.note), names),
        "sentence": fill(without_claims(rule.say), names),
    }


def milliseconds(event: RecordedEvent) -> float:
    """Return the milliseconds from the request of the lab to the event, to the microsecond."""
    return round(event.at / 1e6, 3)
