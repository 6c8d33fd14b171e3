"""Compare: two runs of a lesson on one clock and in one table, with the first difference told in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from tutor.trace.comparison import compare
from tutor.trace.timeline import Timeline, timeline_at

from .drawing.comparison_rows import rows_of
from .drawing.comparison_words import sentence
from .drawing.strip import Strip, draw_strip
from .drawing.strip_svg import strip_svg
from .drawing.time_axis import Axis
from .inputs import differences, name_of
from .moment import Moment
from .registry import Style
from .step_by_step import tags_of

LETTERS = "X", "Y"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs."""

    letter: str
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
    if other is None or moment.trace.ended is None or other.trace.ended is None:
        return {"other": other}
    found = compare(moment.trace, other.trace)
    rows, left_out = rows_of(found, *LETTERS)
    drawn = sides(moment, other)
    return {
        "other": other,
        "comparison": found,
        "sentence": sentence(found, *LETTERS),
        "sides": drawn,
        "inputs": list(differences(moment, other)),
        "rows": [(row, list(zip(row.sides, drawn, strict=True))) for row in rows],
        "left_out": left_out,
        "before_first": found.different[0] if found.different else len(found.pairs),
        "different": [each for each in found.facts if each.first != each.second],
        "same": [each for each in found.facts if each.first == each.second],
    }


def sides(*moments: Moment) -> list[Side]:
    """Return the runs of `moments`, drawn on one clock: zero is the first event of each one's program."""
    timelines = [whole(each) for each in moments]
    longest = max(each.now_ms - each.zero_ms for each in timelines)
    drawn = []
    for letter, moment, timeline in zip(LETTERS, moments, timelines, strict=True):
        axis = Axis(timeline.zero_ms, timeline.zero_ms + longest)
        strip = draw_strip(timeline, (), tags_of(moment), axis=axis)
        drawn.append(Side(letter, name_of(moment), moment, strip, strip_svg(strip)))
    return drawn


def whole(moment: Moment) -> Timeline:
    """Return the timeline of the whole run, in which everything that lasts ends at its last step."""
    timeline = timeline_at(moment.trace, moment.made)
    bars = (
        replace(bar, end_ms=timeline.now_ms if bar.end_ms is None else min(bar.end_ms, timeline.now_ms))
        for bar in timeline.bars
    )
    return replace(timeline, bars=tuple(bars))


STYLE = Style("Compare", 7, context, is_whole=True, has_other=True)
