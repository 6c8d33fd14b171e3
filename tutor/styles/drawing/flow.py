"""The concept flow as geometry for SVG: a lesson's flow and a state of its run in, shapes and paths out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.lessons.format.parts import Edge, Flow
from tutor.trace.model import TraceState

from .flow_layout import FULL, LABEL_CHARACTER, LINE, NARROWER, SMALL, Box, Layout, Measures, Outline, lay_out
from .flow_routes import Point, Router

MARGIN = 4.0
"""Around everything that is drawn."""
WIDEST = 400.0
"""What a phone shows without making its letters too small to read."""
ROUND, ARROW, TIP = 8.0, 7.0, 1.5
"""A corner's radius, an arrowhead's length and its distance from the node."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text and where its baseline stands."""

    text: str
    x: float
    y: float
    anchor: str = "middle"
    """Where x is in the text: start, middle or end."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A node's outline and label."""

    id: str
    label: str
    shape: str
    """terminal, step or decision."""
    x: float
    y: float
    width: float
    height: float
    radius: float
    path: str
    """The outline of a decision; "" for the others, which are rectangles with round corners."""
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An edge."""

    source: str
    target: str
    path: str
    head: str
    """The arrowhead's path."""
    text: Text | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A flow without a run: shapes and lines, and the view box they fit in."""

    view_box: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Lit:
    """A shape or line at a moment of a run."""

    drawn: Shape | Line
    state: str
    """"at" for the lit node, "past" for what was, "ahead" for the rest."""
    times: int = 0
    """How often an edge was taken."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A flow at a moment of a run."""

    picture: Picture
    shapes: tuple[Lit, ...]
    lines: tuple[Lit, ...]
    at: str
    """The lit node's label, or ""."""


def draw(flow: Flow, state: TraceState) -> Drawing:
    """`flow` as it is lit at `state`."""
    picture = picture_of(flow)
    return Drawing(
        picture=picture,
        shapes=tuple(Lit(shape, node_state(shape.id, state)) for shape in picture.shapes),
        lines=tuple(lit_line(line, state) for line in picture.lines),
        at=next((node.label for node in flow.nodes if node.id == state.node), ""),
    )


def node_state(node: str, state: TraceState) -> str:
    if node == state.node:
        return "at"
    return "past" if node in state.past_nodes else "ahead"


def lit_line(line: Line, state: TraceState) -> Lit:
    times = state.edges.get((line.source, line.target), 0)
    return Lit(line, "past" if times else "ahead", times)


def thumbnail(flow: Flow) -> Picture:
    """`flow` small, lying and without words, for a list of lessons."""
    return made(flow, SMALL, upright=False)


def picture_of(flow: Flow) -> Picture:
    """`flow` standing, with its labels, not yet lit: the same for every moment; not too wide for a phone if it can."""
    drawn = [made(flow, FULL, upright=True)]
    for measures in NARROWER:
        if drawn[-1].width <= WIDEST:
            break
        drawn.append(made(flow, measures, upright=True))
    return min(drawn, key=lambda each: max(each.width, WIDEST))


def made(flow: Flow, measures: Measures, *, upright: bool) -> Picture:
    outlines = tuple(Outline(node.id, node.label, node.shape, node.at) for node in flow.nodes)
    return worked_out(outlines, flow.edges, measures, upright)


@lru_cache(maxsize=512)
def worked_out(nodes: tuple[Outline, ...], edges: tuple[Edge, ...], measures: Measures, upright: bool) -> Picture:
    layout = lay_out(nodes, measures, upright=upright, edges=edges)
    ways = ways_of(edges, layout)
    return framed([shape(box) for box in layout.boxes], edges, ways, measures)


def shape(box: Box) -> Shape:
    x, y, width, height = box.x - box.width / 2, box.y - box.height / 2, box.width, box.height
    return Shape(
        id=box.node.id,
        label=box.node.label,
        shape=box.node.shape,
        x=round(x, 1),
        y=round(y, 1),
        width=round(width, 1),
        height=round(height, 1),
        radius=round(height / 2 if box.node.shape == "terminal" else min(8, height / 4), 1),
        path=diamond(box) if box.node.shape == "decision" else "",
        texts=tuple(
            Text(text, round(box.x, 1), round(box.y + (index - (len(box.lines) - 1) / 2) * LINE + LINE * 0.28, 1))
            for index, text in enumerate(box.lines)
        ),
    )


