"""Flows of several shapes, for tests of their drawing."""

from __future__ import annotations

from tutor.lessons.format.flow import Flow

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
