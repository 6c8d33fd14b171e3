"""What was put into a run, in words, and in what two runs differ."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.runs.models import Run

from .moment import Moment


def differences(before: Moment, now: Moment) -> Iterator[tuple[str, str, str]]:
    """Yield the knobs in which two runs differ: (label, value before, value now)."""
    for knob in now.lesson.content.knobs:
        old, new = (knob.text(each.knobs.get(knob.name, knob.default)) for each in (before, now))
        if old != new:
            yield knob.label, old, new


def name_of(moment: Moment) -> str:
    """Return a name for the run of a moment: its case, or else its knobs."""
    run: Run | None = moment.run
    if case := moment.case:
        return case.title
    return moment.lesson.knob_summary(moment.knobs) or (f"run {run.public_id}" if run else "")