def diamond(box: Box) -> str:
    half_width, half_height = box.width / 2, box.height / 2
    return (
        f"M{box.x:.1f} {box.y - half_height:.1f}l{half_width:.1f} {half_height:.1f} "
        f"{-half_width:.1f} {half_height:.1f} {-half_width:.1f} {-half_height:.1f}z"
    )


def ways_of(edges: Sequence[Edge], layout: Layout) -> list[tuple[Point, ...]]:
    """The edges' ways, in their order. Near nodes are joined first, so that they get the straight ways."""
    boxes = {box.node.id: box for box in layout.boxes}
    router = Router(layout)

    def distance(index: int) -> int:
        source, target = boxes[edges[index].source], boxes[edges[index].target]
        steps = abs(source.column - target.column) + abs(source.row - target.row)
        return steps or 99

    ways: dict[int, tuple[Point, ...]] = {}
    for index in sorted(range(len(edges)), key=distance):
        ways[index] = router.route(boxes[edges[index].source], boxes[edges[index].target])
    return [ways[index] for index in range(len(edges))]


def label(text: str, points: Sequence[Point]) -> Text:
    """Beside the first stretch, near where the edge begins."""
    (x, y), (nx, ny) = points[0], points[1]
    if y == ny:
        return Text(text, round(x + (5 if nx > x else -5), 1), round(y - 6, 1), "start" if nx > x else "end")
    return Text(text, round(x + 7, 1), round(y + (16 if ny > y else -8), 1), "start")


def path(points: Sequence[Point]) -> str:
    """A line through `points` with round corners, a little short of the last one."""
    points = [*points[:-1], towards(points[-1], points[-2], TIP + ARROW * 0.7)]
    drawn = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(ROUND, distance_of(before, here) / 2, distance_of(here, after) / 2)
        begin, end = towards(here, before, radius), towards(here, after, radius)
        drawn.append(f"L{begin[0]:.1f} {begin[1]:.1f}Q{here[0]:.1f} {here[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
    drawn.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(drawn)


def head(points: Sequence[Point]) -> str:
    """The arrowhead at the end of `points`."""
    tip = towards(points[-1], points[-2], TIP)
    base = towards(points[-1], points[-2], TIP + ARROW)
    dx, dy = (tip[1] - base[1]) / 2, (base[0] - tip[0]) / 2
    return f"M{tip[0]:.1f} {tip[1]:.1f}L{base[0] + dx:.1f} {base[1] + dy:.1f}L{base[0] - dx:.1f} {base[1] - dy:.1f}z"


def towards(start: Point, end: Point, length: float) -> Point:
    """The point `length` from `start` on the way to `end`."""
    whole = distance_of(start, end) or 1.0
    return start[0] + (end[0] - start[0]) * length / whole, start[1] + (end[1] - start[1]) * length / whole


def distance_of(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def framed(shapes: list[Shape], edges: Sequence[Edge], ways: Sequence[Sequence[Point]], measures: Measures) -> Picture:
    """The picture, with a view box that holds everything."""
    lines = [line(edge, points, measures) for edge, points in zip(edges, ways, strict=True)]
    texts = [each.text for each in lines if each.text]
    xs = [x for s in shapes for x in (s.x, s.x + s.width)] + [x for way in ways for x, _ in way]
    ys = [y for s in shapes for y in (s.y, s.y + s.height)] + [y for way in ways for _, y in way]
    xs += [t.x + LABEL_CHARACTER * len(t.text) * (-1 if t.anchor == "end" else 1) for t in texts]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    width, height = max(xs) + MARGIN - left, max(ys) + MARGIN - top
    return Picture(
        f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}", round(width), round(height), tuple(shapes), tuple(lines)
    )


def line(edge: Edge, points: Sequence[Point], measures: Measures) -> Line:
    text = label(edge.label, points) if edge.label and measures.labels else None
    return Line(edge.source, edge.target, path(points), head(points), text)
