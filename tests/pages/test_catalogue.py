from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.pages.catalogue import catalogue_page
from tutor.runs.code_hash import hash_of_code
from tutor.runs.models import ReferenceRun, Run

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r'<span class="lesson__number">(\d+)</span>')


def numbers(page: str) -> list[int]:
    """The numbers of the lessons that are listed, in the page's order."""
    return [int(number) for number in NUMBER.findall(page)]


def session_of(client: Client) -> str:
    session = client.session
    session.save()
    return session.session_key or ""


@pytest.mark.parametrize("address", ["/", "/lessons/"])
def test_every_lesson_is_listed_once_with_its_number_minutes_and_a_picture(client: Client, address: str) -> None:
    answered = client.get(address)
    page = answered.content.decode()
    assert sorted(numbers(page)) == list(range(1, len(catalogue.lessons()) + 1))
    for entry in answered.context["catalogue"].path:
        assert f'href="/lessons/{entry.lesson.slug}/"' in page
    assert f"{catalogue.get(SLUG).content.minutes} min" in page
    assert page.count('class="symptom"') == len(catalogue.lessons())


def test_a_lesson_without_a_run_has_a_plain_picture_and_one_with_a_run_its_symptom(
    client: Client, recording: Recording
) -> None:
    page = client.get("/lessons/").content.decode()
    assert page.count("no run yet") == len(catalogue.lessons())
    recording.go_on()
    run = recording.run
    ReferenceRun.objects.create(run=run, version=run.version, case="default", code=hash_of_code(), number=1)
    page = client.get("/lessons/").content.decode()
    assert page.count("no run yet") == len(catalogue.lessons()) - 1
    assert 'aria-label="Lanes: caller, queue, worker, Task.' in page
    assert "style=" not in page


def test_the_numbers_are_in_order_from_top_to_bottom(client: Client) -> None:
    found = numbers(client.get("/lessons/").content.decode())
    assert found == list(range(1, len(found) + 1))


def test_lessons_are_listed_by_subject_in_their_order() -> None:
    page = catalogue_page(catalogue.lessons().values())
    assert [entry.number for entry in page.path] == list(range(1, len(page.path) + 1))
    assert len({section.name for section in page.sections}) == len(page.sections)
    firsts = [section.entries[0].number for section in page.sections]
    assert firsts == sorted(firsts)
    for section in page.sections:
        assert [each.number for each in section.entries] == sorted(each.number for each in section.entries)


def test_the_lessons_that_this_browser_has_run_are_marked_and_the_first_other_one_is_next(client: Client) -> None:
    assert "you ran it" not in client.get("/lessons/").content.decode()
    Run.objects.create(lesson=SLUG, session=session_of(client))
    Run.objects.create(lesson=SLUG, session=session_of(client))
    Run.objects.create(lesson=list(catalogue.lessons())[1], session="another")
    answered = client.get("/lessons/")
    page = answered.content.decode()
    assert (answered.context["catalogue"].runs, answered.context["catalogue"].next.number) == (1, 2)
    assert page.count('class="lesson__run"') == 1
    assert "Next for you" in page
    assert "Go on with lesson 2" in client.get("/").content.decode()
    assert "you ran it" not in Client().get("/lessons/").content.decode()


def test_a_browser_that_has_run_every_lesson_has_no_next_one(client: Client) -> None:
    session = session_of(client)
    Run.objects.bulk_create(
        [Run(lesson=slug, session=session, public_id=f"r{number}") for number, slug in enumerate(catalogue.lessons())]
    )
    assert "You have run every lesson" in client.get("/lessons/").content.decode()
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("query", ["results AND", "TASK RESULTS", "  copysign ", "copysign result"])
def test_a_search_finds_the_lessons_that_contain_all_its_words(client: Client, query: str) -> None:
    page = client.get("/lessons/", {"q": query}).content.decode()
    assert 1 in numbers(page)
    assert len(numbers(page)) < len(catalogue.lessons())
    assert f"of {len(catalogue.lessons())} lessons" in page


def test_a_search_looks_in_each_part_of_a_lesson() -> None:
    lesson = catalogue.get(SLUG)
    for words in (lesson.content.title, lesson.content.summary_text, lesson.content.category, "copysign"):
        found = catalogue_page(catalogue.lessons().values(), query=words)
        assert SLUG in [entry.lesson.slug for section in found.sections for entry in section.entries], words


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("sigterm", "stopping-a-cluster"),
        ("two workers", "one-worker-three-workers"),
        ("duplicate", "it-ran-twice"),
        ("lost", "the-worker-that-died"),
        ("stuck", "it-returned-nothing"),
        ("Its module raises at import", "when-a-task-raises"),
        ("Cached, and it fails", "results-that-vanish"),
        ("max_attempts", "tried-again"),
        ("with a card that has expired", "tried-again"),
        ("There is no such hook", "hooks"),
        ("Kill the second execution", "tried-again"),
        ("Never: the chain has stopped", "chains"),
        ("stores that the card was charged", "chains"),
    ],
)
def test_a_search_finds_a_lesson_by_any_of_its_text_and_by_words_that_people_have_for_it(query: str, slug: str) -> None:
    found = catalogue_page(catalogue.lessons().values(), query=query)
    assert slug in [entry.lesson.slug for section in found.sections for entry in section.entries]
    assert found.found <= 16


def test_a_search_finds_what_stands_there_before_what_has_all_the_words() -> None:
    known = catalogue.lessons().values()
    phrase = catalogue_page(known, query="There is no such hook")
    words = catalogue_page(known, query="hook such no is there")
    assert phrase.found == 1 < words.found


def test_a_search_that_finds_nothing_says_so_and_shows_the_way_on(client: Client) -> None:
    answered = client.get("/lessons/", {"q": '"><b>zebra'})
    page = answered.content.decode()
    assert numbers(page) == []
    assert "No lesson has “&quot;&gt;&lt;b&gt;zebra” in it" in page
    assert "<b>zebra" not in page


@pytest.mark.parametrize("query", ["", "   ", "a" * 50_000, "a " * 20_000, "\x00", "%", "é" * 200])
def test_any_search_is_answered(client: Client, query: str) -> None:
    answered = client.get("/lessons/", {"q": query})
    assert answered.status_code == 200
    assert len(answered.context["catalogue"].query) <= 100


def test_a_lesson_with_mistakes_is_listed_with_them(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree(catalogue.CONTENT / SLUG, tmp_path / "wrong-lesson")
    (tmp_path / "wrong-lesson" / "program.py").write_text("def (:\n")
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path))
    for address in ("/", "/lessons/", "/nothing-here/"):
        page = client.get(address).content.decode()
        assert "wrong-lesson" in page
        assert "program.py:1" in page
        assert f'href="/lessons/{SLUG}/"' in page
