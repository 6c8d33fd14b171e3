"""The picture of a concept flow, without a run: nodes and edges with their places and SVG paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.lessons.format.flow import Edge, Flow

from .flow_labels import Label, place_labels
from .flow_layout import FULL, LINE, NARROWER, STAND, TIMES, Box, Layout, Measures, Outline, lay_out
from .flow_routes import Point, Router
from .svg_paths import arrowhead, decision, rounded_line

MARGIN = 4.0
"""The space around everything that is drawn."""
WIDEST, PHONE = 400.0, 330.0
"""The width that a picture should not exceed beside other cards, and that a phone can show without making texts too
small."""


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """The outline and the label of a node."""

    id: str
    label: str
    x: float
    y: float
    width: float
    height: float
    radius: float
    path: str
    """The outline of a decision; empty for other nodes, which are rectangles with round corners."""
    lines: tuple[Label, ...]
    """The label, line by line."""
    stand: float
    """The y of the middle of the tokens that stand on it, below the label."""


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """The line, the arrowhead and the label of an edge."""

    source: str
    target: str
    path: str
    head: str
    """The path of the arrowhead."""
    label: Label
    """Its text may be empty: the place is that of how often the edge was taken."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and edges, with the view box that holds them."""

    view_box: str
    width: float
    height: float
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def picture_of(flow: Flow, widest: float = WIDEST) -> Picture:
    """Return `flow` in its upright form with labels; no wider than `widest` if possible."""
    pictures = [picture(flow, FULL, upright=True)]
    for measures in NARROWER:
        if pictures[-1].width <= widest:
            break
        pictures.append(picture(flow, measures, upright=True))
    return min(pictures, key=lambda each: max(each.width, widest))


def narrow_picture(flow: Flow) -> Picture:
    """Return `flow` in its upright form with labels, for a phone."""
    return picture_of(flow, PHONE)


def wide_picture(flow: Flow) -> Picture:
    """Return `flow` in its flat form with labels, for a wide window."""
    return picture(flow, FULL, upright=False)


def tight_picture(flow: Flow) -> Picture:
    """Return `flow` in its flat form with short lines and edges, so that its texts are large on a wall."""
    return picture(flow, NARROWER[-1], upright=False)


def picture(flow: Flow, measures: Measures, *, upright: bool) -> Picture:
    outlines = tuple(Outline(node.id, node.label, node.shape, node.at) for node in flow.nodes)
    return cached_picture(outlines, flow.edges, measures, upright)


@lru_cache(maxsize=512)
def cached_picture(nodes: tuple[Outline, ...], edges: tuple[Edge, ...], measures: Measures, upright: bool) -> Picture:
    layout = lay_out(nodes, measures, upright=upright, edges=edges)
    routes = routes_of(edges, layout)
    labels = labels_of(edges, routes, layout)
    drawn = [draw_edge(*each) for each in zip(edges, routes, labels, strict=True)]
    return framed([draw_node(box) for box in layout.boxes], drawn, routes)


def draw_node(box: Box) -> DrawnNode:
    height = len(box.lines) * LINE
    top = box.y - (height + STAND) / 2 + LINE * 0.78
    return DrawnNode(
        id=box.node.id,
        label=box.node.label,
        x=round(box.x - box.width / 2, 1),
        y=round(box.y - box.height / 2, 1),
        width=round(box.width, 1),
        height=round(box.height, 1),
        radius=round(
            min(box.height / (2 if box.node.shape == "terminal" else 4), 24 if box.node.shape == "terminal" else 8), 1
        ),
        path=decision(box) if box.node.shape == "decision" else "",
        lines=tuple(Label(text, round(box.x, 1), round(top + index * LINE, 1)) for index, text in enumerate(box.lines)),
        stand=round(box.y + height / 2, 1),
    )


def routes_of(edges: Sequence[Edge], layout: Layout) -> list[tuple[Point, ...]]:
    """Return the points of each edge, in the order of `edges`. Short edges are routed first and get straight routes."""
    boxes = {box.node.id: box for box in layout.boxes}
    router = Router(layout)

    def steps(index: int) -> int:
        source, target = boxes[edges[index].source], boxes[edges[index].target]
        return abs(source.column - target.column) + abs(source.row - target.row) or 99

    routes: dict[int, tuple[Point, ...]] = {}
    for index in sorted(range(len(edges)), key=steps):
        routes[index] = router.route(boxes[edges[index].source], boxes[edges[index].target])
    return [routes[index] for index in range(len(edges))]


def labels_of(edges: Sequence[Edge], routes: Sequence[Sequence[Point]], layout: Layout) -> list[Label]:
    return place_labels(
        [edge.label for edge in edges], [characters(edge.label) for edge in edges], routes, layout.boxes
    )


def characters(text: str) -> int:
    """Return the length that the label of an edge may have: its text and how often the edge was taken."""
    return len(f"{text}{TIMES}".strip())


def draw_edge(edge: Edge, points: Sequence[Point], label: Label) -> DrawnEdge:
    return DrawnEdge(edge.source, edge.target, rounded_line(points), arrowhead(points), label)


def framed(nodes: list[DrawnNode], edges: list[DrawnEdge], routes: Sequence[Sequence[Point]]) -> Picture:
    """Return the picture with a view box that holds everything."""
    areas = [each.label.area(characters(each.label.text)) for each in edges]
    xs = [x for node in nodes for x in (node.x, node.x + node.width)] + [x for route in routes for x, _ in route]
    ys = [y for node in nodes for y in (node.y, node.y + node.height)] + [y for route in routes for _, y in route]
    xs += [x for left, _, right, _ in areas for x in (left, right)]
    ys += [y for _, top, _, bottom in areas for y in (top, bottom)]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    width, height = max(xs) + MARGIN - left, max(ys) + MARGIN - top
    view_box = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
    return Picture(view_box, round(width), round(height), tuple(nodes), tuple(edges))
