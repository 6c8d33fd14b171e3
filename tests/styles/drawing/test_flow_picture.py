from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tests.styles.drawing.flows import FLOWS, ROW, flow
from tutor.styles.drawing.flow_picture import WIDEST, DrawnNode, Picture, picture_of, wide_picture


def box(picture: Picture) -> tuple[float, float, float, float]:
    left, top, width, height = map(float, picture.view_box.split())
    return left, top, left + width, top + height


def overlap(one: DrawnNode, other: DrawnNode) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not (beside or one.y + one.height <= other.y or other.y + other.height <= one.y)


@pytest.mark.parametrize("made", FLOWS.values(), ids=FLOWS.keys())
@pytest.mark.parametrize("picture", [picture_of, wide_picture])
def test_nodes_do_not_overlap_and_everything_is_within_the_view_box(made: Any, picture: Any) -> None:
    drawn = picture(flow(*made))
    assert not any(overlap(one, other) for one, other in combinations(drawn.nodes, 2))
    left, top, right, bottom = box(drawn)
    assert all(left <= shape.x and shape.x + shape.width <= right for shape in drawn.nodes)
    assert all(top <= shape.y and shape.y + shape.height <= bottom for shape in drawn.nodes)
    assert len(drawn.edges) == len(made[1])


def test_an_edge_from_a_node_to_itself_is_a_loop_with_two_corners() -> None:
    drawn = picture_of(flow(ROW[:2], [("a", "b"), ("b", "b")]))
    assert drawn.edges[1].path.count("Q") == 2


def test_a_long_flow_is_upright_on_its_page_and_flat_in_a_wide_window() -> None:
    long = flow([(f"n{n}", (n, 0), "step") for n in range(6)], [])
    assert picture_of(long).height > picture_of(long).width
    assert wide_picture(long).width > wide_picture(long).height


def test_a_long_label_is_broken_into_lines_that_fit_its_node() -> None:
    drawn = picture_of(flow(ROW[:1], [], label="Check the status and the result of it"))
    (shape,) = drawn.nodes
    assert [text.text for text in shape.lines] == ["Check the", "status and the", "result of it"]
    assert shape.width > 7 * max(len(text.text) for text in shape.lines)


def test_a_broad_flow_is_drawn_narrower_without_breaking_a_word() -> None:
    broad = flow([(f"n{n}{m}", (n, m), "step") for n in range(3) for m in range(4)], [], label="async_iter keeps a row")
    drawn = picture_of(broad)
    assert drawn.width <= WIDEST
    assert [text.text for text in drawn.nodes[0].lines] == ["async_iter", "keeps a row"]


def test_the_label_of_an_edge_fits_between_its_nodes() -> None:
    given = flow([("a", (0, 0), "step"), ("b", (1, 0), "step"), ("c", (0, 1), "step")], [("a", "b")])
    edge = given.edges[0].model_copy(update={"label": "it raised"})
    one, other, _ = picture_of(given.model_copy(update={"edges": (edge,)})).nodes
    assert one.y == other.y
    assert other.x - one.x - one.width > 6 * len(edge.label)
