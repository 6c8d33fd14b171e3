from __future__ import annotations

import pytest

from tests.recording import Recording
from tutor.lessons import catalogue
from tutor.styles import rendering
from tutor.styles.moment import at_step, without_run
from tutor.styles.rendering import fragments, nav_part, stage_part

pytestmark = pytest.mark.django_db


def test_a_part_is_rendered_once_for_everyone_who_looks_at_the_moment(recording: Recording) -> None:
    recording.go_on()
    assert stage_part(at_step(recording.run, 3)) is stage_part(at_step(recording.run, 3))
    assert nav_part(at_step(recording.run, 3)) is nav_part(at_step(recording.run, 3))


def test_a_stage_is_rendered_once_whatever_happens_after_its_step(recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "queued")
    queued, nav = stage_part(at_step(recording.run, 1)), nav_part(at_step(recording.run, 1))
    recording.go_on(lambda seen: seen.kind == "picked")
    assert nav_part(at_step(recording.run, 1)) is nav
    recording.go_on()
    assert stage_part(at_step(recording.run, 1)) is queued
    assert nav_part(at_step(recording.run, 1)) != nav


def test_the_fragments_replace_the_parts_of_a_page_by_their_ids(recording: Recording) -> None:
    recording.go_on()
    html = fragments(at_step(recording.run, 3))
    for name in ("walk-nav", "stage"):
        assert html.count(f'<div id="{name}"') == 1


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_every_lesson_has_a_stage_without_a_run(slug: str) -> None:
    moment = without_run(catalogue.get(slug))
    assert 'data-step="0"' in rendering.stage(moment)
    assert moment.progress == (0, False, None)


def test_only_the_moment_before_the_answer_says_that_the_next_step_answers_the_question(recording: Recording) -> None:
    recording.go_on()
    question = catalogue.get(recording.run.lesson).content.ask
    assert question
    moments = [at_step(recording.run, step) for step in range(1, 7)]
    answered = next(number for number, step in enumerate(moments[-1].steps) if step.id in question.before)
    assert [moment.answers_next for moment in moments] == [moment.position == answered for moment in moments]
