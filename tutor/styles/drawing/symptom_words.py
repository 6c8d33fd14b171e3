"""The picture of a symptom in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tutor.trace.bars import Bar
from tutor.trace.symptom import ShownBar, Symptom, SymptomLane

MOST = 8
"""The maximum number of things that are told; the rest is counted."""
VERBS: Mapping[str, str] = {
    "waiting": "waits",
    "locked": "is locked",
    "execution": "is executed",
    "storing": "is being stored",
    "stored": "is stored",
}


def described(symptom: Symptom) -> str:
    """Return what the picture shows, in the order of time."""
    told = sorted(said for lane in symptom.lanes for said in sayings(lane))
    told += sorted((mark.at_ms, mark.text or mark.event) for mark in symptom.across)
    texts = [text for _, text in sorted(told)]
    more = [f"{len(texts) - MOST} more"] if len(texts) > MOST else []
    lanes = ", ".join(lane.label for lane in symptom.lanes[:MOST])
    return f"Lanes: {lanes}. {'; '.join([*texts[:MOST], *more])}."


def sayings(lane: SymptomLane) -> Iterator[tuple[float, str]]:
    """Yield (time, what happened in the lane then)."""
    for shown in lane.bars:
        if verb := VERBS.get(shown.bar.kind):
            yield shown.bar.begin.at_ms, f"{shown.bar.task_label} {verb}{place(shown)}{end(shown.bar)}"
    for mark in lane.marks:
        yield mark.at_ms, f"{lane.label}: {mark.text or mark.event}"
    if lane.told:
        yield lane.told.at_ms, f"{lane.label} is told {lane.told.text}"


def place(shown: ShownBar) -> str:
    return f" by worker {shown.letter}" if shown.letter else ""


def end(bar: Bar) -> str:
    if bar.died:
        return ", which dies"
    if bar.success is False:
        return ", and fails" if bar.kind == "execution" else " as a failure"
    return " as a success" if bar.kind == "stored" else ""
