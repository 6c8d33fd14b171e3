"""What changes from one moment of a run to another: the page is the same as if it had been loaded there."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.observations import first_lesson
from tests.recording import Recording
from tests.styles.long_run import STEPS, long_trace
from tests.styles.shown_page import ShownPage
from tests.trace.events import lesson
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Event, Run
from tutor.runs.recorder import Recorder
from tutor.styles import rendering
from tutor.styles.moment import STEP_BY_STEP, Moment, at_step, newest_of, without_run
from tutor.styles.registry import styles
from tutor.styles.rendering import changes_between, fragments, stage
from tutor.trace.model import Trace
from tutor.trace.projector import project

SHORT_DELTA = 16_000
"""The bytes that a step of a long run may send."""


def recorded_trace() -> Trace:
    """Return the trace of the first lesson's run as a lab sent it."""
    found: list[Event] = []
    recorder = Recorder(Run(lesson=lesson().slug), found.extend)
    recorder.ask(lesson().slug, version="", program="")
    recorder.record(first_lesson())
    recorder.close()
    return project(lesson(), found)


@cache
def newest(name: str) -> Moment:
    """Return the last moment of a run that has ended."""
    trace = long_trace() if name == "long" else recorded_trace()
    run = Run(pk=-len(trace.steps), public_id=name, lesson=lesson().slug, knobs=lesson().defaults)
    return Moment(lesson(), run, trace, trace.number, len(trace.steps))


def seen(name: str, step: int, made: int, *, ended: bool = False, place: int | None = None) -> Moment:
    """Return the moment at `step` when the run had made `made` steps."""
    last = newest(name)
    found = last.at(step, last.style).when(max(step, made), ended and max(step, made) == last.made, place)
    assert found
    return found


def walks(most: int) -> st.SearchStrategy[list[Moment]]:
    """Moments of a run with `most` steps, one after the other."""
    name = "long" if most == STEPS else "short"
    near = st.integers(0, min(most, 90)) | st.integers(max(0, most - 90), most) | st.integers(0, most)
    moment = st.builds(seen, st.just(name), near, near, ended=st.booleans())
    return st.lists(moment, min_size=2, max_size=4)


def check(walk: Sequence[Moment]) -> None:
    """Check that the changes of a walk make the page at its end."""
    page = ShownPage(fragments(walk[0]))
    for before, after in pairwise(walk):
        page.apply(changes_between(before, after))
        assert page.html == fragments(after)


@settings(max_examples=40)
@given(walks(6))
def test_any_walk_through_a_run_of_a_lab_ends_with_the_page_of_its_last_moment(walk: list[Moment]) -> None:
    check(walk)


@pytest.mark.thorough
@settings(max_examples=15)
@given(walks(STEPS))
def test_any_walk_through_a_long_run_ends_with_the_page_of_its_last_moment(walk: list[Moment]) -> None:
    check(walk)


def test_from_step_to_step_a_page_is_the_same_as_one_that_is_loaded() -> None:
    check([seen("short", step, step) for step in range(7)] + [newest("short")])
    check([seen("long", step, step) for step in (*range(36, 46), *range(236, 246), *range(STEPS - 3, STEPS + 1))])


def test_the_place_in_the_run_queue_changes_the_navigation_alone() -> None:
    first, second = (seen("short", 0, 0, place=place) for place in (1, 2))
    ((how, name, html),) = changes_between(second, first)[-1:]
    assert (how, name) == ("replace", "badge")
    assert "place 1" in html
    check([second, first, seen("short", 0, 0), seen("short", 1, 1)])


def size(before: Moment, after: Moment) -> int:
    return len("".join("".join(change) for change in changes_between(before, after)).encode())


@pytest.mark.parametrize("style", [STEP_BY_STEP, "timeline"])
@pytest.mark.parametrize("step", [60, 200, 1000, 2000, 3000, STEPS])
def test_the_changes_of_a_step_are_short_however_long_the_run_is(step: int, style: str) -> None:
    before, after = (seen("long", number, number).at(number, style) for number in (step - 1, step))
    assert size(before, after) < SHORT_DELTA


def test_new_steps_change_little_in_a_page_that_stays_at_its_own() -> None:
    assert size(seen("long", 3000, 3050), seen("long", 3000, 3051)) < 1000


