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
        content = lesson.content
        self.steps = [(rule, CountedPattern(rule.on.when)) for rule in content.steps]
        self.nodes = [
            (node.id, [(each.token, CountedPattern(each.when)) for each in node.lit_by]) for node in content.flow.nodes
        ]

    def step_of(self, event: RecordedEvent) -> StepRule | None:
        """Return the first rule that makes a step from `event`."""
        matching = [rule for rule, pattern in self.steps if pattern.matches(event)]
        return matching[0] if matching else None

    def nodes_of(self, event: RecordedEvent) -> list[tuple[str, str]]:
        """Return the nodes that `event` lights, apart from the node of its step, each as (id, whose token)."""
        return [
            (node, tokens[0])
            for node, patterns in self.nodes
            if (tokens := [token for token, pattern in patterns if pattern.matches(event)])
        ]
