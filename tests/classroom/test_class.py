"""A class from its opening to its end, as its presenter and its members send it."""

from __future__ import annotations

import csv
import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.recording import SLUG, Recording
from tutor.classroom.beside import beside
from tutor.classroom.code import ALPHABET, code_in
from tutor.classroom.models import Answer, Command, Question, Room
from tutor.classroom.room_feed import text_for
from tutor.classroom.room_watch import render_ahead
from tutor.classroom.state import IDLE
from tutor.classroom.view import MEMBER, PRESENTER, REMOTE, look_at
from tutor.lessons import catalogue
from tutor.live.browser_state import BrowserState
from tutor.runs.event_store import end_run
from tutor.runs.models import Run
from tutor.styles import rendering
from tutor.styles.moment import STEP_BY_STEP
from tutor.styles.rendering import fragments

from .conftest import Press

pytestmark = pytest.mark.django_db(transaction=True)
LESSON = catalogue.get(SLUG)


def text_of(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def answer(client: Client, room: Room, option: int, *, round: int = 1) -> tuple[int, str]:
    question = Question.objects.filter(room=room).latest("pk")
    form = {"do": "answer", "question": question.pk, "round": round, "option": option}
    response = client.post(room.get_absolute_url(), form, headers={"Accept": "text/plain"})
    return response.status_code, response.content.decode()


def asked(press: Press, room: Room) -> Question:
    assert press("ask class").status_code == 200
    return Question.objects.get(room=room)


def test_teaching_a_lesson_opens_a_class_with_a_code_and_no_form(room: Room, client: Client) -> None:
    assert len(room.code) == 6
    assert set(room.code) <= set(ALPHABET)
    wall = text_of(client, f"/teach/{room.secret}/")
    assert f"{room.code[:3]} {room.code[3:]}" in wall
    assert "have joined" in wall
    assert LESSON.content.title not in wall


def test_the_address_of_the_wall_does_not_tell_the_secret_and_opens_nothing_for_others(room: Room) -> None:
    presenter = Client()
    wall = presenter.get(f"/teach/{room.secret}/")["Location"]
    assert room.secret not in wall
    assert presenter.get(wall).status_code == 200
    assert Client().get(wall).status_code == 404
    assert presenter.get(wall.replace(room.code, "222222")).status_code == 404


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "lower"])
def test_a_code_is_found_however_it_is_typed(room: Room, client: Client, typed: str) -> None:
    text = room.code.lower() if typed == "lower" else typed.format(room.code)
    assert code_in(text) == room.code
    assert client.post("/join/", {"code": text})["Location"] == room.get_absolute_url()


def test_everybody_stands_at_the_presenters_step(room: Room, press: Press) -> None:
    press("begin")
    press("go 3")
    page = text_of(Client(), room.get_absolute_url())
    assert 'data-step="3"' in page
    assert 'data-made="3"' in page


def test_a_member_looks_around_up_to_the_furthest_step_that_the_class_has_seen(room: Room, press: Press) -> None:
    press("begin")
    press("go 4")
    press("go 2")
    member = Client()
    htmx = {"HX-Request": "true"}
    assert 'data-step="2"' in text_of(member, room.get_absolute_url())
    assert 'data-step="4"' in text_of(member, f"{room.get_absolute_url()}?step=4", **htmx)
    assert 'data-step="4"' in text_of(member, f"{room.get_absolute_url()}?step=6", **htmx)


def test_of_two_devices_that_saw_the_same_the_first_wins_and_the_other_is_told(room: Room, press: Press) -> None:
    assert press("go 2", saw=0).status_code == 200
    late = press("go 5", saw=0)
    assert late.status_code == 409
    assert "faster" in late.content.decode()
    assert look_at(room.pk).place.step == 2


def test_a_command_that_is_sent_again_gets_its_first_answer(room: Room, press: Press) -> None:
    for _ in range(3):
        assert press("go 2", saw=0, key="the-same-press").status_code == 200
    assert Command.objects.filter(room=room).count() == 1


def test_a_question_two_rounds_and_the_step_that_answers_it(room: Room, press: Press) -> None:
    press("begin")
    question = asked(press, room)
    members = [Client() for _ in range(5)]
    right = question.right
    assert right is not None
    wrong = (right + 1) % len(question.options)
    for number, member in enumerate(members):
        status, said = answer(member, room, right if number == 0 else wrong)
        assert (status, said) == (200, said)
        assert "stored" in said
    press("close")
    poll = look_at(room.pk).poll
    assert poll
    assert [share.count for share in poll.shares if share.is_right] == [1]
    assert poll.advice
    assert poll.advice.command == "away"
    press("again")
    for member in members:
        answer(member, room, right, round=2)
    press("close")
    poll = look_at(room.pk).poll
    assert poll
    assert [(share.percent, share.before) for share in poll.shares if share.is_right] == [(100, 20)]
    press("reveal")
    view = look_at(room.pk)
    assert view.place.step == question.answered_in
    page = text_of(members[0], room.get_absolute_url())
    assert "Right: " in page


