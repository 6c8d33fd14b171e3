"""A store that the first edition made: migrated or moved, its links still open, each run at its own steps."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.html import escape
from pytest_django.plugin import DjangoDbBlocker

from tests.commands import run_command
from tutor.runs.models import Event, LessonVersion, Run
from tutor.runs.versions import lesson_of

STORE = Path(__file__).parents[1] / "data/first-edition.sqlite3.gz"
STEPS = {"m5knd4mven": 6, "9bmmkpvehb": 8, "twhnscgj7s": 16, "6tbxd4kerg": 7, "9vtyb4na7h": 8}
"""Run → how many steps the first edition showed."""


@pytest.fixture(scope="module")
def first_edition(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The first edition's store as that of the site."""
    path = tmp_path_factory.mktemp("first-edition") / "site.sqlite3"
    path.write_bytes(gzip.decompress(STORE.read_bytes()))
    with django_db_blocker.unblock():
        yield from migrated(path) if connection.vendor == "sqlite" else moved(path)


def migrated(path: Path) -> Iterator[None]:
    """Use the file as the site's database, migrated as `make run` does."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    call_command("migrate", verbosity=0)
    yield
    connection.close()
    connection.settings_dict["NAME"] = own


def moved(path: Path) -> Iterator[None]:
    """Copy the file into the site's database, as a site does that moves to PostgreSQL."""
    call_command("flush", interactive=False, verbosity=0)
    call_command("restore", path, verbosity=0)
    yield
    call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize("run", STEPS)
def test_a_run_of_the_first_edition_opens_at_each_of_its_steps(first_edition: None, client: Client, run: str) -> None:
    page = client.get(f"/runs/{run}/?step={STEPS[run]}").content.decode()
    assert f'data-made="{STEPS[run]}" data-ended' in page
    assert f'data-row="{STEPS[run]}"' in page
    for step in range(1, STEPS[run] + 1):
        assert client.get(f"/runs/{run}/?step={step}").status_code == 200


@pytest.mark.parametrize("run", STEPS)
def test_a_command_prints_a_run_of_the_first_edition(first_edition: None, run: str) -> None:
    moments = run_command("show_run", run, "--json", "--moments").json["moments"]
    assert [each["step"] for each in moments] == list(range(STEPS[run] + 1))
    for options in (["--moments"], ["--events"], ["--events", "--json"]):
        assert run_command("show_run", run, *options).err == ""


def test_each_run_has_the_version_that_its_first_event_names(first_edition: None) -> None:
    for run in Run.objects.all():
        assert run.version_id == run.events.get(kind="asked").payload["edition"]


def test_all_lessons_of_the_first_edition_are_stored(first_edition: None) -> None:
    assert LessonVersion.objects.filter(schema=1).count() == 22


def test_a_run_of_each_lesson_of_the_first_edition_is_shown(first_edition: None, client: Client) -> None:
    fields = ("number", "kind", "lane", "pid", "at", "payload")
    events = list(Event.objects.filter(run__public_id="m5knd4mven").values(*fields))
    for version in LessonVersion.objects.filter(schema=1):
        run = Run(lesson=version.slug, version=version, state=Run.State.ENDED)
        lesson = lesson_of(run)
        run.knobs = lesson.defaults
        run.save()
        asked = {**events[0], "payload": {**events[0]["payload"], "knobs": run.knobs}}
        Event.objects.bulk_create(Event(run=run, **each) for each in (asked, *events[1:]))
        page = client.get(f"/runs/{run.public_id}/?step=99").content.decode()
        assert f"<h1>{escape(lesson.content.title)}</h1>" in page
        assert 'data-row="1"' in page
