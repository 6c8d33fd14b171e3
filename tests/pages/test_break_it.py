"""The style Break it: what its page offers, what it asks before the new run is shown, and what is refused."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.observations import TASK, first_lesson
from tests.pages.waiting_queue import WaitingQueue
from tests.recording import Recording
from tutor.classroom.asking import class_styles
from tutor.lessons import catalogue
from tutor.lessons.prose import plain
from tutor.runs.models import Breaking, Run
from tutor.styles.moment import newest_of

pytestmark = pytest.mark.django_db
KILL = {"do": "2:kill"}


def page(client: Client, run: Run, step: int = 2) -> str:
    response = client.get(f"/runs/{run.public_id}/?style=break_it&step={step}")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def break_it(client: Client, run: Run, **data: str) -> HttpResponse:
    return client.post(f"/runs/{run.public_id}/break/", data or KILL)


@pytest.fixture
def ended(recording: Recording) -> Run:
    recording.go_on()
    return recording.run


@pytest.fixture
def broken(client: Client, ended: Run, queue: WaitingQueue) -> Recording:
    """A run that the browser has broken at step 2, whose worker dies there; its lab hasn't begun."""
    break_it(client, ended)
    return Recording(Run.objects.latest("pk"))


def test_it_offers_what_can_be_done_at_the_step_and_says_why_other_things_cannot(client: Client, ended: Run) -> None:
    shown = page(client, ended)
    assert 'name="do" value="2:kill"' in shown
    assert 'name="do" value="2:skip-gate"' not in shown
    assert "No schedule queues a task in this run." in shown
    first = page(client, ended, 1)
    assert 'value="1:kill"' not in first
    assert "No worker is inside a task at this step." in first
    assert "data-walk>Go to step 2</a>" in first


def test_it_shows_the_step_and_the_lines_at_which_processes_stand(client: Client, ended: Run) -> None:
    shown = page(client, ended)
    assert f'id="break-title">{newest_of(ended).trace.steps[1].headline}</h2>' in shown
    assert 'aria-label="program.py"' in shown
    assert "Choose what to do at this step." in shown
    last = page(client, ended, newest_of(ended).made)
    assert "Choose another step to break the run." in last
    assert "Choose what to do at this step." not in last


def test_the_new_run_has_the_inputs_of_the_old_one_and_the_intervention(
    client: Client, ended: Run, queue: WaitingQueue
) -> None:
    response = break_it(client, ended)
    new = Run.objects.latest("pk")
    assert response.status_code == 302
    assert response["Location"] == f"/runs/{new.public_id}/?style=break_it&step=2"
    assert (new.knobs, new.version_id) == (ended.knobs, ended.version_id)
    assert [each["action"] for each in new.interventions] == ["kill"]
    assert queue.added == [new.public_id]
    assert (new.breaking.origin, new.breaking.step) == (ended, 2)


@pytest.mark.parametrize("do", ["", "2", "2:", "2:explode", "0:kill", "99:kill", "x:kill", "2:kill:3", "2" * 5000])
def test_what_cannot_be_done_is_refused_with_a_way_back(client: Client, ended: Run, do: str) -> None:
    response = break_it(client, ended, do=do)
    assert response.status_code == 409
    assert f"/runs/{ended.public_id}/?style=break_it" in response.content.decode()
    assert Run.objects.count() == 1


def test_a_reason_is_given_for_what_cannot_be_done_at_this_step(client: Client, ended: Run) -> None:
    assert "No worker is inside a task at this step." in break_it(client, ended, do="1:kill").content.decode()


def test_a_run_that_goes_on_cannot_be_broken_yet(client: Client, recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "started")
    assert "When it has ended, it can be run again and broken here." in page(client, recording.run)
    assert break_it(client, recording.run).status_code == 409


def test_too_many_runs_are_refused(client: Client, ended: Run, queue: WaitingQueue, settings: object) -> None:
    settings.TUTOR_RUNS_PER_MINUTE = 1  # type: ignore[attr-defined]
    assert break_it(client, ended).status_code == 302
    response = break_it(client, ended)
    assert response.status_code == 429
    assert "You started 1 runs in a minute." in response.content.decode()


def test_it_only_allows_post_from_this_site(client: Client, ended: Run) -> None:
    assert client.get(f"/runs/{ended.public_id}/break/").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"/runs/{ended.public_id}/break/", KILL).status_code == 403


