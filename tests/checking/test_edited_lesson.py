"""A lesson is run, edited and removed: its run is shown as it was, byte for byte."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from tests.commands import Finished, run_command
from tests.pages.asking import form_of
from tests.recording import empty_caches  # noqa: F401
from tutor.checking.new_lesson import make_lesson
from tutor.checking.stored_run import run_and_store
from tutor.lessons import catalogue
from tutor.runs import versions
from tutor.runs.models import Run
from tutor.styles import rendering, replay
from tutor.styles.moment import at_step
from tutor.trace.model import Trace

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "my-first"
SHOW_RUN = (["--moments"], ["--moments", "--json"], ["--events"], ["--events", "--json"])
"""The options of `show_run` that between them print all that it can print."""
HTMX = {"hx-request": "true"}
NOTICE = re.compile(r'<p class="version-notice.*?</p>', re.DOTALL)
TOKEN = re.compile(r'name="(csrfmiddlewaretoken|token)" value="[\w-]+"')
OPTIONS = ("The worker", "The monitor", "The program")
"""The options of the first question."""
EDITS = {
    # A rule before all others makes another step, so that later steps have other numbers.
    '[[steps]]\nuse = "queued"': '[[steps]]\nuse = "picked"\n\n[[steps]]\nuse = "queued"',
    'note = "The program\'s answer is {event.locals.answer}."': 'note = "The answer is there."',
    'caption = "From the call to the answer."': 'caption = "From the answer to the call."',
    "The worker puts its result on a queue that the monitor reads.": "Because it does.",
    # The right option has another number.
    '{ text = "The monitor", value = "monitor", right = true },': "",
    "options = [": 'options = [\n    { text = "The monitor", value = "monitor", right = true },',
}


@dataclass
class Shown:
    """All that is shown of a run."""

    trace: Trace
    fragments: list[bytes]
    """Those of each step."""
    answers: list[str]
    """The verdict on each option of the first question."""
    commands: list[Finished]
    """What `show_run` prints: tables, JSON, and events."""


def shown(run: Run, client: Client) -> Shown:
    """Look at a run as a process does that has seen nothing of it yet."""
    versions.stored_lesson.cache_clear()
    replay.replays.clear()
    rendering.clear()
    run = Run.objects.get(pk=run.pk)
    moment = at_step(run)
    return Shown(
        trace=moment.trace,
        fragments=[fragment(client, run.get_absolute_url(), step=step) for step in range(moment.made + 1)],
        answers=[answered(run, option) for option in OPTIONS],
        commands=[run_command("show_run", run.public_id, *options) for options in SHOW_RUN],
    )


def fragment(client: Client, address: str, **query: object) -> bytes:
    response = client.get(address, query, headers=HTMX)
    assert response.status_code == 200
    return response.content


def answered(run: Run, option: str) -> str:
    """Return what a new browser is told that chooses an option, without what it may do next, which is of today."""
    told = form_of(Client(), f"{run.get_absolute_url()}?step=2", 1).answer(option)
    return TOKEN.sub("", told.partition("#quiz-result")[0])


def page(run: Run, client: Client) -> str:
    return TOKEN.sub("", client.get(f"{run.get_absolute_url()}?step=3").content.decode())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a new lesson in the catalogue."""
    monkeypatch.setenv(catalogue.VARIABLE, str(tmp_path / "own"))
    return make_lesson(SLUG, tmp_path / "own")


@pytest.fixture
def run(folder: Path) -> Run:
    """A run of that lesson in a real lab."""
    lesson = catalogue.get(SLUG)
    return run_and_store(lesson, lesson.defaults, [])


def edit(folder: Path) -> None:
    path = folder / "lesson.toml"
    text = path.read_text()
    for old, new in EDITS.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text)
    (folder / "program.py").write_text((folder / "program.py").read_text() + "\n# Nothing follows.\n")


def test_a_run_is_shown_as_it_was_when_its_lesson_is_edited_and_when_it_is_gone(
    folder: Path, run: Run, client: Client
) -> None:
    before = shown(run, client)
    assert len(before.fragments) > 5
    edit(folder)
    assert catalogue.get(SLUG).version != run.version_id
    assert shown(run, client) == before
    shutil.rmtree(folder)
    assert SLUG not in catalogue.lessons()
    assert shown(run, client) == before


def test_a_new_run_is_shown_with_the_edited_lesson(folder: Path, run: Run, client: Client) -> None:
    before = shown(run, client)
    edit(folder)
    lesson = catalogue.get(SLUG)
    after = shown(run_and_store(lesson, lesson.defaults, []), client)
    assert len(after.fragments) == len(before.fragments) + 1
    for each in (before, after):
        assert ["Right." in answer for answer in each.answers] == [False, True, False]


def test_the_page_of_an_edited_lessons_run_has_one_notice_more_and_runs_todays_lesson(
    folder: Path, run: Run, client: Client
) -> None:
    before = page(run, client)
    edit(folder)
    after = page(run, client)
    assert len(NOTICE.findall(after)) == 1
    assert NOTICE.sub("", after).split() == before.split()
    assert "<button" in NOTICE.findall(after)[0]
    assert 'form="knobs"' in NOTICE.findall(after)[0]


def test_the_page_of_a_removed_lessons_run_says_why_it_cannot_be_run_again(
    folder: Path, run: Run, client: Client
) -> None:
    shutil.rmtree(folder)
    after = page(run, client)
    assert len(NOTICE.findall(after)) == 1
    assert "can't be run again" in NOTICE.findall(after)[0]
    assert 'id="knobs"' not in after
