"""The concept flow at a moment of a run in words: the ways of its tokens, and how often each edge was taken."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tutor.lessons.format.flow import Flow
from tutor.trace.model import Step
from tutor.trace.state import TraceState
from tutor.trace.tokens import Token

from .flow_tokens import Ends, ShownToken, TokensAt

STOPS = 24
"""The maximum nodes that are shown of the way of a token."""
WAYS, ALONE, NAMES = 16, 6, 60
"""The maximum ways; the most tokens of the same way of which each has its own; the maximum names of a shared way."""
STEPS = 4
"""The maximum steps that are named of an edge."""


@dataclass(frozen=True, slots=True)
class WayStop:
    """A node on a way."""

    label: str
    times: int
    """How often in a row the token came to it."""
    step: int
    """The step that shows the token there for the first time; 0 for one of several tokens."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a token through the flow, or of several tokens that have come the same way."""

    tokens: tuple[ShownToken, ...]
    """The tokens that are named."""
    unnamed: int
    stops: tuple[WayStop, ...]
    earlier: int
    """The number of nodes before those in `stops`."""

    @property
    def is_now(self) -> bool:
        """Whether it is the way of the token that the step is about."""
        return self.tokens[0].is_now

    @property
    def count(self) -> int:
        return len(self.tokens) + self.unnamed


@dataclass(frozen=True, slots=True)
class EdgeInWords:
    """An edge of the flow."""

    id: str
    """Which edge it is, for the page."""
    source: str
    target: str
    label: str
    times: int
    steps: tuple[int, ...]
    """The last steps that show that it was taken, in order."""
    has_earlier: bool
    """Whether there are other such steps before them."""


def ways(flow: Flow, tokens: TokensAt, steps: Sequence[Step]) -> tuple[tuple[Way, ...], int]:
    """Return the ways of `tokens` after the last of `steps`, and how many more there are.

    Many tasks that have come the same way share one. If there are too many ways, the last that went on are returned.
    """
    groups = groups_of(tokens)
    latest = sorted(groups, key=lambda group: (group[0] is tokens.now, group[-1].path[-1].number))[-WAYS:]
    kept = {id(group) for group in latest}
    labels = {node.id: node.label for node in flow.nodes}
    shown = tuple(way_of(group, tokens, labels, steps) for group in groups if id(group) in kept)
    return shown, len(groups) - len(shown)


def groups_of(tokens: TokensAt) -> list[list[Token]]:
    """Return the tokens that share a way, in groups; the token of the step has its own."""
    same: defaultdict[object, list[Token]] = defaultdict(list)
    for each in tokens.all:
        is_many = each.subject.kind == "task" and each is not tokens.now
        same[each.nodes if is_many else each.subject].append(each)
    return [part for group in same.values() for part in ([group] if len(group) > ALONE else [[each] for each in group])]


def way_of(group: Sequence[Token], tokens: TokensAt, labels: Mapping[str, str], steps: Sequence[Step]) -> Way:
    visits = [list(visits) for _, visits in groupby(group[0].path, key=lambda visit: visit.node)]
    stops = tuple(
        WayStop(labels[each[0].node], len(each), step_showing(each[0].number, steps) if len(group) == 1 else 0)
        for each in visits[-STOPS:]
    )
    return Way(tuple(map(tokens.shown, group[:NAMES])), max(0, len(group) - NAMES), stops, max(0, len(visits) - STOPS))


def step_showing(event: int, steps: Sequence[Step]) -> int:
    """Return the number of the first of `steps` that shows what the event with that number did."""
    return bisect_left(steps, event, key=lambda step: step.event_number) + 1


def edges_in_words(flow: Flow, state: TraceState, tokens: TokensAt, steps: Sequence[Step]) -> tuple[EdgeInWords, ...]:
    """Return the edges of the flow after the last of `steps`."""
    taken: defaultdict[Ends, list[int]] = defaultdict(list)
    for each in tokens.all:
        path = each.path
        for index in range(max(1, each.inherited), len(path)):
            taken[path[index - 1].node, path[index].node].append(path[index].number)
    labels = {node.id: node.label for node in flow.nodes}
    edges = []
    for edge in flow.edges:
        ends = edge.source, edge.target
        numbers = last_steps(taken[ends], steps)
        edges.append(
            EdgeInWords(
                "-".join(ends),
                labels[edge.source],
                labels[edge.target],
                edge.label,
                state.edges.get(ends, 0),
                tuple(numbers[-STEPS:]),
                len(numbers) > STEPS,
            )
        )
    return tuple(edges)


def last_steps(events: Sequence[int], steps: Sequence[Step]) -> list[int]:
    """Return the last steps, in order, that were the first to show one of `events`: one more than are named."""
    found: list[int] = []
    for event in sorted(events, reverse=True):
        number = step_showing(event, steps)
        if number not in found:
            found.append(number)
        if len(found) > STEPS:
            break
    return found[::-1]