def test_before_the_run_is_shown_its_owner_is_asked_and_sees_nothing_of_it(
    client: Client, broken: Recording, ended: Run
) -> None:
    assert "You are asked as soon as it has ended." in page(client, broken.run)
    broken.go_on()
    shown = page(client, broken.run)
    assert "How often does it start?" in shown
    assert "compare__table" not in shown
    assert 'data-made="0"' in shown
    assert "-1.0" not in shown
    assert f'href="/runs/{ended.public_id}/?step=2">step 2</a> of the run before:' in shown
    fragments = client.get(f"/runs/{broken.run.public_id}/?style=break_it&step=2", headers={"HX-Request": "true"})
    assert "compare__table" not in fragments.content.decode()


def test_the_page_is_loaded_again_when_the_run_has_ended(client: Client, broken: Recording) -> None:
    address = f"/runs/{broken.run.public_id}/expect/"
    assert "HX-Redirect" not in client.get(address).headers
    broken.go_on()
    Run.objects.filter(pk=broken.run.pk).update(state=Run.State.ENDED)
    assert client.get(address).headers["HX-Redirect"] == f"/runs/{broken.run.public_id}/?style=break_it&step=1"


def test_what_was_said_stands_beside_what_came(client: Client, broken: Recording) -> None:
    broken.go_on()
    said = {"stored": "Success", "starts": "twice", "learns": "no"}
    response = client.post(f"/runs/{broken.run.public_id}/expect/", said)
    assert response.status_code == 302
    shown = page(client, broken.run)
    assert "2 of 3 foreseen" in shown
    assert "You said twice. It was <b>once</b>." in shown
    assert "compare__table" in shown
    assert "the new run" in shown


def test_what_was_said_first_counts(client: Client, broken: Recording) -> None:
    broken.go_on()
    address = f"/runs/{broken.run.public_id}/expect/"
    client.post(address, {"starts": "twice"})
    client.post(address, {"starts": "once"})
    assert Breaking.objects.get(run=broken.run).expected == {"starts": "twice"}


def test_the_run_can_be_shown_without_an_answer_and_nothing_else_is_stored(client: Client, broken: Recording) -> None:
    broken.go_on()
    client.post(f"/runs/{broken.run.public_id}/expect/", {"stored": "x" * 9999, "other": "1"})
    assert Breaking.objects.get(run=broken.run).expected == {}
    assert "compare__table" in page(client, broken.run)


def test_what_came_stands_before_what_can_be_done_next(client: Client, broken: Recording) -> None:
    assert "compare__table" not in page(client, broken.run)
    broken.go_on()
    client.post(f"/runs/{broken.run.public_id}/expect/")
    shown = page(client, broken.run)
    assert shown.index("compare__table") < shown.index("What can be done here")


def test_a_broken_run_is_called_after_the_case_that_was_broken(client: Client, broken: Recording) -> None:
    broken.go_on()
    client.post(f"/runs/{broken.run.public_id}/expect/")
    case = newest_of(broken.run).lesson.cases[0].title
    assert f">{case} · kill its worker</a>" in page(client, broken.run)


def test_others_are_not_asked(client: Client, broken: Recording) -> None:
    broken.go_on()
    stranger = Client()
    assert "compare__table" in page(stranger, broken.run)
    stranger.post(f"/runs/{broken.run.public_id}/expect/", {"starts": "never"})
    assert not Breaking.objects.get(run=broken.run).is_shown


def test_what_was_done_is_listed_and_can_be_taken_back(client: Client, broken: Recording, ended: Run) -> None:
    broken.go_on()
    client.post(f"/runs/{broken.run.public_id}/expect/")
    shown = page(client, broken.run)
    assert "copysign, delivery 1, when it has started: Kill its worker" in shown
    back = f"/runs/{broken.run.public_id}/back/1/"
    assert f'formaction="{back}">Take back</button>' in shown
    assert client.get(back).status_code == 405
    assert client.post(back)["Location"] == f"/runs/{ended.public_id}/?style=break_it&step=2"
    assert client.post(back.replace("/1/", "/2/")).status_code == 404


def with_the_deed(recording: Recording) -> None:
    """Let the worker tell, after it has started the task, that it is about to be killed."""
    at = next(place for place, each in enumerate(recording.rest) if each.kind == "started")
    started, later = recording.rest[at], recording.rest[at + 1 :]
    told = {"task": TASK, "action": "kill", "event": "started", "count": 1}
    deed = replace(started, seq=started.seq + 1, kind="intervened", payload=told)
    later = [replace(each, seq=each.seq + (each.pid == started.pid)) for each in later]
    recording.rest[at + 1 :] = [deed, *later]


