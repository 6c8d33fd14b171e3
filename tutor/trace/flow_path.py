"""The path of a run through the concept flow of its lesson."""

from __future__ import annotations

from collections import Counter

from tutor.lessons.format.flow import Flow


class FlowPath:
    """The lit node, the nodes before it, and how often each edge was taken."""

    def __init__(self, flow: Flow) -> None:
        self.known_edges = {(edge.source, edge.target) for edge in flow.edges}
        self.node: str | None = None
        self.past_nodes: set[str] = set()
        self.edges: Counter[tuple[str, str]] = Counter()

    def enter(self, node: str) -> None:
        """Light `node`, and count the edge to it if the flow has one."""
        if self.node is not None:
            edge = (self.node, node)
            if self.node != node or edge in self.known_edges:
                self.past_nodes.add(self.node)
            if edge in self.known_edges:
                self.edges[edge] += 1
        self.node = node
