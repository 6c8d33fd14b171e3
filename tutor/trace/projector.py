"""The fold behind the trace: one event after the other, through the lesson's rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tutor.lessons.format.patterns import Pattern
from tutor.lessons.lesson import Lesson, StepRule
from tutor.lessons.prose import without_claims
from tutor.lessons.templating import fill

from . import notices
from .model import NOT_YET, Ended, Execution, Notice, Position, Seen, State, Step, Trace, Variable

BRIEF = 72
"""Letters of a value in a cell; the whole of it is in its event."""
MODULE = "<module>"
"""What Python calls the function that a program's own lines are in."""


class Projector:
    """Everything known after the events seen so far; `trace()` gives it out."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.knobs: Mapping[str, Any] = {}
        self.edition = ""
        self.variables = {each.name: each.start if each.kind == "derived" else NOT_YET for each in lesson.variables}
        self.start = State(variables=dict(self.variables))
        self.counts: Counter[int] = Counter()
        self.steps: list[Step] = []
        self.executions: dict[tuple[str, int], Execution] = {}
        self.processes: dict[tuple[str, int], None] = {}
        self.positions: dict[tuple[str, int, str], Position] = {}
        self.lines_run: set[tuple[str, int]] = set()
        self.rows: Mapping[str, Any] | None = None
        self.node: str | None = None
        self.past_nodes: set[str] = set()
        self.edges: Counter[tuple[str, str]] = Counter()
        self.printed = ""
        self.notices: list[Notice] = []
        self.ended: Ended | None = None
        self.number = 0
        self.at_ms = 0.0

    def see(self, event: Seen) -> None:
        """Take the next event."""
        self.number, self.at_ms = event.number, event.at / 1e6
        if event.lane != "host":
            self.processes.setdefault((event.lane, event.pid))
        self.rows = event.payload.get("rows", self.rows)
        if observe := getattr(self, f"see_{event.kind}", None):
            observe(event)
        if text := notices.text_of(event, self.lesson):
            self.notices.append(Notice(event.kind, text, event.lane, event.pid, round(self.at_ms, 3)))
        for node in self.lesson.flow.nodes:
            if any(self.matches(pattern, event) for pattern in node.lit_by):
                self.light(node.id)
        # Every rule counts its own matches, so all of them are asked.
        matching = [rule for rule in self.lesson.steps if self.matches(rule.on, event)]
        if matching:
            self.step(matching[0], event)

    def matches(self, pattern: Pattern, event: Seen) -> bool:
        """Whether `event` is the one that `pattern` names, counting."""
        if not pattern.when.matches(event.kind, event.lane, event.payload):
            return False
        self.counts[id(pattern)] += 1
        return pattern.count is None or self.counts[id(pattern)] == pattern.count

    def see_asked(self, event: Seen) -> None:
        self.knobs = self.lesson.knob_texts(event.payload["knobs"])
        self.edition = event.payload.get("edition", "")

    def see_line(self, event: Seen) -> None:
        payload = event.payload
        file = payload["file"]
        where = Position(event.lane, event.pid, file, payload["line"], payload["ran"], payload["locals"])
        self.positions[event.lane, event.pid, file] = where
        if payload["ran"] is not None:
            self.lines_run.add((file, payload["ran"]))
        if event.lane == "caller" and payload.get("function") == MODULE:
            self.read_program(payload["locals"])

    def see_program_ended(self, event: Seen) -> None:
        self.stands_nowhere(event)
        self.read_program(event.payload["locals"])

    def read_program(self, names: Mapping[str, str]) -> None:
        for each in self.lesson.variables:
            if each.kind == "program" and each.name in names:
                self.variables[each.name] = brief(names[each.name])

    def see_started(self, event: Seen) -> None:
        payload = event.payload
        task, delivery = payload["task"], payload["delivery"]
        self.executions[task, delivery] = Execution(
            task, payload["name"], payload["func"], delivery, event.pid, self.at_ms
        )

    def see_finished(self, event: Seen) -> None:
        if event.lane == "worker":
            self.stands_nowhere(event)
        key = (event.payload["task"], event.payload["delivery"])
        if began := self.executions.get(key):
            self.executions[key] = replace(began, success=event.payload["success"], ended_ms=self.at_ms)

    def see_died(self, event: Seen) -> None:
        for key, each in self.executions.items():
            if each.pid == event.payload["died_pid"] and each.ended_ms is None:
                self.executions[key] = replace(each, ended_ms=self.at_ms)

    def stands_nowhere(self, event: Seen) -> None:
        """The process of `event` is done with the lesson's lines."""
        self.positions = {key: each for key, each in self.positions.items() if each.pid != event.pid}

    def see_printed(self, event: Seen) -> None:
        self.printed += event.payload["text"]

    def see_ended(self, event: Seen) -> None:
        self.ended = Ended(event.payload["outcome"], event.payload["reason"], self.at_ms)

    def light(self, node: str) -> None:
        """Move the flow's light to `node`, along the edge if there is one."""
        if self.node is not None and (self.node != node or self.has_edge(node, node)):
            self.past_nodes.add(self.node)
            if self.has_edge(self.node, node):
                self.edges[self.node, node] += 1
        self.node = node

    def has_edge(self, source: str, target: str) -> bool:
        return any(edge.source == source and edge.target == target for edge in self.lesson.flow.edges)

    def step(self, rule: StepRule, event: Seen) -> None:
        """Add the row that `rule` makes of `event`."""
        before = self.steps[-1] if self.steps else None
        names = self.names(event)
        for name, template in rule.set.items():
            self.variables[name] = brief(fill(template, names))
        names["var"] = dict(self.variables)
        if rule.node:
            self.light(rule.node)
        result = fill(rule.result, names) if rule.result else ""
        self.steps.append(
            Step(
                number=len(self.steps) + 1,
                id=rule.id,
                short=rule.short,
                action=fill(rule.action, names),
                status=fill(rule.status, names) if rule.status else before.status if before else "None",
                result=brief(result) if result else before.result if before else "None",
                whole=result if result and result != brief(result) else "",
                note=fill(without_claims(rule.note), names),
                say=fill(without_claims(rule.say), names),
                closing=self.lesson.closing_line(rule.id, names),
                event=event.kind,
                event_number=event.number,
                payload=event.payload,
                process=event.lane,
                pid=event.pid,
                at_ms=round(self.at_ms, 3),
                state=self.state(before.state if before else self.start),
            )
        )

    def names(self, event: Seen) -> dict[str, Any]:
        """What a template may name."""
        return {
            "knob": self.knobs,
            "event": event.payload,
            "var": dict(self.variables),
            "process": event.lane,
            "pid": event.pid,
        }

    def state(self, before: State) -> State:
        rows_before = before.rows or {}
        return State(
            variables=dict(self.variables),
            changed=frozenset(n for n, text in self.variables.items() if before.variables.get(n) != text),
            rows=self.rows,
            rows_changed=frozenset(t for t, seen in (self.rows or {}).items() if rows_before.get(t) != seen),
            node=self.node,
            past_nodes=frozenset(self.past_nodes),
            edges=dict(self.edges),
            positions=tuple(sorted(self.positions.values(), key=lambda p: p.role != "caller")),
            lines_run=frozenset(self.lines_run),
            printed=self.printed,
            notices=tuple(self.notices),
        )

    def trace(self) -> Trace:
        steps = tuple(self.steps)
        return Trace(
            steps=steps,
            variables=tuple(
                Variable(
                    each.name,
                    each.label or each.name,
                    each.kind,
                    (self.start.variables[each.name], *(step.state.variables[each.name] for step in steps)),
                )
                for each in self.lesson.variables
            ),
            executions=tuple(self.executions.values()),
            processes=tuple(self.processes),
            start=self.start,
            state=self.state(steps[-1].state if steps else self.start),
            ended=self.ended,
            edition=self.edition,
            number=self.number,
            at_ms=self.at_ms,
        )


def brief(value: str) -> str:
    """The beginning of `value`: its first line, cut to fit a cell."""
    first = value.split("\n", 1)[0]
    return first if first == value and len(first) <= BRIEF else f"{first[:BRIEF].rstrip()}…"


def project(lesson: Lesson, events: Iterable[Seen]) -> Trace:
    """Project `events` (in order of number, from 1) through the rules of `lesson`."""
    projector = Projector(lesson)
    for event in events:
        projector.see(event)
    return projector.trace()
