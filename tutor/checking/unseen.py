"""The parts of a lesson that none of its cases shows. They may be right, but no run vouches for them."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.lesson import Lesson

from .case_runs import Runs
from .findings import runs_of

COMING = ("gate_reached", "gate")
"""The kinds of events that say that a process came to a gate."""


def unseen(lesson: Lesson, runs: Runs) -> Iterator[str]:
    """Yield a message for each rule that makes no step, each node that isn't lit and each edge that isn't taken,
    and each gate that no process comes to."""
    traces = [run.trace for run in runs_of(lesson, runs)]
    made = {step.id for trace in traces for step in trace.steps}
    lit = {visit.node for trace in traces for token in trace.state.tokens for visit in token.path}
    taken = {edge for trace in traces for edge, times in trace.state.edges.items() if times}
    flow = lesson.content.flow
    unmade = [rule.id for rule in lesson.content.steps if rule.id not in made]
    unlit = [node.id for node in flow.nodes if node.id not in lit]
    untaken = [f"{edge.source} → {edge.target}" for edge in flow.edges if (edge.source, edge.target) not in taken]
    reached = {str(e.payload["name"]) for run in runs_of(lesson, runs) for e in run.events if e.kind in COMING}
    unreached = [gate.name for gate in lesson.content.all_gates if gate.name not in reached]
    kinds = (
        ("rules that no case fires", unmade),
        ("nodes that no case lights", unlit),
        ("edges that no case takes", untaken),
        ("gates that no process comes to in any case", unreached),
    )
    yield from (f"{lesson.slug}: {what}: {', '.join(names)}" for what, names in kinds if names)