def test_it_says_so_if_the_moment_never_came(client: Client, broken: Recording) -> None:
    broken.go_on()
    client.post(f"/runs/{broken.run.public_id}/expect/")
    assert "that moment never came" in page(client, broken.run)


def test_it_says_at_which_step_of_the_new_run_it_was_done_and_goes_there(client: Client, broken: Recording) -> None:
    with_the_deed(broken)
    broken.go_on()
    Breaking.objects.filter(run=broken.run).update(step=99)
    shown = client.post(f"/runs/{broken.run.public_id}/expect/")
    step = newest_of(broken.run).trace.step_at(broken.run.events.get(kind="intervened").number)
    assert step > 1
    assert shown["Location"] == f"/runs/{broken.run.public_id}/?style=break_it&step={step}"
    assert f"data-walk>step {step}</a> of the new run" in page(client, broken.run)
    assert "never came" not in page(client, broken.run)


def test_a_run_of_a_class_cannot_be_broken_by_others(client: Client, ended: Run) -> None:
    Run.objects.filter(pk=ended.pk).update(closed_until=timezone.now() + timedelta(hours=1))
    assert break_it(client, ended).status_code == 404


def test_a_class_cannot_be_led_to_it() -> None:
    assert "break_it" not in class_styles()


def repaired(client: Client, broken: Recording) -> tuple[Recording, Recording]:
    """Repair a broken run with another knob; return the new run, in which it is done again, and its yardstick."""
    broken.go_on()
    client.post(f"/runs/{broken.run.public_id}/expect/")
    assert "does another setting heal this?" in page(client, broken.run)
    response = client.post(f"/runs/{broken.run.public_id}/repair/", {**broken.run.knobs, "x": "2"})
    assert response.status_code == 302
    breaking = Breaking.objects.get(is_repair=True)
    assert breaking.yardstick
    repair = Recording(breaking.run)
    with_the_deed(repair)
    return repair, Recording(breaking.yardstick)


def test_a_broken_run_is_repaired_with_other_knobs_and_compared_with_a_run_with_them_to_which_nothing_was_done(
    client: Client, broken: Recording, queue: WaitingQueue
) -> None:
    repair, yardstick = repaired(client, broken)
    assert repair.run.interventions == broken.run.interventions
    assert yardstick.run.interventions == []
    assert repair.run.knobs == yardstick.run.knobs == {**broken.run.knobs, "x": 2}
    assert queue.added[-2:] == [repair.run.public_id, yardstick.run.public_id]
    assert not {repair.run.public_id, yardstick.run.public_id} & set(queue.cancelled)
    assert "This is told when the run has ended." in page(client, repair.run)
    repair.go_on()
    assert "This is told as soon as the run with the same settings" in page(client, repair.run)
    yardstick.go_on()
    shown = page(client, repair.run)
    assert ">It makes no difference any more</h2>" in shown
    assert f'href="/runs/{yardstick.run.public_id}/">the run with the same settings' in shown
    assert shown.count(">Take back</button>") == 1


def test_the_page_of_a_repaired_run_is_loaded_again_when_its_yardstick_has_ended(
    client: Client, broken: Recording
) -> None:
    repair, yardstick = repaired(client, broken)
    address = f"/runs/{repair.run.public_id}/expect/"
    for each in (repair, yardstick):
        assert f'hx-get="{address}"' in page(client, repair.run)
        assert "HX-Redirect" not in client.get(address).headers
        each.go_on()
        Run.objects.filter(pk=each.run.pk).update(state=Run.State.ENDED)
    assert "HX-Redirect" in client.get(address).headers
    assert f'hx-get="{address}"' not in page(client, repair.run)


def test_what_still_differs_from_the_yardstick_is_named(client: Client, broken: Recording) -> None:
    repair, yardstick = repaired(client, broken)
    for each in repair.rest:
        if each.kind == "stored":
            each.payload.update(success=False, result="boom")
    for each in (repair, yardstick):
        each.go_on()
    shown = page(client, repair.run)
    assert ">It still makes a difference</h2>" in shown
    assert "Tasks: Success 0 instead of 1" in shown


