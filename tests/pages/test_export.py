"""A finished run as files to take along."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.recording import Recording
from tutor.lessons.lesson import Lesson
from tutor.pages import export
from tutor.runs.library import delete
from tutor.runs.models import Run
from tutor.runs.versions import lesson_of
from tutor.styles.export.run_format import SHIPPED, RunFormat, run_schema

pytestmark = pytest.mark.django_db
FILES = ["run.json", "run.html"]
MOST_BYTES = 400_000
"""Of a file of a run of up to ten steps."""


def taken(client: Client, recording: Recording, file: str) -> str:
    recording.go_on()
    response = client.get(f"{recording.run.get_absolute_url()}{file}")
    assert response.status_code == 200
    return response.content.decode()


def keys_of(lesson: Lesson) -> set[str]:
    """Return what only the questions of a lesson say: options in words, why each is right or wrong, and hints."""
    content = lesson.content
    asked = [*content.questions, *content.repair]
    texts = {text for each in asked for text in (each.question, each.hint, each.look, each.why)}
    options = [option for each in asked for option in getattr(each, "options", ())]
    texts |= {option.why for option in options} | {option.text for option in options if len(option.text.split()) > 3}
    return {words(text) for text in texts if text}


def words(text: str) -> str:
    """Return only the words of a text, with Markdown's links, HTML and JSON's escapes taken out."""
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", " ", text.replace("\\n", " ").replace('\\"', '"'))
    return " ".join(re.findall(r"\w+", html.unescape(text)))


def test_the_json_is_a_run_in_its_documented_format(recording: Recording, client: Client) -> None:
    text = taken(client, recording, "run.json")
    found = RunFormat.model_validate_json(text)
    assert (found.run, found.outcome) == (recording.run.public_id, "finished")
    assert [step.step for step in found.steps] == [1, 2, 3, 4, 5, 6]
    assert found.tasks[0].result == "-1.0"
    assert found.version == recording.run.version_id


def test_the_shipped_schema_is_that_of_the_models() -> None:
    assert json.loads(SHIPPED.read_text()) == run_schema()


def unpacked(page: str) -> str:
    """Return the file with the steps that it has compressed."""
    (data,) = re.findall(r'<script id="run" type="application/gzip">([^<]+)</script>', page)
    return page.replace(data, gzip.decompress(base64.b64decode(data)).decode())


def test_the_html_file_has_each_step_in_five_styles(recording: Recording, client: Client) -> None:
    page = taken(client, recording, "run.html")
    assert len(page.encode()) < MOST_BYTES
    (data,) = re.findall(r"application/gzip\">(.*)</script>", unpacked(page))
    steps = json.loads(data)["steps"]
    assert list(steps) == ["step_by_step", "flow", "code", "timeline", "read"]
    assert {len(each) for each in steps.values()} == {6}
    assert "The monitor stores the result of copysign" in data
    assert "The monitor stores the result of copysign" not in page


def test_the_html_file_requests_nothing_and_allows_only_its_own_script_and_styles(
    recording: Recording, client: Client
) -> None:
    page = taken(client, recording, "run.html")
    whole = unpacked(page)
    assert not re.findall(r"<(?:link|img|iframe)\b|<form (?!method=.dialog)|\bsrc=|@import|url\((?!#)", whole)
    assert not re.findall(r"""href=[\\]?"/""", whole)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    rules = dict(rule.split(" ", 1) for rule in html.unescape(policy).split("; "))
    assert rules["default-src"] == "'none'"
    for name, tag in {"script-src": 'script type="module"', "style-src": "style[^>]*"}.items():
        texts = re.findall(rf"<{tag}>(.*?)</", page, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert rules[name].split() == [f"'sha256-{digest}'" for digest in digests]


@pytest.mark.parametrize("file", FILES)
def test_a_run_whose_version_of_the_lesson_is_not_stored_has_its_files(
    recording: Recording, client: Client, file: str
) -> None:
    Run.objects.update(version=None)
    text = taken(client, recording, file)
    if file == "run.json":
        assert RunFormat.model_validate_json(text).version is None


def test_a_run_with_too_many_steps_for_one_html_file_says_so(
    recording: Recording, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_STEPS", 5)
    recording.go_on()
    response = client.get(f"{recording.run.get_absolute_url()}run.html")
    assert response.status_code == 409
    assert "It has 6 steps. One HTML file has room for 5" in response.content.decode()


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_a_download_named_after_its_run(recording: Recording, client: Client, file: str) -> None:
    recording.go_on()
    run = recording.run
    response = client.get(f"{run.get_absolute_url()}{file}")
    extension = file.rpartition(".")[2]
    name = f"task-results-and-status-{run.public_id}.{extension}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("file", FILES)
def test_a_run_that_goes_on_can_not_be_taken_along_yet(recording: Recording, client: Client, file: str) -> None:
    recording.go_on(lambda seen: seen.kind == "started")
    response = client.get(f"{recording.run.get_absolute_url()}{file}")
    assert response.status_code == 409
    assert "when it has ended" in response.content.decode()


@pytest.mark.parametrize("file", FILES)
def test_a_run_of_a_class_or_a_deleted_one_has_no_files(recording: Recording, client: Client, file: str) -> None:
    recording.go_on()
    address = f"{recording.run.get_absolute_url()}{file}"
    Run.objects.update(closed_until=timezone.now() + timedelta(hours=1))
    assert client.get(address).status_code == 404
    delete(Run.objects.get())
    assert client.get(address).status_code == 410


@pytest.mark.parametrize("file", FILES)
def test_no_file_has_a_question_of_the_lesson_or_its_key(recording: Recording, client: Client, file: str) -> None:
    text = taken(client, recording, file)
    found = words(unpacked(text) if file == "run.html" else text)
    keys = keys_of(lesson_of(recording.run))
    assert len(keys) > 20
    assert not [key for key in keys if key in found]
    assert [key for key in keys if key in words(client.get(recording.run.get_absolute_url()).content.decode())]


def test_the_page_of_a_run_offers_its_files(recording: Recording, client: Client) -> None:
    page = recording.run.get_absolute_url()
    recording.go_on()
    shown = client.get(page).content.decode()
    assert all(f'href="{page}{file}"' in shown for file in FILES)


@pytest.mark.parametrize("style", ["step_by_step", "timeline", "compare"])
def test_the_files_are_offered_at_every_step(client: Client, recording: Recording, style: str) -> None:
    recording.go_on()
    address = recording.run.get_absolute_url()
    shown = client.get(address, {"style": style, "step": "2"}).content.decode()
    assert all(f'href="{address}{file}"' in shown.partition('class="take-along')[2] for file in FILES)


def test_the_timeline_leads_to_the_same_step_of_break_it(client: Client, recording: Recording) -> None:
    recording.go_on()
    address = recording.run.get_absolute_url()
    shown = html.unescape(client.get(address, {"style": "timeline", "step": "2"}).content.decode())
    assert f'href="{address}?style=break_it&step=2">Break it here</a>' in shown


@pytest.mark.parametrize("style", ["step_by_step", "flow", "timeline", "read"])
def test_each_step_is_offered_as_a_picture(client: Client, recording: Recording, style: str) -> None:
    recording.go_on()
    address = recording.run.get_absolute_url()
    shown = client.get(address, {"style": style, "step": "2"}).content.decode()
    assert shown.count("This step as a picture") == 1
    assert reverse("run-picture", args=[recording.run.public_id, 2]) in shown
