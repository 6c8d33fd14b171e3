from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.styles.drawing.flows import FLOWS, flow
from tutor.styles.drawing.flow_layout import FULL, Outline, lay_out
from tutor.styles.drawing.flow_routes import Router


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
