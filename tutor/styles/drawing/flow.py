"""The concept flow at a moment of a run: its picture, with the state of each node and edge."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from tutor.lessons.format.flow import Flow
from tutor.trace.state import TraceState
from tutor.trace.tokens import Token

from .flow_picture import WIDEST, DrawnEdge, DrawnNode, Picture, picture_of

LitState = Literal["at", "past", "ahead"]
"""`at`: the lit node. `past`: a node or edge that the run has passed. `ahead`: any other."""


@dataclass(frozen=True, slots=True)
class LitNode:
    """A node and its state."""

    node: DrawnNode
    state: LitState


@dataclass(frozen=True, slots=True)
class LitEdge:
    """An edge and its state."""

    edge: DrawnEdge
    state: LitState
    times: int
    """How often the run has taken it."""


@dataclass(frozen=True, slots=True)
class FlowDrawing:
    """A flow at a moment of a run."""

    picture: Picture
    nodes: tuple[LitNode, ...]
    edges: tuple[LitEdge, ...]
    at: str
    """The label of the lit node; empty if no node is lit."""

    @property
    def is_wide(self) -> bool:
        """Whether a phone would have to make its texts too small to show all of it at once."""
        return self.picture.width > WIDEST


def draw_flow(flow: Flow, state: TraceState) -> FlowDrawing:
    """Return the drawing of `flow` at `state`."""
    picture = picture_of(flow)
    return FlowDrawing(
        picture=picture,
        nodes=tuple(LitNode(node, node_state(node.id, state)) for node in picture.nodes),
        edges=tuple(lit_edge(edge, state) for edge in picture.edges),
        at=next((node.label for node in flow.nodes if node.id == state.node), ""),
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


def node_state(node: str, state: TraceState) -> LitState:
    if node == state.node:
        return "at"
    return "past" if node in state.past_nodes else "ahead"


def lit_edge(edge: DrawnEdge, state: TraceState) -> LitEdge:
    times = state.edges.get((edge.source, edge.target), 0)
    return LitEdge(edge, "past" if times else "ahead", times)
