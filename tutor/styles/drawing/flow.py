"""The concept flow at a moment of a run: its picture, with the state of each node and edge and the tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from tutor.lessons.format.flow import Flow
from tutor.trace.state import TraceState
from tutor.trace.tokens import Token

from .flow_labels import Label
from .flow_layout import STAND
from .flow_picture import PHONE, DrawnEdge, DrawnNode, Picture, picture_of
from .flow_tokens import Ends, Tag, TokensAt, tags_on

LitState = Literal["at", "last", "past", "ahead"]
"""`at`: the node that the step lights. `last`: the one that was lit last, in a step before. `past`: a node or edge that
the run has passed. `ahead`: any other."""
FOLLOWED = 12
"""The most tasks of a run in which an edge says which tasks have taken it."""


@dataclass(frozen=True, slots=True)
class LitNode:
    """A node and its state."""

    node: DrawnNode
    state: LitState
    tags: tuple[Tag, ...]
    """The tokens that stand on it."""

    @property
    def lines(self) -> tuple[Label, ...]:
        """Its label: above its tokens, or in its middle if there are none."""
        down = 0.0 if self.tags else STAND / 2
        return tuple(replace(line, y=round(line.y + down, 1)) for line in self.node.lines)


@dataclass(frozen=True, slots=True)
class LitEdge:
    """An edge and its state."""

    edge: DrawnEdge
    state: LitState
    times: int
    """How often the run has taken it."""
    is_taken: bool
    """Whether a token has taken it in the step."""
    is_now: bool
    """Whether the token that the step is about has taken it in the step."""
    tasks: str | None
    """The labels of the tasks that have taken it, a line each; None in a run of too many tasks."""

    @property
    def text(self) -> str:
        """Its label, with how often the run has taken it."""
        label = self.edge.label.text
        return f"{label} ×{self.times}".strip() if self.times > 1 else label


@dataclass(frozen=True, slots=True)
class FlowDrawing:
    """A flow at a moment of a run."""

    picture: Picture
    nodes: tuple[LitNode, ...]
    edges: tuple[LitEdge, ...]
    """Those that the run has passed come last, and so lie above the others."""
    at: str
    """The label of the node that was lit last; empty if none was."""
    is_now: bool
    """Whether the step has lit it."""

    @property
    def is_wide(self) -> bool:
        """Whether a phone would have to make its texts too small to show all of it at once."""
        return self.picture.width > PHONE


def draw_flow(
    flow: Flow,
    state: TraceState,
    tokens: TokensAt | None = None,
    picture: Callable[[Flow], Picture] = picture_of,
) -> FlowDrawing:
    """Return the drawing of `flow` at `state`, with `tokens` on its nodes."""
    drawn, tokens = picture(flow), tokens or TokensAt()
    tags, takers = tags_on(tokens, drawn.nodes), tasks_by_edge(tokens)
    taken = {edge for edges in tokens.taken.values() for edge in edges}
    now = set(tokens.taken.get(id(tokens.now), ()))
    edges = (lit_edge(edge, state, taken, now, takers) for edge in drawn.edges)
    return FlowDrawing(
        picture=drawn,
        nodes=tuple(LitNode(node, node_state(node.id, state, tokens.is_lit), tags[node.id]) for node in drawn.nodes),
        edges=tuple(sorted(edges, key=lambda each: each.state == "past")),
        at=next((node.label for node in flow.nodes if node.id == state.node), ""),
        is_now=tokens.is_lit,
    )


@dataclass(frozen=True, slots=True)
class Stop:
    """A node on the path of a token."""

    label: str
    times: int
    """How often in a row the token came to it."""


def stops(flow: Flow, token: Token) -> tuple[Stop, ...]:
    """Return the nodes that `token` has come to, in order."""
    labels = {node.id: node.label for node in flow.nodes}
    return tuple(Stop(labels[node], len(list(times))) for node, times in groupby(token.nodes))


def node_state(node: str, state: TraceState, is_lit: bool) -> LitState:
    if node == state.node:
        return "at" if is_lit else "last"
    return "past" if node in state.past_nodes else "ahead"


def lit_edge(
    edge: DrawnEdge, state: TraceState, taken: set[Ends], now: set[Ends], takers: Mapping[Ends, Sequence[str]] | None
) -> LitEdge:
    ends = edge.source, edge.target
    times = state.edges.get(ends, 0)
    tasks = None if takers is None else "\n".join(takers.get(ends, ()))
    return LitEdge(edge, "past" if times else "ahead", times, ends in taken, ends in now, tasks)


def tasks_by_edge(tokens: TokensAt) -> Mapping[Ends, Sequence[str]] | None:
    """Return edge → the labels of the tasks that have taken it; None if there are too many tasks to say so."""
    if len(tokens.tasks) > FOLLOWED:
        return None
    found: defaultdict[Ends, dict[str, None]] = defaultdict(dict)
    for each in tokens.all:
        for ends in pairwise(each.nodes):
            found[ends][tokens.task(each)] = None
    return {ends: tuple(tasks) for ends, tasks in found.items()}
