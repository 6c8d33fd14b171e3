"""The picture of a symptom: true to the run in order and overlap, and readable."""

from __future__ import annotations

from typing import Any

import pytest

from tests.observations import WORKER
from tests.styles.drawing.true_picture import assert_true, spans, texts
from tests.trace.events import asked, changed, event, events_of_first_lesson, lesson, numbered
from tests.trace.life import by, died, finished, idle, picked, printed, queued, started, stored
from tutor.lessons.format.symptom import Symptom as Declared
from tutor.lessons.lesson import Lesson
from tutor.styles.drawing.symptom import draw_symptom
from tutor.styles.drawing.symptom_shapes import WIDTH, SymptomPicture
from tutor.trace.symptom import Symptom
from tutor.trace.symptom_lanes import symptom_of

TWICE = [
    queued(),
    picked(lock_s=0.002),
    started(),
    picked(delivery=2),
    by(99, started(delivery=2)),
    finished(),
    stored(),
]
"""A second delivery while the first is executed."""


def showing(**table: Any) -> Lesson:
    return changed(lesson(), symptom=Declared.model_validate(table))


def symptom(*events: Any, **table: Any) -> tuple[Symptom, SymptomPicture]:
    """Return the symptom of made-up events, a millisecond apart, and its picture."""
    found = symptom_of(showing(**table), numbered([asked(), *events, idle()]))
    assert found
    return found, draw_symptom(found)


def test_the_first_lesson_is_drawn_as_its_run_went() -> None:
    found = symptom_of(lesson(), events_of_first_lesson())
    assert found
    assert found.mistakes == ()
    picture = draw_symptom(found)
    assert_true(found, picture)
    assert [lane.label for lane in picture.lanes] == ["caller", "queue", "worker", "Task"]
    assert picture.told
    assert picture.told.text == "None"
    assert "-1.0" in texts(picture)


def test_two_executions_at_the_same_time_overlap_in_lanes_of_their_own() -> None:
    events = ({"event": "started"}, {"event": "stored"})
    found, picture = symptom(*TWICE, lanes=("workers by process",), events=events)
    assert [lane.label for lane in found.lanes] == ["A", "B"]
    assert_true(found, picture)
    one, other = spans(found, picture)
    assert one.left < other.left < one.right


def test_in_one_lane_bars_of_the_same_time_cover_each_other_not() -> None:
    events = ({"event": "started"}, {"event": "stored"})
    _, picture = symptom(*TWICE, lanes=("workers",), events=events)
    one, other = picture.boxes
    assert one.y + one.height <= other.y


def test_a_lane_by_task_is_one_for_each_task_in_order_of_appearance() -> None:
    events = ({"event": "queued"}, {"event": "picked"})
    found, _ = symptom(queued("t1"), queued("t2"), picked("t2"), lanes=("queue by task",), events=events)
    assert [lane.label for lane in found.lanes] == ["charge", "charge #2"]


def test_a_hand_over_is_drawn_only_from_a_row_of_its_own_task() -> None:
    more = (queued("t1"), queued("t2"), picked("t1"), picked("t2"), started("t1"), by(99, started("t2")))
    chosen = ({"event": "queued", "where": {"task": "t2"}}, {"event": "started"})
    found, picture = symptom(*more, lanes=("queue", "workers by process"), events=chosen)
    assert [lane.label for lane in found.lanes] == ["queue", "A", "B"]
    assert [(each.source, each.target) for each in found.hand_overs] == [(0, 2)]
    assert len(picture.arrows) == 1


def test_the_death_of_a_worker_is_marked_at_the_end_of_its_bar() -> None:
    events = ({"event": "queued"}, {"event": "started"})
    _, picture = symptom(queued(), picked(), started(), died(WORKER), lanes=("queue", "workers"), events=events)
    (dead,) = (box for box in picture.boxes if box.death)
    assert dead.death == pytest.approx(dead.x + dead.width)


def test_what_is_printed_has_its_text_and_its_moment() -> None:
    events = ({"event": "started"}, {"event": "printed", "text": "{event.text}"})
    more = (started(), printed("one\n"), printed("two\n"))
    _, picture = symptom(queued(), picked(), *more, lanes=("output", "workers"), events=events)
    one, two = picture.chips
    assert (one.box.text, two.box.text) == ("one", "two")
    assert one.x < two.x
    assert one.box.x + one.box.width < two.box.x
    assert two.box.x + two.box.width < WIDTH


def test_an_event_of_a_process_without_a_lane_crosses_all_lanes() -> None:
    events = ({"event": "queued"}, {"event": "picked"})
    _, picture = symptom(queued(), picked(), lanes=("caller",), events=events)
    assert len(picture.across) == 1


def test_what_the_run_does_not_have_is_a_mistake() -> None:
    events = ({"event": "queued"}, {"event": "stored"})
    told = {"claim": "result@stored", "part": "-1.0"}
    found, _ = symptom(queued(), lanes=("caller", "Task"), events=events, told=told)
    assert [part for part, _ in found.mistakes] == ["events 1", "lanes 1", "told"]


def test_a_text_that_does_not_fit_is_left_out_and_none_is_outside_of_the_picture() -> None:
    events = ({"event": "started", "text": "much too long for such a short bar"}, {"event": "stored"})
    _, picture = symptom(*TWICE, lanes=("workers", "Task"), events=events)
    assert "much" not in " ".join(texts(picture))
    assert all(box.x >= 0 and box.x + box.width <= WIDTH for box in picture.boxes)


def test_a_lesson_without_the_table_has_no_symptom() -> None:
    assert symptom_of(changed(lesson(), symptom=None), [event("asked", "host", knobs={})]) is None


def test_its_words_tell_the_same_in_the_order_of_time() -> None:
    _, picture = symptom(*TWICE, lanes=("queue", "workers"), events=({"event": "queued"}, {"event": "started"}))
    words = picture.description
    assert words.startswith("Lanes: queue, worker.")
    assert words.index("charge waits") < words.index("by worker A") < words.index("by worker B")
