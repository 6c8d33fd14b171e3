"""The drawing of a prelude: every text and line has its scenes, and the page rests in the last one."""

from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, changed, lesson, numbered
from tests.trace.life import line
from tests.trace.test_prelude import LIFE, QUESTION
from tutor.styles.drawing.prelude import draw_prelude
from tutor.styles.drawing.prelude_shapes import DrawnPrelude
from tutor.trace.prelude import prelude_of
from tutor.trace.projector import project


def drawn(events: list[MadeUpEvent]) -> DrawnPrelude:
    own = changed(lesson(), ask=QUESTION)
    trace = project(own, events)
    prelude = prelude_of(QUESTION, trace, events)
    assert prelude
    return draw_prelude(own, own.defaults, trace, prelude)


def run(wait_ms: int = 0) -> list[MadeUpEvent]:
    events = numbered([asked(), *LIFE])
    return [
        each if each.number < 7 else MadeUpEvent(**{**vars(each), "at": each.at + wait_ms * 10**6}) for each in events
    ]


def test_the_stations_are_those_that_the_task_can_come_to() -> None:
    found = drawn(run())
    assert [each.id for each in found.stations] == ["caller", "queue", "worker-a", "results"]
    assert found.stops == ("caller", "queue", "queue", "worker-a", "worker-a")
    assert found.rest == "worker-a"


def test_every_scene_has_exactly_one_headline_one_time_and_one_pace() -> None:
    found = drawn(run(2000))
    for texts in (found.headlines, found.times, found.paces):
        numbers = sorted(int(number) for told in texts for number in told.scenes.split())
        assert numbers == list(range(1, len(found.stops) + 1))
        assert [told.is_last for told in texts].count(True) == 1


def test_slow_motion_and_time_lapse_say_how_much_of_the_runs_time_they_take() -> None:
    paces = [told.text for told in drawn(run(2000)).paces]
    assert paces == ["slow motion", "slow motion: 1.0 ms take 1.6 s", "time lapse: 2.0 s take 1.6 s"]


def test_a_station_lights_the_line_in_which_its_process_is() -> None:
    caller = drawn(run()).stations[0]
    lit = {each.number: each.scenes for each in caller.lines if each.scenes}
    assert lit == {4: "1 2 3 4 5"}
    assert not any(each.html.startswith('<span class="c">') for each in caller.lines)


def test_nothing_is_said_of_what_had_not_been_seen() -> None:
    found = drawn(run())
    results = found.stations[-1]
    assert [(note.text, note.scenes) for note in results.notes] == [("no row yet", "1 2 3 4 5")]
    assert "stored" not in {bar.kind.split()[0] for bar in found.strip.bars}
    assert all(bar.x + bar.width <= found.strip.now + 2 for bar in found.strip.bars)


def test_the_cursor_goes_from_left_to_right_as_the_scenes_do() -> None:
    cursors = drawn(run(2000)).strip.cursors
    assert list(cursors) == sorted(cursors)
    assert (cursors[0], cursors[-1]) == (96.0, 700.0)


def test_a_process_without_lines_has_a_station_without_them() -> None:
    events = [each for each in LIFE if each.kind != "line"]
    found = drawn(numbered([asked(), line(4, 1), *events]))
    assert found.stations[2].lines == ()
