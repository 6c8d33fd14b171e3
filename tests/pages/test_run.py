from __future__ import annotations

import html
from collections.abc import Sequence

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.runs.models import Host
from tutor.runs.reaper import ENDED, give_up
from tutor.styles.moment import at_step
from tutor.trace.model import Step

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"


def page_at(client: Client, recording: Recording, step: int) -> str:
    return client.get(f"/runs/{recording.run.public_id}/?step={step}").content.decode()


def test_it_shows_its_step_and_nothing_later(recording: Recording, client: Client) -> None:
    recording.go_on()
    first, third = page_at(client, recording, 1), page_at(client, recording, 3)
    assert "-1.0" not in first
    assert "The task starts" not in first
    assert "-1.0" in third
    assert "The last task is read" not in third


def test_no_text_of_a_later_step_is_anywhere_on_the_page(recording: Recording, client: Client) -> None:
    recording.go_on()
    steps = at_step(recording.run).trace.steps
    before = visible(client.get(LESSON).content.decode())
    for shown in range(len(steps) + 1):
        page = visible(page_at(client, recording, shown))
        seen = before + page_texts(steps[:shown])
        later = [text for text in page_texts(steps[shown:]).split("\n") if text not in seen]
        assert [text for text in later if text in page] == [], shown
        assert later or shown > 4


def page_texts(steps: Sequence[Step]) -> str:
    """Return the texts of `steps`, each on a line."""
    texts = (
        text for step in steps for text in (step.short, f">{step.short}<", step.action, step.headline, step.sentence)
    )
    return "\n".join(texts)


def visible(page: str) -> str:
    """Return a page as a browser reads it, its characters unescaped."""
    return html.unescape(page)


@pytest.mark.parametrize(
    ("step", "shown"), [("0", 0), ("7", 6), ("999999999999", 6), ("x", 1), ("-1", 1), ("", 1), ("3.5", 1)]
)
def test_a_step_that_there_is_not_shows_the_nearest_one(
    recording: Recording, client: Client, step: str, shown: int
) -> None:
    recording.go_on()
    response = client.get(f"/runs/{recording.run.public_id}/?step={step}")
    assert response.status_code == 200
    assert f'data-step="{shown}"' in response.content.decode()


def test_without_a_step_it_plays_from_the_first(recording: Recording, client: Client) -> None:
    recording.go_on()
    assert "data-autoplay" in client.get(f"/runs/{recording.run.public_id}/").content.decode()
    assert "data-autoplay" not in page_at(client, recording, 1)


def test_a_run_whose_process_is_gone_says_so_and_keeps_its_events(recording: Recording, client: Client) -> None:
    recording.go_on(lambda seen: seen.kind == "started")
    before = list(recording.run.events.values_list("number", "kind"))
    give_up(Host.objects.get(), ENDED)
    after = list(recording.run.events.values_list("number", "kind"))
    assert after == [*before, (len(before) + 1, "ended")]
    assert "ended before the run did" in page_at(client, recording, 2)


def asks(page: str) -> bool:
    """Return whether a page asks the class, apart from what it keeps for other steps."""
    return "Before you go on" in page.partition("<template")[0]


def test_the_class_is_asked_until_the_step_that_answers(recording: Recording, client: Client) -> None:
    recording.go_on()
    assert "Before you go on" not in client.get(LESSON).content.decode()
    shown = [asks(page_at(client, recording, step)) for step in (1, 2, 3, 6)]
    assert shown == [True, True, False, False]


def test_the_class_is_asked_no_more_once_another_step_has_answered(recording: Recording, client: Client) -> None:
    failed = {"success": False, "result": "Traceback", "error": "ValueError: math domain error"}
    for seen in recording.rest:
        if seen.kind in ("finished", "stored"):
            seen.payload.update(failed)
    recording.go_on()
    third = page_at(client, recording, 3)
    assert "The task fails" in third
    assert not asks(third)


