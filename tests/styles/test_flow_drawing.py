from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest

from tutor.lessons import catalogue
from tutor.lessons.format.flow import Flow
from tutor.styles.drawing.flow import draw_flow
from tutor.styles.drawing.flow_layout import FULL, Outline, lay_out
from tutor.styles.drawing.flow_picture import WIDEST, DrawnNode, Picture, picture_of, thumbnail
from tutor.styles.drawing.flow_routes import Router
from tutor.trace.model import TraceState

Node = tuple[str, tuple[int, int], str]
ROW = [("a", (0, 0), "terminal"), ("b", (1, 0), "step"), ("c", (2, 0), "decision"), ("d", (3, 0), "step")]
FAN = [("a", (0, 0), "step"), ("b", (1, 0), "step"), ("c", (1, 1), "step"), ("d", (2, 1), "decision")]
FLOWS: dict[str, tuple[list[Node], list[tuple[str, str]]]] = {
    "in a row, with a way back": (ROW, [("a", "b"), ("b", "c"), ("c", "d"), ("c", "a")]),
    "to and fro": (ROW, [("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("d", "b")]),
    "a fan": (FAN, [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "a")]),
    "all to all": (FAN, [(x[0], y[0]) for x in FAN for y in FAN if x is not y]),
    "over a node": ([*FAN, ("e", (1, 2), "step")], [("b", "e"), ("e", "b"), ("c", "e")]),
}


def flow(nodes: list[Node], edges: list[tuple[str, str]], label: str = "A node of it") -> Flow:
    return Flow.model_validate(
        {
            "caption": "What happens.",
            "nodes": [{"id": name, "label": label, "at": at, "shape": shape} for name, at, shape in nodes],
            "edges": [{"from": source, "to": target, "label": "yes"} for source, target in edges],
        }
    )


def box(picture: Picture) -> tuple[float, float, float, float]:
    left, top, width, height = map(float, picture.view_box.split())
    return left, top, left + width, top + height


def overlap(one: DrawnNode, other: DrawnNode) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not (beside or one.y + one.height <= other.y or other.y + other.height <= one.y)


@pytest.mark.parametrize("made", FLOWS.values(), ids=FLOWS.keys())
@pytest.mark.parametrize("picture", [picture_of, thumbnail])
def test_nodes_stand_apart_and_everything_is_in_the_picture(made: Any, picture: Any) -> None:
    drawn = picture(flow(*made))
    assert not any(overlap(one, other) for one, other in combinations(drawn.nodes, 2))
    left, top, right, bottom = box(drawn)
    assert all(left <= shape.x and shape.x + shape.width <= right for shape in drawn.nodes)
    assert all(top <= shape.y and shape.y + shape.height <= bottom for shape in drawn.nodes)
    assert len(drawn.edges) == len(made[1])


@pytest.mark.parametrize("made", FLOWS.values(), ids=FLOWS.keys())
def test_no_edge_goes_through_a_node(made: Any) -> None:
    given = flow(*made)
    layout = lay_out([Outline(n.id, n.label, n.shape, n.at) for n in given.nodes], FULL, upright=True)
    boxes = {each.node.id: each for each in layout.boxes}
    router = Router(layout)
    for edge in given.edges:
        points = router.route(boxes[edge.source], boxes[edge.target])
        others = [each for each in layout.boxes if each.node.id not in (edge.source, edge.target)]
        for (x, y), (nx, ny) in pairwise(points):
            assert x == nx or y == ny, "an edge goes up, down and sideways only"
            for other in others:
                beside = max(x, nx) <= other.x - other.width / 2 or min(x, nx) >= other.x + other.width / 2
                above = max(y, ny) <= other.y - other.height / 2 or min(y, ny) >= other.y + other.height / 2
                assert beside or above, (edge.source, edge.target, other.node.id)


def test_an_edge_from_a_node_to_itself_goes_out_and_comes_back() -> None:
    drawn = picture_of(flow(ROW[:2], [("a", "b"), ("b", "b")]))
    assert drawn.edges[1].path.count("Q") == 2


def test_a_long_flow_stands_on_the_page_and_lies_in_a_list() -> None:
    long = flow([(f"n{n}", (n, 0), "step") for n in range(6)], [])
    assert picture_of(long).height > picture_of(long).width
    assert thumbnail(long).width > thumbnail(long).height


def test_a_long_label_is_broken_and_fits_its_node() -> None:
    drawn = picture_of(flow(ROW[:1], [], label="Check the status and the result of it"))
    (shape,) = drawn.nodes
    assert [text.text for text in shape.lines] == ["Check the", "status and the", "result of it"]
    assert shape.width > 7 * max(len(text.text) for text in shape.lines)


def test_a_drawing_says_where_the_run_is_and_where_it_was() -> None:
    lit = TraceState(node="c", past_nodes=frozenset({"a", "b"}), edges={("a", "b"): 2, ("b", "c"): 1})
    drawing = draw_flow(flow(*FLOWS["in a row, with a way back"]), lit)
    assert {each.node.id: each.state for each in drawing.nodes} == {"a": "past", "b": "past", "c": "at", "d": "ahead"}
    assert [each.state for each in drawing.edges] == ["past", "past", "ahead", "ahead"]
    assert [each.times for each in drawing.edges] == [2, 1, 0, 0]
    assert drawing.at == "A node of it"


def test_the_same_flow_is_worked_out_once() -> None:
    lesson = catalogue.get("task-results-and-status")
    assert (
        draw_flow(lesson.content.flow, TraceState()).picture
        is draw_flow(lesson.content.flow, TraceState(node="start")).picture
    )


def test_a_broad_flow_is_drawn_narrower_with_its_words_whole() -> None:
    broad = flow([(f"n{n}{m}", (n, m), "step") for n in range(3) for m in range(4)], [], label="async_iter keeps a row")
    drawn = picture_of(broad)
    assert drawn.width <= WIDEST
    assert [text.text for text in drawn.nodes[0].lines] == ["async_iter", "keeps a", "row"]


def test_neighbours_are_far_enough_apart_for_the_label_between_them() -> None:
    given = flow([("a", (0, 0), "step"), ("b", (1, 0), "step"), ("c", (0, 1), "step")], [("a", "b")])
    edge = given.edges[0].model_copy(update={"label": "it raised"})
    one, other, _ = picture_of(given.model_copy(update={"edges": (edge,)})).nodes
    assert one.y == other.y
    assert other.x - one.x - one.width > 6 * len(edge.label)
