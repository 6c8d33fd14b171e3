from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.styles.drawing.timelines import bar, timeline
from tutor.styles.drawing.time_axis import (
    CLEARANCE,
    FOLDED_SHARE,
    FOLDS,
    Axis,
    Fold,
    folded_axis,
    linear_axis,
)
from tutor.styles.templatetags.times import ms

TIMES = st.integers(0, 60_000_000).map(lambda microseconds: microseconds / 1000)
BARS = st.lists(
    st.tuples(st.sampled_from(["execution", "locked", "storing", "waiting"]), TIMES, st.none() | TIMES), max_size=30
).map(lambda each: [bar(kind, begin, None if end is None else begin + end) for kind, begin, end in each])


def begun(bars: list, now_ms: float) -> list:
    """Return the bars that have begun: a timeline contains no others."""
    return [each for each in bars if each.begin.at_ms <= now_ms]


def test_on_a_linear_axis_each_millisecond_has_the_same_length() -> None:
    axis = linear_axis(timeline(zero_ms=100, now_ms=300))
    assert [axis.fraction(at) for at in (0, 100, 150, 300, 400)] == [0, 0, 0.25, 1, 1]


def test_a_long_stretch_in_which_nothing_runs_is_folded() -> None:
    run = timeline(bar("execution", 0, 100), bar("locked", 50, 5000), bar("execution", 2100, None), now_ms=2200)
    (fold,) = folded_axis(run).folds
    assert (fold.begin_ms, fold.end_ms, fold.length_ms) == (110, 2090, 1980)
    assert ms(fold.length_ms) == "1\N{NO-BREAK SPACE}980 ms"


def test_a_stretch_with_a_running_task_is_not_folded_however_long_it_is() -> None:
    assert folded_axis(timeline(bar("execution", 0, None), now_ms=9000)).folds == ()


def test_a_step_and_the_beginning_of_a_bar_are_never_inside_a_fold() -> None:
    run = timeline(bar("execution", 0, 1), bar("waiting", 1000, None), bar("execution", 5000, None), now_ms=5001)
    assert [(fold.begin_ms, fold.end_ms) for fold in folded_axis(run, [3000.0]).folds] == [
        (11, 990),
        (1010, 2990),
        (3010, 4990),
    ]


@given(BARS, TIMES, st.lists(TIMES, max_size=8))
def test_later_times_are_further_right_from_the_beginning_to_the_end(bars: list, now_ms: float, steps: list) -> None:
    axis = folded_axis(timeline(*begun(bars, now_ms), now_ms=now_ms), [each for each in steps if each <= now_ms])
    places = [axis.fraction(now_ms * part / 50) for part in range(51)]
    assert all(one <= other + 1e-9 for one, other in pairwise(places))
    assert axis.fraction(0) == 0
    assert axis.fraction(now_ms) == pytest.approx(1 if now_ms else 0)
    assert len(axis.folds) <= FOLDS
    assert len(axis.folds) * axis.fold_share <= FOLDED_SHARE


@given(BARS, TIMES)
def test_ticks_are_round_times_with_room_for_their_labels(bars: list, now_ms: float) -> None:
    axis = folded_axis(timeline(*begun(bars, now_ms), now_ms=now_ms))
    ticks = axis.ticks()
    assert len(ticks) <= 1 / CLEARANCE + 1
    assert all(other.fraction - one.fraction >= CLEARANCE for one, other in pairwise(ticks))
    assert all(tick.fraction == axis.fraction(tick.at_ms) for tick in ticks)
    assert not any(fold.begin_ms < tick.at_ms < fold.end_ms for tick in ticks for fold in axis.folds)


def test_ticks_say_milliseconds_below_a_second_and_seconds_from_there_on() -> None:
    assert [tick.label for tick in Axis(20, 1220).ticks()] == ["0", "200 ms", "400 ms", "600 ms", "800 ms", "1 s"]
    assert [tick.label for tick in Axis(20, 1320, (Fold(120, 1220),)).ticks()][:3] == ["0", "50 ms", "100 ms"]
