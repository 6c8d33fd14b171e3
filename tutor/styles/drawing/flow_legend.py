"""The legend of a concept flow: an example of each kind of token and arrow that its drawing has. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .flow import FlowDrawing, LitEdge
from .flow_tokens import DEAD, FAILED, ShownToken

EDGES = {
    "now": "taken in this step",
    "taken": "taken by another token in this step",
    "past": "taken before",
    "ahead": "not taken so far",
}
"""The look of an arrow → what it means."""
NODES = {"at": "lit in this step", "last": "lit last, in an earlier step"}
"""The look of a node → what it means."""


@dataclass(frozen=True, slots=True)
class Example:
    """A token of the drawing that stands for its kind."""

    kind: str
    tag: str
    text: str
    is_task: bool = True
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    tokens: tuple[Example, ...]
    edges: tuple[tuple[str, str], ...]
    """The look of each kind of arrow, and what it means."""
    times: int
    """The most that an arrow was taken: from 2 on, arrows say it."""
    nodes: tuple[tuple[str, str], ...] = ()
    """The look of the node that was lit last, and what it means."""


def legend_of(drawing: FlowDrawing) -> Legend:
    """Return the legend of a drawing. The first token of each kind is the example."""
    examples: dict[str, Example] = {}
    for each in examples_of(drawing):
        examples.setdefault(each.kind, each)
    looks = {look(each) for each in drawing.edges}
    return Legend(
        tuple(examples.values()),
        tuple((name, text) for name, text in EDGES.items() if name in looks),
        max((each.times for each in drawing.edges), default=0),
        tuple((each.state, NODES[each.state]) for each in drawing.nodes if each.state in NODES),
    )


def examples_of(drawing: FlowDrawing) -> Iterator[Example]:
    tags = [tag for node in drawing.nodes for tag in node.tags]
    yield from sorted(
        (example(tag.one) for tag in tags if tag.one), key=lambda each: (not each.is_task, len(each.kind))
    )
    for tag in tags:
        if not tag.one:
            yield Example("many", tag.text, f"{tag.count} tokens on one node")


def example(shown: ShownToken) -> Example:
    """Return a token as an example of those that have the same signs."""
    if not shown.is_task:
        return Example("other", shown.tag, "no task", is_task=False)
    delivery = shown.token.subject.delivery
    again = f"delivery {delivery}" if delivery > 1 else ""
    end = {FAILED: "failed", DEAD: "its worker died"}.get(sign_of(shown.tag), "")
    over = "delivered again since" if shown.is_over else ""
    kind = "-".join(filter(None, ("task", again and "again", end.rpartition(" ")[2], over and "over")))
    said = [each for each in (again, end, over) if each] or ["a task"]
    return Example(kind, shown.tag, ", ".join([shown.task, *said]), is_over=shown.is_over)


def sign_of(tag: str) -> str:
    """Return the sign at the end of a tag; empty if it has none."""
    return next((sign for sign in (FAILED, DEAD) if tag.endswith(sign)), "")


def look(edge: LitEdge) -> str:
    return "now" if edge.is_now else "taken" if edge.is_taken else edge.state
