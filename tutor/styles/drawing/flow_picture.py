"""The picture of a concept flow, without a run: nodes and edges with their places and SVG paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.lessons.format.flow import Edge, Flow

from .flow_layout import FULL, LABEL_CHARACTER, LINE, NARROWER, SMALL, TIMES, Box, Layout, Measures, Outline, lay_out
from .flow_routes import Point, Router
from .svg_paths import arrowhead, diamond, rounded_line

MARGIN = 4.0
"""The space around everything that is drawn."""
WIDEST = 400.0
"""The widest picture whose text is still readable on a phone."""


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text."""

    text: str
    x: float
    y: float
    """The y of the baseline."""
    anchor: str = "middle"
    """The part of the text that is at x: start, middle or end."""


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


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """The line, the arrowhead and the label of an edge."""

    source: str
    target: str
    path: str
    head: str
    """The path of the arrowhead."""
    label: Label | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and edges, with the view box that holds them."""

    view_box: str
    width: float
    height: float
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def picture_of(flow: Flow) -> Picture:
    """Return `flow` in its upright form with labels; narrow enough for a phone if possible."""
    pictures = [picture(flow, FULL, upright=True)]
    for measures in NARROWER:
        if pictures[-1].width <= WIDEST:
            break
        pictures.append(picture(flow, measures, upright=True))
    return min(pictures, key=lambda each: max(each.width, WIDEST))


def thumbnail(flow: Flow) -> Picture:
    """Return `flow` small, in its flat form and without labels, for a list of lessons."""
    return picture(flow, SMALL, upright=False)


def picture(flow: Flow, measures: Measures, *, upright: bool) -> Picture:
    outlines = tuple(Outline(node.id, node.label, node.shape, node.at) for node in flow.nodes)
    return cached_picture(outlines, flow.edges, measures, upright)


@lru_cache(maxsize=512)
def cached_picture(nodes: tuple[Outline, ...], edges: tuple[Edge, ...], measures: Measures, upright: bool) -> Picture:
    layout = lay_out(nodes, measures, upright=upright, edges=edges)
    routes = routes_of(edges, layout)
    drawn = [draw_edge(edge, points, measures) for edge, points in zip(edges, routes, strict=True)]
    return framed([draw_node(box) for box in layout.boxes], drawn, routes)


def draw_node(box: Box) -> DrawnNode:
    top = box.y - (len(box.lines) - 1) / 2 * LINE + LINE * 0.28
    return DrawnNode(
        id=box.node.id,
        label=box.node.label,
        x=round(box.x - box.width / 2, 1),
        y=round(box.y - box.height / 2, 1),
        width=round(box.width, 1),
        height=round(box.height, 1),
        radius=round(box.height / 2 if box.node.shape == "terminal" else min(8, box.height / 4), 1),
        path=diamond(box) if box.node.shape == "decision" else "",
        lines=tuple(Label(text, round(box.x, 1), round(top + index * LINE, 1)) for index, text in enumerate(box.lines)),
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


def draw_edge(edge: Edge, points: Sequence[Point], measures: Measures) -> DrawnEdge:
    label = label_at(edge.label, points) if edge.label and measures.labels else None
    return DrawnEdge(edge.source, edge.target, rounded_line(points), arrowhead(points), label)


def label_at(text: str, points: Sequence[Point]) -> Label:
    """Return the label of an edge: beside the first stretch, near its beginning."""
    (x, y), (nx, ny) = points[0], points[1]
    if y == ny:
        return Label(text, round(x + (5 if nx > x else -5), 1), round(y - 6, 1), "start" if nx > x else "end")
    return Label(text, round(x + 7, 1), round(y + (16 if ny > y else -8), 1), "start")


def framed(nodes: list[DrawnNode], edges: list[DrawnEdge], routes: Sequence[Sequence[Point]]) -> Picture:
    """Return the picture with a view box that holds everything."""
    labels = [each.label for each in edges if each.label]
    xs = [x for node in nodes for x in (node.x, node.x + node.width)] + [x for route in routes for x, _ in route]
    ys = [y for node in nodes for y in (node.y, node.y + node.height)] + [y for route in routes for _, y in route]
    longest = [LABEL_CHARACTER * (len(each.text) + len(TIMES)) for each in labels]
    xs += [each.x + (-width if each.anchor == "end" else width) for each, width in zip(labels, longest, strict=True)]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    width, height = max(xs) + MARGIN - left, max(ys) + MARGIN - top
    view_box = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
    return Picture(view_box, round(width), round(height), tuple(nodes), tuple(edges))
