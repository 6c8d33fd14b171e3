"""What has come of everything that was acknowledged, as the store says in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from tutor.runs.models import Event

from ..leases import OF_TASKS
from ..served_site import Site
from .load import Load

WAYS = {
    "finished": "have finished",
    "failed": "have failed, as they should",
    "stopped": "were stopped",
    "lost": "were lost",
}
"""Outcome of a run → how it is said."""
REPLACED = "A newer run of the same browser took its place."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What deviates from the promises, and how many of what there were."""

    deviations: list[str]
    counts: Counter[str]


def verdict(site: Site, load: Load, disturbed: Set[str], undisturbed: Set[str]) -> Verdict:
    """Compare the store with what was acknowledged. `disturbed` are the hosts that something was done to, and
    `undisturbed` runs that ended before, one of each kind."""
    deviations, counts = list[str](), Counter[str]()
    whole = {outcome_of(each): kinds(each) for each in map(site.events, undisturbed)}
    runs = site.read("SELECT public_id, state, host FROM runs_run ORDER BY id")
    for run, state, host in runs:
        events = site.events(run)
        counts[f"runs that {WAYS.get(outcome_of(events), 'have not ended')}"] += 1
        counts["events of them"] += len(events)
        deviations += [f"run {run} {each}" for each in of_run(events, state, whole, is_disturbed=host in disturbed)]
    deviations += of_acknowledged(site, load, {run for run, *_ in runs})
    counts["answers that were acknowledged"] = len(load.tokens)
    return Verdict(deviations, counts)


def of_run(events: list[Event], state: str, whole: Mapping[str, Counter[str]], *, is_disturbed: bool) -> Iterator[str]:
    """Yield how a run deviates from one whose events are all there, and that has ended truthfully."""
    if state != "ended":
        yield f"is {state}"
        return
    if [each.number for each in events] != list(range(1, len(events) + 1)):
        yield "lacks events"
    if [each.kind for each in events].count("ended") != 1 or events[-1].kind != "ended":
        yield "has not one end, which is its last event"
        return
    outcome, reason = events[-1].payload["outcome"], events[-1].payload["reason"]
    if outcome == "lost" and not is_disturbed:
        yield f"was lost ({reason}), though nothing was done to its host"
    if outcome == "stopped" and reason != REPLACED:
        yield f"was stopped: {reason}"
    if outcome in whole and kinds(events) != whole[outcome]:
        yield f"has these events: {dict(kinds(events))}, and an undisturbed one {dict(whole[outcome])}"


def outcome_of(events: list[Event]) -> str:
    """Return how a run has ended; empty if it hasn't."""
    return str(events[-1].payload["outcome"]) if events and events[-1].kind == "ended" else ""


def kinds(events: list[Event]) -> Counter[str]:
    """Return the kind of an event of tasks → how often it happened."""
    return Counter(each.kind for each in events if each.kind in OF_TASKS)


def of_acknowledged(site: Site, load: Load, stored: Set[str]) -> Iterator[str]:
    """Yield what was acknowledged and isn't there, or is there twice, or that its followers never saw."""
    for run, made in load.made.items():
        if run not in stored:
            yield f"run {run} was started, and isn't there"
        elif made is None:
            yield f"run {run}: its follower didn't see its end"
    times = Counter(token for (token,) in site.read("SELECT token FROM quizzes_response"))
    for token in load.tokens:
        if times[token] != 1:
            yield f"an answer is stored {times[token]} times"
    for what, number in load.refused.items():
        yield f"{number} × refused: {what}"
