"""The style Compare: which run another one is compared with, and what its page says."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.recording import SLUG, Recording
from tutor.classroom.asking import class_styles
from tutor.lessons import catalogue
from tutor.runs.models import Run
from tutor.runs.versions import version_of
from tutor.styles import compare
from tutor.styles.moment import at_step, newest_of
from tutor.trace import comparison

pytestmark = pytest.mark.django_db


def new_run(slug: str = SLUG, **more: object) -> Run:
    lesson = catalogue.get(slug)
    own = {"knobs": lesson.defaults, "state": Run.State.RUNNING, "host": "elsewhere", **more}
    return Run.objects.create(lesson=slug, version=version_of(lesson), **own)


@pytest.fixture
def other(recording: Recording) -> Run:
    """Another run of the same lesson, which has ended."""
    second = Recording(new_run())
    second.go_on()
    return second.run


def page(client: Client, run: Run, **query: str) -> str:
    response = client.get(f"/runs/{run.public_id}/", {"style": "compare", **query})
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_two_runs_are_in_one_table_with_the_sentence_above_it(client: Client, recording: Recording, other: Run) -> None:
    recording.go_on()
    shown = page(client, recording.run, **{"with": other.public_id})
    assert "X and Y are the same, step by step." in shown
    assert shown.count('class="is-same') == newest_of(other).made
    assert f"/runs/{other.public_id}/?step=3" in shown


def test_a_run_that_goes_on_is_asked_for_again_until_it_has_ended(
    client: Client, recording: Recording, other: Run
) -> None:
    recording.go_on(lambda seen: seen.kind == "started")
    shown = page(client, recording.run, **{"with": other.public_id})
    assert "It is compared as soon as it has ended." in shown
    assert 'hx-trigger="every 1s"' in shown
    assert "data-socket" not in shown
    recording.go_on()
    assert 'hx-trigger="every 1s"' not in page(client, recording.run, **{"with": other.public_id})


def test_the_fragments_of_a_step_stay_the_same_only_when_both_runs_have_ended(
    client: Client, recording: Recording, other: Run
) -> None:
    going_on, ended = recording.run, other
    address = (
        f"/runs/{ended.public_id}/?edition={at_step(ended).edition}&style=compare&with={going_on.public_id}&step=2"
    )
    recording.go_on(lambda seen: seen.kind == "started")
    assert "The other run goes on." in page(client, ended, **{"with": going_on.public_id})
    assert f'data-fragments="/runs/{ended.public_id}/?style=' in page(client, ended, **{"with": going_on.public_id})
    assert "no-store" in client.get(address, headers={"HX-Request": "true"})["Cache-Control"]
    recording.go_on()
    response = client.get(address, headers={"HX-Request": "true"})
    assert "immutable" in response["Cache-Control"]
    assert "compare__table" in response.content.decode()


def test_two_runs_are_compared_once_for_all_of_their_steps(
    client: Client, recording: Recording, other: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.go_on()
    counted = []
    monkeypatch.setattr(compare, "compare", lambda *traces: counted.append(traces) or comparison.compare(*traces))
    for step in (1, 2, 3, 2):
        assert "compare__table" in page(client, recording.run, step=str(step), **{"with": other.public_id})
    assert len(counted) == 1


def test_the_runs_of_the_browser_can_be_chosen(client: Client, recording: Recording, other: Run) -> None:
    recording.go_on()
    client.get("/")
    session = client.session
    session.save()
    client.cookies["sessionid"] = session.session_key
    Run.objects.filter(pk__in=(other.pk, recording.run.pk)).update(session=session.session_key)
    shown = page(client, recording.run)
    assert f'<option value="{other.public_id}" selected>' in shown
    assert f'<option value="{recording.run.public_id}"' not in shown


def test_only_runs_of_one_lesson_can_be_compared(client: Client, recording: Recording) -> None:
    stranger = new_run("chains")
    response = client.get(f"/runs/{recording.run.public_id}/?style=compare&with={stranger.public_id}")
    assert response.status_code == 404
    assert "Only runs of the same lesson can be compared." in response.content.decode()


@pytest.mark.parametrize("wanted", ["nothing", "x" * 500, "../secret", "%00"])
def test_a_run_that_there_is_not_is_a_404(client: Client, recording: Recording, wanted: str) -> None:
    response = client.get(f"/runs/{recording.run.public_id}/", {"style": "compare", "with": wanted})
    assert response.status_code == 404


def test_a_run_of_a_class_is_not_shown_beside_another(client: Client, recording: Recording) -> None:
    closed = new_run(closed_until=timezone.now() + timedelta(hours=1))
    response = client.get(f"/runs/{recording.run.public_id}/?style=compare&with={closed.public_id}")
    assert response.status_code == 404


def test_without_another_run_it_says_what_to_do(client: Client, recording: Recording) -> None:
    recording.go_on()
    assert "There is no other run of this lesson so far." in page(client, recording.run)
    lesson = client.get(f"/lessons/{SLUG}/?style=compare").content.decode()
    assert "Then the run can be compared with another one" in lesson


def test_a_class_cannot_be_led_to_it() -> None:
    assert "compare" not in class_styles()


@pytest.mark.parametrize(
    ("style", "is_played"), [("compare", False), ("break_it", False), ("read", False), ("flow", True)]
)
def test_what_shows_the_whole_run_at_once_is_not_played(
    client: Client, recording: Recording, other: Run, style: str, is_played: bool
) -> None:
    recording.go_on()
    shown = page(client, recording.run, style=style)
    assert ("data-play>" in shown) == is_played
    assert ("data-autoplay" in shown) == is_played


def test_a_run_that_goes_on_is_asked_for_at_its_first_step_also_to_break_it(
    client: Client, recording: Recording
) -> None:
    for style in ("compare", "break_it"):
        shown = page(client, recording.run, style=style)
        assert f'style={style}&step=1" hx-trigger="every 1s"' in shown
    recording.go_on()
    assert "every 1s" not in page(client, recording.run, style="break_it")
