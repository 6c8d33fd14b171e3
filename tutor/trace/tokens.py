"""Tokens: the paths of a run's tasks, its program and its cluster through the concept flow of the lesson.

A token stands for one subject: a delivery of a task, the caller, a schedule, a group, or the cluster. It moves along
the flow's edges only. If a node is lit that no edge leads to, the subject's token stays and another one enters there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tutor.lessons.format.flow import Flow

SubjectKind = Literal["task", "caller", "schedule", "group", "cluster"]
Entry = Literal["first", "declared", "again", "stray"]
"""`first`: at the subject's first lit node. `declared`: at a node where the flow lets such tokens in. `again`: a
redelivery, which continues the path of the delivery before. `stray`: at any other node; the flow doesn't explain it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a token stands for."""

    kind: SubjectKind
    id: str = ""
    """The task's or the group's id; empty for the others."""
    delivery: int = 0
    """The delivery of the task, from 1; 0 for the others."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A token at a node."""

    node: str
    number: int
    """The number of the event that lit the node."""


@dataclass(frozen=True, slots=True)
class Token:
    """A subject's way through the flow."""

    subject: Subject
    label: str
    """What it stands for, in a few words, such as "charge, delivery 2"."""
    entry: Entry
    path: tuple[Visit, ...]
    """The nodes so far; there is an edge from each to the next."""
    inherited: int = 0
    """How many visits at the start of `path` are those of the delivery before."""

    @property
    def node(self) -> str:
        """The node at which it is."""
        return self.path[-1].node

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(visit.node for visit in self.path)


class Tokens:
    """All tokens of a run so far, and how often each edge was taken."""

    def __init__(self, flow: Flow) -> None:
        self.known_edges = {(edge.source, edge.target) for edge in flow.edges}
        self.entrances = {node.id: frozenset(node.enter) for node in flow.nodes}
        self.all: list[Token] = []
        self.latest: dict[Subject, int] = {}
        """Subject → the index of its token in `all`; of several, the last that entered."""
        self.edges: Counter[tuple[str, str]] = Counter()
        self.node: str | None = None
        """The node that was lit last."""
        self.past_nodes: set[str] = set()

    def light(self, node: str, subject: Subject, label: str, number: int) -> Token:
        """Light `node` for `subject` at the event `number`: move its token there, or let one in; return it."""
        if self.node is not None and (self.node != node or (node, node) in self.known_edges):
            self.past_nodes.add(self.node)
        self.node = node
        index = self.latest.get(subject)
        if index is None:
            self.enter(node, subject, label, number)
        elif (self.all[index].node, node) in self.known_edges:
            self.move(index, Visit(node, number))
        elif self.all[index].node != node:
            entry: Entry = "declared" if subject.kind in self.entrances.get(node, ()) else "stray"
            self.add(Token(subject, label, entry, (Visit(node, number),)))
        return self.all[self.latest[subject]]

    def move(self, index: int, visit: Visit) -> None:
        token = self.all[index]
        self.edges[token.node, visit.node] += 1
        self.all[index] = replace(token, path=(*token.path, visit))

    def enter(self, node: str, subject: Subject, label: str, number: int) -> None:
        """Add the first token of a subject. That of a redelivery branches off from the path of the delivery before."""
        for before in self.earlier_deliveries(subject):
            if before.node == node:
                self.add(Token(subject, label, "again", before.path, inherited=len(before.path)))
                return
            for passed in range(len(before.path), 0, -1):
                if (before.path[passed - 1].node, node) in self.known_edges:
                    self.add(Token(subject, label, "again", before.path[:passed], inherited=passed))
                    self.move(self.latest[subject], Visit(node, number))
                    return
        self.add(Token(subject, label, self.entry_at(node, subject), (Visit(node, number),)))

    def entry_at(self, node: str, subject: Subject) -> Entry:
        """Return how the first token of `subject` enters at `node`."""
        if subject.kind in self.entrances.get(node, ()):
            return "declared"
        return "stray" if any(subject.kind in kinds for kinds in self.entrances.values()) else "first"

    def earlier_deliveries(self, subject: Subject) -> Iterator[Token]:
        """Yield the tokens of the same task's earlier deliveries, the latest first."""
        for delivery in range(subject.delivery - 1, 0, -1):
            if (index := self.latest.get(replace(subject, delivery=delivery))) is not None:
                yield self.all[index]

    def add(self, token: Token) -> None:
        self.latest[token.subject] = len(self.all)
        self.all.append(token)
