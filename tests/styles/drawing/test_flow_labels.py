from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from tests.styles.drawing.flows import FLOWS, flow
from tutor.lessons import catalogue
from tutor.lessons.format.flow import Flow
from tutor.styles.drawing.flow_labels import Area, overlap
from tutor.styles.drawing.flow_picture import DrawnEdge, Picture, characters, narrow_picture, picture_of, wide_picture

KINDS: list[Callable[[Flow], Picture]] = [picture_of, narrow_picture, wide_picture]


def area(edge: DrawnEdge) -> Area:
    assert edge.label
    return edge.label.area(characters(edge.label.text))


def collisions(drawn: Picture) -> list[tuple[str, str]]:
    """Return the edges whose labels lie over another label or a node."""
    nodes = [(each.id, (each.x, each.y, each.x + each.width, each.y + each.height)) for each in drawn.nodes]
    labels = [(f"{each.source} to {each.target}", area(each)) for each in drawn.edges]
    return [
        (name, other)
        for name, own in labels
        for other, there in [*nodes, *labels]
        if name != other and overlap(own, there)
    ]


@pytest.mark.parametrize("picture", KINDS)
@pytest.mark.parametrize("made", FLOWS.values(), ids=FLOWS.keys())
def test_labels_collide_neither_with_each_other_nor_with_nodes(made: Any, picture: Callable[[Flow], Picture]) -> None:
    assert collisions(picture(flow(*made))) == []


@pytest.mark.parametrize("picture", KINDS)
@pytest.mark.parametrize("slug", catalogue.lessons())
def test_the_labels_of_a_lesson_have_place_for_how_often_an_edge_was_taken(
    slug: str, picture: Callable[[Flow], Picture]
) -> None:
    drawn = picture(catalogue.get(slug).content.flow)
    assert collisions(drawn) == []
    left, top, width, height = map(float, drawn.view_box.split())
    for one in map(area, drawn.edges):
        assert left <= one[0] and one[2] <= left + width
        assert top <= one[1] and one[3] <= top + height


def test_edges_without_a_label_have_places_for_how_often_they_were_taken_too() -> None:
    drawn = wide_picture(catalogue.get("it-ran-twice").content.flow)
    assert all(edge.label for edge in drawn.edges)
    assert {edge.label.text for edge in drawn.edges if edge.label} == {"", "lock over", "no", "yes"}
    assert not any(overlap(area(one), area(other)) for one, other in combinations(drawn.edges, 2))