def test_the_presenters_note_of_a_step_is_closed_at_first(recording: Recording, client: Client) -> None:
    recording.go_on()
    assert "For presenters" not in client.get(LESSON).content.decode()
    note = '<details id="presenter-note" class="card more presenter-note"><summary><h2>For presenters</h2>'
    assert note in page_at(client, recording, 1)


def test_a_claim_leads_to_its_step_once_the_reader_has_reached_it(recording: Recording, client: Client) -> None:
    recording.go_on()
    claim = f'<a class="claim" href="/runs/{recording.run.public_id}/?step=3" data-card="Seen in step 3: '
    assert claim not in page_at(client, recording, 2)
    assert claim in page_at(client, recording, 3)
    assert f"{LESSON}?case=fails#knobs" in page_at(client, recording, 3)


def fragments(client: Client, address: str) -> HttpResponse:
    return client.get(address, headers={"HX-Request": "true"})


def test_fragments_of_a_finished_run_are_immutable_at_the_address_of_their_edition(
    recording: Recording, client: Client
) -> None:
    recording.go_on()
    address = f"{at_step(recording.run).fragment_address}3"
    found = fragments(client, address)
    assert found["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "HX-Request" in found["Vary"]
    assert f'data-fragments="{html.escape(address[:-1])}"' in found.content.decode()
    assert found.content == fragments(client, f"/runs/{recording.run.public_id}/?step=3").content


def test_fragments_of_another_edition_are_never_stored_by_a_browser(recording: Recording, client: Client) -> None:
    recording.go_on()
    for query in ("step=3", "edition=&step=3", "edition=another&step=3"):
        found = fragments(client, f"/runs/{recording.run.public_id}/?{query}")
        assert found["Cache-Control"] == "no-store"
        assert 'data-step="3"' in found.content.decode()


def test_fragments_of_a_run_that_goes_on_are_not_immutable(recording: Recording, client: Client) -> None:
    recording.go_on(lambda seen: seen.kind == "started")
    moment = at_step(recording.run)
    assert "edition=" not in moment.fragment_address
    for edition in ("", moment.edition):
        address = f"/runs/{recording.run.public_id}/?edition={edition}&step=1"
        assert fragments(client, address)["Cache-Control"] == "no-store"


def test_a_stage_says_whether_its_question_is_still_open(recording: Recording, client: Client) -> None:
    recording.go_on()
    open_at = ["data-question-open" in page_at(client, recording, step) for step in (1, 2, 3, 6)]
    assert open_at == [True, True, False, False]


@pytest.mark.parametrize("line", ["0", "x", "-1", "", "3.5", "999999999999", "²", "1&line=2"])
def test_a_line_is_a_number_or_the_step_is_shown(recording: Recording, client: Client, line: str) -> None:
    recording.go_on()
    answer = client.get(f"/runs/{recording.run.public_id}/?style=code&step=2&line={line}")
    assert answer.status_code == 200
    assert 'id="stage"' in answer.content.decode()


def test_a_line_has_an_address_in_a_style_with_lines(recording: Recording, client: Client) -> None:
    recording.go_on()
    frame = at_step(recording.run).trace.code.frames[0]
    address = f"/runs/{recording.run.public_id}/?step=0&line={frame.number}"
    assert f'data-line="{frame.number}"' in client.get(f"{address}&style=code").content.decode()
    assert "data-line=" not in client.get(address).content.decode().split('id="stage"')[1].split(">")[0]


def test_the_fragments_of_a_line_never_change_in_their_edition(recording: Recording, client: Client) -> None:
    recording.go_on()
    moment = at_step(recording.run, 0, "code", at_step(recording.run).trace.code.frames[0].number)
    address = f"{moment.fragment_address}{moment.position}&line={moment.line}"
    answer = client.get(address, headers={"HX-Request": "true"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert f'data-line="{moment.line}"' in answer.content.decode()
