"""What other sites and search engines are told of the pages."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.lessons import catalogue

pytestmark = pytest.mark.django_db
TAG = re.compile(r'<meta (?:property|name)="([a-z:]+)" content="([^"]*)">')
HERE = "http://testserver"


def shared(client: Client, address: str) -> dict[str, str]:
    """What the page says of itself: name → content."""
    return {name: unescape(content) for name, content in TAG.findall(client.get(address).content.decode())}


def test_a_lesson_says_what_it_is_for_whoever_links_to_it(client: Client) -> None:
    lesson = catalogue.get(SLUG)
    told = shared(client, f"/lessons/{SLUG}/?case=fails")
    assert told["og:title"] == lesson.content.title
    assert told["og:description"] == told["description"] == lesson.content.summary_text
    assert told["og:type"] == "article"
    assert told["og:url"] == f"{HERE}/lessons/{SLUG}/"
    assert told["og:image"].startswith(f"{HERE}/static/")


def test_a_step_of_a_run_is_shared_as_that_step(recording: Recording, client: Client) -> None:
    recording.go_on()
    address = f"/runs/{recording.run.public_id}/?step=3"
    assert shared(client, address)["og:url"] == HERE + address


@pytest.mark.parametrize("address", ["/", "/lessons/", "/lessons/?q=task", "/nothing-here/"])
def test_every_page_says_what_it_is(client: Client, address: str) -> None:
    told = shared(client, address)
    assert {"og:title", "og:description", "og:type", "og:url", "description"} <= set(told)
    assert told["og:url"].startswith(HERE)


def test_the_sitemap_has_all_lessons_and_no_run(recording: Recording, client: Client) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = {each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    lessons = {f"{HERE}/lessons/{slug}/" for slug in catalogue.lessons()}
    assert found == {f"{HERE}/", f"{HERE}/lessons/", *lessons}


def test_robots_are_led_to_the_sitemap_and_kept_from_runs(client: Client) -> None:
    answered = client.get("/robots.txt")
    assert answered["Content-Type"] == "text/plain"
    assert f"Sitemap: {HERE}/sitemap.xml" in answered.content.decode()
    assert "Disallow: /runs/" in answered.content.decode()
