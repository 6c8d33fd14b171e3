"""Compare: two runs of a lesson on one clock and in one table, with the first difference told in a sentence."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from tutor.trace.comparison import compare
from tutor.trace.timeline import Timeline, timeline_at

from .byte_cache import ByteCache
from .drawing.comparison_rows import rows_of
from .drawing.comparison_words import sentence
from .drawing.strip import Strip, draw_strip
from .drawing.strip_svg import strip_svg
from .drawing.time_axis import Axis
from .inputs import differences, name_of
from .moment import Moment
from .registry import Style
from .step_by_step import tags_of


@dataclass(frozen=True, slots=True)
class Named:
    """What a run is called."""

    mark: str
    """Its mark in the table and beside its lanes."""
    said: str
    """What sentences call it."""


X, Y = Named("X", "X"), Named("Y", "Y")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs."""

    named: Named
    name: str
    moment: Moment
    strip: Strip
    svg: SafeString

    @property
    def step_address(self) -> str:
        """The address of a step of the run, step by step, without the step's number."""
        return replace(self.moment, style="step_by_step", other=None).step_address

    @property
    def zero_ms(self) -> float:
        return self.moment.trace.zero_ms


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that its template uses. They are about the whole of both runs, whatever the step."""
    other = moment.other
    return {"other": other, **(compared(moment, other, X, Y) if other else {})}


MAX_BYTES = 16 * 2**20
BYTES_OF_A_STEP = 8 * 2**10
"""About how many bytes a comparison keeps of each step of its two runs."""
comparisons: ByteCache[dict[str, Any]] = ByteCache(MAX_BYTES)
"""Two runs, their events and what they are called → the names for their comparison."""


def compared(first: Moment, second: Moment, one: Named, two: Named) -> dict[str, Any]:
    """Return the names that `parts/comparison.html` uses; none as long as one of the runs goes on.

    They are computed once for all steps of the two runs, and kept.
    """
    if first.trace.ended is None or second.trace.ended is None:
        return {}
    key = *identity_of(first), *identity_of(second), one, two
    steps = first.made + second.made
    return comparisons.get_or_set(key, lambda: names_for(first, second, one, two), lambda _: steps * BYTES_OF_A_STEP)


def identity_of(moment: Moment) -> tuple[Hashable, ...]:
    """Return what decides the trace of a moment, and the addresses of its steps."""
    return moment.lesson.version, moment.run.pk if moment.run else None, moment.number, moment.made, moment.page


def names_for(first: Moment, second: Moment, one: Named, two: Named) -> dict[str, Any]:
    """Return the names for the comparison of two runs that have ended."""
    found = compare(first.trace, second.trace)
    rows, left_out = rows_of(found, one.said, two.said)
    drawn = sides((first, one), (second, two))
    return {
        "comparison": found,
        "sentence": sentence(found, one.said, two.said),
        "sides": drawn,
        "inputs": list(differences(first, second)),
        "rows": [(row, list(zip(row.sides, drawn, strict=True))) for row in rows],
        "left_out": left_out,
        "before_first": found.different[0] if found.different else len(found.pairs),
        "different": [each for each in found.facts if each.first != each.second],
        "same": [each for each in found.facts if each.first == each.second],
    }


def sides(*runs: tuple[Moment, Named]) -> list[Side]:
    """Return runs drawn on one clock: zero is the first event of each one's program."""
    timelines = [whole(moment) for moment, _ in runs]
    longest = max(each.now_ms - each.zero_ms for each in timelines)
    drawn = []
    for (moment, named), timeline in zip(runs, timelines, strict=True):
        axis = Axis(timeline.zero_ms, timeline.zero_ms + longest)
        strip = draw_strip(timeline, (), tags_of(moment), axis=axis)
        drawn.append(Side(named, name_of(moment), moment, strip, strip_svg(strip)))
    return drawn


def whole(moment: Moment) -> Timeline:
    """Return the timeline of the whole run, in which everything that lasts ends at its last step."""
    timeline = timeline_at(moment.trace, moment.made)
    bars = (
        replace(bar, end_ms=timeline.now_ms if bar.end_ms is None else min(bar.end_ms, timeline.now_ms))
        for bar in timeline.bars
    )
    return replace(timeline, bars=tuple(bars))


STYLE = Style("Compare", 7, context, is_whole=True, has_play=False, has_other=True)
