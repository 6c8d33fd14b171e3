"""The rules of a lesson that events match: those that make steps, and those that light nodes of the flow."""

from __future__ import annotations

from tutor.lessons.format.steps import StepRule
from tutor.lessons.lesson import Lesson
from tutor.protocol.when import When

from .model import RecordedEvent


class CountedPattern:
    """A pattern of events, with the number of events that it has matched so far."""

    def __init__(self, when: When) -> None:
        self.when = when
        self.matched = 0

    def matches(self, event: RecordedEvent) -> bool:
        """Count `event` if it fits the pattern; return whether it does, and has the pattern's count if there is one."""
        if not self.when.matches(event.kind, event.lane, event.payload):
            return False
        self.matched += 1
        return self.when.count in (None, self.matched)


class Rules:
    """The rules of one lesson during one run. Call both methods for every event, in order."""

    def __init__(self, lesson: Lesson) -> None:
        self.steps: dict[str, list[tuple[StepRule, CountedPattern]]] = {}
        """Kind of event → the rules that make steps from such events."""
        self.nodes: dict[str, list[tuple[str, str, CountedPattern]]] = {}
        """Kind of event → the nodes that such events light, each as (id, whose token, when)."""
        for rule in lesson.content.steps:
            self.steps.setdefault(rule.on.event, []).append((rule, CountedPattern(rule.on.when)))
        for node in lesson.content.flow.nodes:
            for each in node.lit_by:
                self.nodes.setdefault(each.event, []).append((node.id, each.token, CountedPattern(each.when)))

    def step_of(self, event: RecordedEvent) -> StepRule | None:
        """Return the first rule that makes a step from `event`."""
        matching = [rule for rule, pattern in self.steps.get(event.kind, ()) if pattern.matches(event)]
        return matching[0] if matching else None

    def nodes_of(self, event: RecordedEvent) -> list[tuple[str, str]]:
        """Return the nodes that `event` lights, apart from the node of its step, each as (id, whose token)."""
        lit: dict[str, str] = {}
        for node, token, pattern in self.nodes.get(event.kind, ()):
            if pattern.matches(event):
                lit.setdefault(node, token)
        return list(lit.items())
