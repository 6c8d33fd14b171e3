"""The benchmark of following a live run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.events import events_of_first_lesson
from tutor.benchmarks.followed_site import FIELDS
from tutor.benchmarks.following import Following, following, growth
from tutor.benchmarks.following_process import IDLE_LOOKS
from tutor.runs.models import Event

EVENTS = [Event(**{name: getattr(each, name) for name in FIELDS}) for each in events_of_first_lesson()]


def followed(events: int, cpu_s: float, memory_mib: float = 1.0, nothing_new_ms: float = 0.1) -> Following:
    return Following(events, [cpu_s], [memory_mib], [nothing_new_ms])


@pytest.mark.thorough
def test_a_run_is_followed_in_a_process_of_its_own_that_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    measured = following("", EVENTS, rounds=2)
    assert measured.events == len(EVENTS)
    assert len(measured.cpu_s) == len(measured.memory_mib) == 2
    assert len(measured.nothing_new_ms) == 2 * IDLE_LOOKS
    assert min(*measured.cpu_s, *measured.memory_mib, *measured.nothing_new_ms) > 0
    assert list(tmp_path.iterdir()) == []


def test_four_thousand_events_have_two_seconds_of_cpu_and_fifty_mib() -> None:
    goals = [(each.goal, each.met) for each in followed(4000, cpu_s=1.9, memory_mib=49).figures()]
    assert goals == [("median < 2", True), ("median < 50", True), ("p95 < 1", True)]
    assert [each.met for each in followed(4000, 2.1, 51, 1.1).figures()] == [False, False, False]


def test_a_long_run_may_need_little_more_cpu_for_an_event_than_a_short_one() -> None:
    assert growth(followed(200, 0.1), followed(8000, 4.4)).median == pytest.approx(1.1)
    assert growth(followed(200, 0.1), followed(8000, 4.4)).met is True
    assert growth(followed(200, 0.1), followed(8000, 8.0)).met is False
