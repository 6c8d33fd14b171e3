"""Your turn: the runs that members start with inputs of their own, and what came of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tutor.runs.models import Event, Run
from tutor.runs.run_queue import place_in_queue

from .models import Member, OwnRun, Room

OUTCOMES = {"finished": "finished", "failed": "failed", "stopped": "were stopped", "lost": "were lost"}
"""The outcome of a run → what is said of the runs that have it."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of the runs of a class."""

    counts: tuple[tuple[str, int], ...]
    """What is said of runs with the same outcome, and how many they are."""
    going_on: int


def note_run(room: Room, member: Member, run: Run) -> None:
    """Note that a run is one of a class."""
    OwnRun.objects.create(room=room, member=member, run=run)


def meanwhile(room: Room, run: Run) -> Run | None:
    """Return a run of the class with the same inputs that has ended, to look at while `run` waits; None without any."""
    if place_in_queue(run) is None:
        return None
    ended = Run.objects.filter(pk__in=room.own_runs.values("run"), state=Run.State.ENDED)
    return next((each for each in ended.order_by("-pk") if each.knobs == run.knobs), None)


def outcomes_of(room: Room) -> Outcomes:
    """Return what came of the runs of a class so far."""
    runs = room.own_runs.values("run")
    ended = Event.objects.filter(run__in=runs, kind="ended").values_list("payload", flat=True)
    counts = Counter(payload.get("outcome", "") for payload in ended)
    known = tuple((said, counts[outcome]) for outcome, said in OUTCOMES.items() if counts[outcome])
    return Outcomes(known, runs.count() - sum(counts.values()))