def mirrored(wall: str) -> str:
    """Return the page of a presenter without what is behind a press."""
    return re.sub(r"<details.*?</details>", "", wall, flags=re.DOTALL)


def test_no_share_and_no_key_is_seen_before_it_is_shown(room: Room, press: Press) -> None:
    press("begin")
    question = asked(press, room)
    answer(Client(), room, 0)
    for _ in range(2):
        for page in (text_of(Client(), room.get_absolute_url()), mirrored(text_of(Client(), f"/teach/{room.secret}/"))):
            assert "share__percent" not in page
            assert "Right: " not in page
            assert question.why not in page
        press("close")


def test_notes_the_next_step_and_the_advice_are_behind_a_press_on_the_presenters_page(room: Room, press: Press) -> None:
    press("begin")
    question = asked(press, room)
    answer(Client(), room, question.right or 0)
    press("close")
    wall = text_of(Client(), f"/teach/{room.secret}/")
    [advice] = re.findall(r'<details[^>]*id="desk-advice".*?</details>', wall, re.DOTALL)
    assert "More than 70 % are right: move on." in advice
    assert "100 %" in advice
    [notes] = re.findall(r'<details[^>]*id="desk-notes".*?</details>', wall, re.DOTALL)
    assert "The task starts" in notes
    assert LESSON.content.steps[0].present in html.unescape(notes)


def test_an_answer_can_be_changed_until_the_question_is_closed(room: Room, press: Press) -> None:
    press("begin")
    asked(press, room)
    member = Client()
    answer(member, room, 0)
    answer(member, room, 1)
    assert list(Answer.objects.values_list("option", flat=True)) == [1]
    press("close")
    assert answer(member, room, 0)[0] == 409
    assert list(Answer.objects.values_list("option", flat=True)) == [1]


def test_who_was_cut_off_when_it_was_closed_sends_the_kept_answer_until_the_shares_are_shown(
    room: Room, press: Press
) -> None:
    press("begin")
    asked(press, room)
    press("close")
    assert answer(Client(), room, 1)[0] == 200
    press("shares")
    assert answer(Client(), room, 1)[0] == 409


def test_a_reload_in_the_middle_of_a_question_shows_the_answer_that_was_sent(room: Room, press: Press) -> None:
    press("begin")
    asked(press, room)
    member = Client()
    answer(member, room, 1)
    assert re.search(r'value="1" checked', text_of(member, room.get_absolute_url()))


def test_being_lost_is_counted_once_a_member_and_step(room: Room, press: Press) -> None:
    press("begin")
    for member in (one := Client(), one, Client()):
        member.post(room.get_absolute_url(), {"do": "lost", "step": 1}, headers={"Accept": "text/plain"})
    assert look_at(room.pk).pulse.lost == 2


def test_a_run_of_a_class_is_closed_to_others_until_the_class_ends(room: Room, press: Press) -> None:
    assert room.run
    closed = Client().get(room.run.get_absolute_url())
    assert closed.status_code == 404
    assert "belongs to a class" in closed.content.decode()
    press("end")
    assert Client().get(room.run.get_absolute_url()).status_code == 200
    assert "It is over" in text_of(Client(), room.get_absolute_url())


def test_a_class_that_nobody_uses_any_more_is_over_and_its_run_open(room: Room, press: Press) -> None:
    assert room.run
    press("begin")
    room.refresh_from_db()
    room.run.refresh_from_db()
    assert room.run.closed_until == room.used_at + IDLE
    long_ago = timezone.now() - timedelta(seconds=1)
    Room.objects.update(used_at=long_ago - IDLE)
    Run.objects.update(closed_until=long_ago)
    assert Client().get(room.run.get_absolute_url()).status_code == 200
    assert "It is over" in text_of(Client(), room.get_absolute_url())
    assert press("go 2").status_code == 410


def test_a_case_is_a_new_run_with_the_old_one_beside_it(room: Room, press: Press) -> None:
    press("begin")
    press("go 2")
    case = next(each for each in LESSON.content.cases if each.name)
    assert press(f"case {case.name}").status_code == 200
    view = look_at(room.pk)
    assert view.before
    assert view.before.run == room.run
    assert view.room.run != room.run
    assert view.room.step == 2