def test_nothing_is_told_of_a_repair_in_which_it_was_not_done_or_whose_yardstick_is_gone(
    client: Client, broken: Recording
) -> None:
    repair, yardstick = repaired(client, broken)
    repair.rest = first_lesson()
    for each in (repair, yardstick):
        each.go_on()
    assert "the moment at which it was to be done never came" in page(client, repair.run)
    Breaking.objects.update(yardstick=None)
    assert "The run without it isn’t kept any more." in page(client, repair.run)


def test_a_repair_needs_no_new_yardstick_if_there_is_such_a_run(
    client: Client, broken: Recording, ended: Run, queue: WaitingQueue
) -> None:
    Run.objects.filter(pk=ended.pk).update(session=broken.run.session, state=Run.State.ENDED)
    client.post(f"/runs/{broken.run.public_id}/repair/", broken.run.knobs)
    assert Breaking.objects.get(is_repair=True).yardstick == ended
    assert len(queue.added) == 2


def test_taking_back_what_was_done_keeps_the_settings_of_a_repair(
    client: Client, broken: Recording, queue: WaitingQueue
) -> None:
    repair, yardstick = repaired(client, broken)
    back = f"/runs/{repair.run.public_id}/back/1/"
    client.post(back)
    new = Run.objects.latest("pk")
    assert (new.knobs, new.interventions) == (repair.run.knobs, [])
    assert queue.added[-1] == new.public_id
    yardstick.go_on()
    Run.objects.filter(pk=yardstick.run.pk).update(state=Run.State.ENDED)
    assert client.post(back)["Location"] == f"/runs/{yardstick.run.public_id}/?style=break_it&step=2"


def test_a_lesson_that_heals_it_is_offered_when_it_was_broken(
    client: Client, broken: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    heals = catalogue.get("safe-to-run-twice"), "Running twice does no harm."
    monkeypatch.setattr("tutor.pages.broken.healing_of", lambda lesson: heals)
    broken.go_on()
    assert "Go to the lesson" not in page(client, broken.run)
    client.post(f"/runs/{broken.run.public_id}/expect/")
    shown = page(client, broken.run)
    assert 'Running twice does no harm. Go to the lesson <a href="/lessons/safe-to-run-twice/">Safe to run' in shown


def test_knobs_out_of_bounds_repair_nothing(client: Client, broken: Recording) -> None:
    response = client.post(f"/runs/{broken.run.public_id}/repair/", {"x": "banana"})
    assert response.status_code == 422
    assert Run.objects.count() == 2


def test_a_run_to_which_nothing_was_done_is_not_repaired(client: Client, ended: Run) -> None:
    assert client.post(f"/runs/{ended.public_id}/repair/", {"x": "1"}).status_code == 404


ABOUT = ["step_by_step", "flow", "code", "timeline", "read", "break_it", "compare", "predict", "quiz"]


@pytest.mark.parametrize("style", ABOUT)
def test_what_the_lesson_says_of_its_own_run_is_not_said_of_a_broken_one(
    client: Client, broken: Recording, style: str
) -> None:
    with_the_deed(broken)
    broken.go_on()
    client.post(f"/runs/{broken.run.public_id}/expect/")
    content = newest_of(broken.run).lesson.content
    points = [plain(each.text) for each in content.snapshot] + [plain(each.answer) for each in content.key_moments]
    for step in (1, newest_of(broken.run).made):
        response = client.get(f"/runs/{broken.run.public_id}/?style={style}&step={step}")
        shown = words(response.content.decode())
        for text in (content.summary_text, content.closing.partition("{")[0], *points):
            assert text.strip()
            assert words(text) not in shown
    if style not in ("predict", "quiz"):
        assert "Broken on purpose: copysign, delivery 1, when it has started: Kill its worker." in shown


def test_neither_its_description_nor_its_file_says_it(client: Client, broken: Recording) -> None:
    summary = words(newest_of(broken.run).lesson.content.summary_text)
    assert summary not in words(page(client, broken.run))
    with_the_deed(broken)
    broken.go_on()
    file = client.get(f"/runs/{broken.run.public_id}/run.html").content.decode()
    assert summary not in words(file)
    assert "Broken on purpose: copysign, delivery 1" in file


def words(text: str) -> str:
    """Return the words of HTML or of a text, without markup."""
    return " ".join(re.sub(r"<[^>]*>", "", html.unescape(text)).split())
