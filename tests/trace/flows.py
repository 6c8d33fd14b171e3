"""Runs of several tasks through the first lesson's flow."""

from __future__ import annotations

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, trace_of
from tutor.trace.state import TraceState

EDGES = {
    ("start", "running"),
    ("running", "completes"),
    ("completes", "again"),
    ("again", "running"),
    ("completes", "store"),
    ("store", "again"),
    ("store", "check"),
    ("check", "use"),
}
"""The edges of the first lesson's flow."""
KILLED = [life.queued(), life.picked(), life.started(), life.died(73, task="t1")]
AGAIN = [*KILLED, life.picked(delivery=2), life.by(83, life.started(delivery=2))]
"""A worker is killed, and the task comes again."""


def state_after(*events: MadeUpEvent) -> TraceState:
    return trace_of([asked(), *events]).state


def states(*events: MadeUpEvent) -> list[TraceState]:
    """Return the state at each step."""
    return [step.state for step in trace_of([asked(), *events]).steps]