def test_what_a_class_has_not_seen_of_the_run_before_is_not_beside_the_one_now(room: Room, press: Press) -> None:
    press("begin")
    press("go 2")
    press(f"case {next(each for each in LESSON.content.cases if each.name).name}")
    room.refresh_from_db()
    assert room.run
    Recording(room.run).go_on()
    for step, number in ((2, 2), (3, None), (1, 1)):
        press(f"go {step}")
        view = look_at(room.pk)
        assert view.before
        found = beside(view.before, view.moment).step
        assert (found.number if found else None) == number
    assert "hasn’t seen this step in the other run" in render_of(room, press, 3)


def render_of(room: Room, press: Press, step: int) -> str:
    """Return what members see of the room at a step."""
    press(f"go {step}")
    return look_at(room.pk).prepare([MEMBER]).html(MEMBER)


def test_a_class_sees_its_run_once_more_with_something_done_to_it_at_its_step(room: Room, press: Press) -> None:
    press("begin")
    press("go 2")
    assert press("break explode").status_code == 409
    assert press("break kill").status_code == 200
    view = look_at(room.pk)
    assert view.before
    assert view.before.run == room.run
    assert view.room.step == 2
    new = view.room.run
    assert new
    assert [each["action"] for each in new.interventions] == ["kill"]
    assert new.is_closed
    assert (new.breaking.origin, new.breaking.step) == (room.run, 2)


def test_a_run_that_was_lost_with_its_machine_is_run_again_at_a_press(
    room: Room, press: Press, recording: Recording
) -> None:
    first = room.run
    press("begin")
    press("go 2")
    assert press("rerun").status_code == 409
    press("break kill")
    lost = Room.objects.get().run
    assert lost
    assert "Run it again" not in look_at(room.pk).part(PRESENTER)
    end_run(lost, "lost", "The process that ran this lab ended before the run did.")
    for role in (PRESENTER, REMOTE):
        assert "ended before the run did. Nothing of your class is lost." in look_at(room.pk).part(role)
    assert press("rerun").status_code == 200
    view = look_at(room.pk)
    again = view.room.run
    assert again and again != lost
    assert (again.knobs, again.interventions, again.goes_first) == (lost.knobs, lost.interventions, True)
    assert (again.breaking.origin, again.breaking.step) == (first, 2)
    assert view.before and view.before.run == first
    assert "Run it again" not in view.part(PRESENTER)


def test_nothing_is_done_to_a_run_that_goes_on(room: Room, press: Press) -> None:
    press("begin")
    press("go 2")
    press("break kill")
    assert press("break kill").status_code == 409


def test_the_record_of_a_class_is_a_csv_without_names(room: Room, press: Press, client: Client) -> None:
    press("begin")
    asked(press, room)
    answer(Client(), room, 0)
    press("end")
    record = text_of(client, f"/teach/{room.secret}/record.csv")
    assert record.startswith("when,what,detail,count,percent")
    (line,) = [each for each in csv.DictReader(record.splitlines()) if each["what"] == "ask"]
    assert line["detail"] == f"rule=queued text={Question.objects.get().text} what=class"


def test_a_command_is_recorded_with_its_own_fields_only(room: Room, press: Press) -> None:
    press("begin", text="a question that is half typed", word="")
    press("go 2", text="a question that is half typed", options="", **{"hands-0": "0"})
    assert Command.objects.get(kind="begin").detail == {"rule": "queued"}
    assert Command.objects.get(kind="go").detail.keys() == {"rule", "step"}