def test_without_a_known_moment_everything_is_sent() -> None:
    names = [(how, name) for how, name, _ in changes_between(None, newest("short"))]
    assert names == [("replace", "walk-nav"), ("replace", "stage")]
    page = ShownPage(fragments(seen("long", 50, 60)))
    page.apply(changes_between(None, newest("short")))
    assert page.html == fragments(newest("short"))


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_each_element_of_every_lesson_that_changes_has_an_id_of_its_own(slug: str) -> None:
    found: Lesson = catalogue.get(slug)
    moment = without_run(found)
    ids = [*rendering.nav_part(moment).ids(), *rendering.stage_part(moment).ids()]
    in_html = [each.id for each in ShownPage(fragments(moment)).root.elements() if each.id]
    assert len(in_html) == len(set(in_html))
    assert set(ids) <= set(in_html)


@pytest.mark.parametrize("step", [0, 1, 40, 41, 3000, STEPS])
def test_each_element_of_a_run_that_changes_has_an_id_of_its_own(step: int) -> None:
    moment = seen("long", step, STEPS)
    ids = [*rendering.nav_part(moment).ids(), *rendering.stage_part(moment).ids()]
    in_html = [each.id for each in ShownPage(fragments(moment)).root.elements() if each.id]
    assert len(in_html) == len(set(in_html))
    assert set(ids) <= set(in_html)


def test_a_moment_that_never_was_is_unknown() -> None:
    last = newest("short")
    assert last.when(5, False, None) is None  # The page shows step 6.
    assert last.when(7, False, None) is None
    assert last.at(3, last.style).when(5, True, None) is None
    live = replace(last, trace=replace(last.trace, ended=None))
    assert live.when(6, True, None) is None
    assert live.when(6, False, None) == live


@pytest.mark.django_db
@pytest.mark.parametrize("style", styles())
def test_what_identifies_a_stage_decides_all_of_it_however_the_run_goes_on(recording: Recording, style: str) -> None:
    stages: dict[Hashable, str] = {}
    while recording.rest:
        kind = recording.rest[0].kind
        recording.go_on(lambda found, kind=kind: found.kind == kind)
        rendering.clear()
        last = newest_of(recording.run)
        for step in range(last.made + 1):
            moment = last.at(step, style)
            assert stages.setdefault(rendering.stage_key(moment), stage(moment)) == stage(moment)
    assert len(stages) < 20


@pytest.mark.django_db
def test_a_value_of_a_lab_can_not_mark_a_part(recording: Recording) -> None:
    recording.go_on()
    moment = at_step(recording.run, 3)
    assert rendering.TOKEN not in fragments(moment)
    assert "\0" not in fragments(moment)


def test_no_step_changes_the_place_of_the_question_which_is_its_viewers_own() -> None:
    one, other = seen("short", 1, 1), seen("short", 2, 2)
    assert 'id="class-question"' in stage(one)
    assert [name for _, name, html in changes_between(one, other) if "class-question" in html and name != "stage"] == []


def test_what_is_a_viewers_own_is_in_its_stage_only() -> None:
    moment = seen("short", 1, 1)
    assert "<b>Right.</b>" in stage(moment, {"class-question": "<b>Right.</b>"})
    assert "<b>Right.</b>" not in stage(moment)


@pytest.mark.parametrize("style", styles())
def test_in_every_style_a_page_that_follows_is_the_same_as_one_that_is_loaded(style: str) -> None:
    for name, last in (("short", 6), ("long", 45)):
        check([seen(name, step, step).at(step, style) for step in range(last + 1)])
        check([newest(name).at(step, style) for step in (0, 3, last, 1)])


def test_a_page_at_a_line_stays_there_while_the_run_goes_on() -> None:
    trace = newest("short").trace
    lines = [frame.number for frame in trace.code.frames]
    for number in lines:
        at_line = newest("short").at(0, "code").at_line(number)
        then = [at_line.when(made, False, None) for made in range(at_line.position, 7)]
        check([each for each in then if each] + [at_line])


@pytest.mark.parametrize("style", styles())
@pytest.mark.parametrize("name", ["short", "long"])
def test_a_part_that_is_kept_from_another_moment_is_the_same_as_a_new_one(style: str, name: str) -> None:
    last = newest(name)
    positions = range(last.made + 1) if name == "short" else (*range(20, 30), *range(36, 44), STEPS - 1, STEPS)
    moments = [moment for step in positions for moment in (seen_in(style, name, step, step), last.at(step, style))]
    for walk in (moments, moments[::-1]):
        rendering.clear()
        found = [fragments(moment) for moment in walk]
        for moment, html in zip(walk, found, strict=True):
            rendering.clear()
            assert fragments(moment) == html


def seen_in(style: str, name: str, step: int, made: int) -> Moment:
    """Return the moment in a style while the run goes on."""
    return replace(seen(name, step, made), style=style)
