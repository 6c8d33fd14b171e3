from __future__ import annotations

import pytest

from tests.recording import Recording
from tutor.lessons import catalogue
from tutor.styles import rendering
from tutor.styles.moment import at_step, without_run
from tutor.styles.rendering import fragments, stage, walk_nav

pytestmark = pytest.mark.django_db


def test_a_part_is_rendered_once_for_everyone_who_looks_at_the_moment(recording: Recording) -> None:
    recording.go_on()
    assert stage(at_step(recording.run, 3)) is stage(at_step(recording.run, 3))
    assert walk_nav(at_step(recording.run, 3)) is walk_nav(at_step(recording.run, 3))


def test_a_new_event_makes_a_new_moment(recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "queued")
    before = stage(at_step(recording.run, 1))
    recording.go_on(lambda seen: seen.kind == "picked")
    assert at_step(recording.run, 1).number > 1
    assert stage(at_step(recording.run, 1)) is not before
    assert stage(at_step(recording.run, 1)) == before


def test_the_fragments_replace_the_parts_of_a_page_by_their_ids(recording: Recording) -> None:
    recording.go_on()
    html = fragments(at_step(recording.run, 3))
    for name in ("walk-nav", "stage"):
        assert html.count(f'<div id="{name}"') == 1
    assert html.count("hx-swap-oob") == 2


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_every_lesson_has_a_stage_without_a_run(slug: str) -> None:
    moment = without_run(catalogue.get(slug))
    assert 'data-step="0"' in rendering.stage(moment)
    assert moment.progress == (0, False, None)