def test_a_wrong_word_is_asked_again(room: Room, press: Press) -> None:
    press("word", word="kiwi")
    response = Client().post(room.get_absolute_url(), {"do": "join", "word": "melon"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "That isn’t the word of this class." in page
    assert 'name="word"' in page


def test_walking_on_after_the_answer_puts_the_question_away(room: Room, press: Press) -> None:
    press("begin")
    question = asked(press, room)
    press("reveal")
    room.refresh_from_db()
    assert room.question == question
    press(f"go {room.step + 1}")
    room.refresh_from_db()
    assert room.question is None


def test_a_typed_question_is_text_and_not_html(room: Room, press: Press) -> None:
    press("begin")
    press("ask typed", text="<script>alert(1)</script>", options="<b>yes</b>\nno")
    page = text_of(Client(), room.get_absolute_url())
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;yes&lt;/b&gt;" in page
    assert "<script>alert" not in page


def test_the_lessons_question_is_asked_while_the_run_goes_on_and_revealed_when_it_has_come_to_the_answer(
    recording: Recording, client: Client
) -> None:
    recording.go_on(lambda seen: seen.kind == "queued")
    room = Room.objects.get()

    def press(do: str, number: int) -> int:
        form = {"do": do, "saw": str(number), "key": f"press-{number}-{do[:3]}"}
        return client.post(f"/teach/{room.secret}/commands/", form, headers={"HX-Request": "true"}).status_code

    assert press("ask class", 0) == 200
    assert press("reveal", 1) == 409
    recording.go_on()
    assert press("reveal", 1) == 200
    view = look_at(room.pk)
    assert view.room.question
    assert view.place.step == view.room.question.answered_in
    assert view.moment.steps[-1].id in LESSON.content.ask.before  # type: ignore[union-attr]


def style_of(page: str) -> str:
    [found] = re.findall(r'data-style="(\w*)" data-chosen', page)
    return str(found)


def test_members_see_the_style_of_the_class_unless_they_have_chosen_one(room: Room, press: Press) -> None:
    press("begin")
    press("go 3")
    member, address = Client(), room.get_absolute_url()
    assert style_of(text_of(member, address)) == "step_by_step"
    press("style flow")
    assert style_of(text_of(member, address)) == "flow"
    for chosen in ("code", "step_by_step"):
        own = text_of(member, f"{address}?style={chosen}")
        assert style_of(own) == chosen
        assert f'data-chosen="{chosen}"' in own
        assert 'data-step="3"' in own
        assert f"/ws/rooms/{room.code}/?style={chosen}" in own


def test_a_page_gets_steps_in_its_own_style_whatever_that_of_the_class_is(room: Room, press: Press) -> None:
    press("begin")
    press("go 3")
    press("style flow")
    htmx = {"HX-Request": "true"}
    assert 'class="stage-flow"' in text_of(Client(), f"{room.get_absolute_url()}?style=flow&step=2", **htmx)
    assert "execution__lanes" in text_of(Client(), f"{room.get_absolute_url()}?step=2", **htmx)
    view = look_at(room.pk).prepare([MEMBER])
    state = BrowserState(step=2, follow=True, made=3, ended=False)
    for style, mark in (("flow", "stage-flow"), ("step_by_step", "execution__lanes")):
        assert mark in (text_for(view, MEMBER, style, state) or "")


def test_what_answers_questions_is_on_no_page_of_a_class_before_the_last_step(room: Room, press: Press) -> None:
    press("begin")
    press("go 3")
    member, address = Client(), room.get_absolute_url()
    assert style_of(text_of(member, f"{address}?style=read")) == "step_by_step"
    assert "Key moments" not in text_of(member, address)
    press("style read")
    assert style_of(text_of(member, address)) == "read"
    assert "Concept snapshot" not in text_of(member, address)
    press("go 6")
    assert "Concept snapshot" in text_of(member, address)


@pytest.mark.parametrize("style", ["predict", "quiz", "nonsense"])
def test_styles_in_which_everybody_is_asked_alone_are_no_styles_of_a_class(
    room: Room, press: Press, style: str
) -> None:
    press("begin")
    assert press(f"style {style}").status_code == 400
    page = text_of(Client(), f"{room.get_absolute_url()}?style={style}")
    assert style_of(page) == "step_by_step"
    assert 'data-chosen=""' in page


def test_the_next_step_is_rendered_before_the_class_gets_to_it(
    room: Room, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press("begin")
    press("go 2")
    view = look_at(room.pk).prepare([MEMBER])
    shows = BrowserState(2, True, 2, False, edition=view.moment.edition, room=view.editions[MEMBER])
    fragments(view.moment)
    render_ahead(view)
    press("go 3")
    monkeypatch.setattr(rendering, "rendered", lambda *names: 1 / 0)
    text = text_for(look_at(room.pk).prepare([MEMBER]), MEMBER, STEP_BY_STEP, shows)
    assert text
    assert 'data-position="3"' in text.replace('\\"', '"')


def test_a_class_goes_on_where_the_next_step_can_not_be_rendered(
    room: Room, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press("begin")
    view = look_at(room.pk).prepare([MEMBER])
    monkeypatch.setattr(rendering, "rendered", lambda *names: 1 / 0)
    render_ahead(view)
    press("go 999")
    render_ahead(look_at(room.pk))  # There is none.
    assert look_at(room.pk).place.step == view.newest.made
