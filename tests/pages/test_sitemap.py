"""The sitemap, the rules for robots, and the descriptions of pages for sites that link to them."""

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
    """Return the description of a page: name → content."""
    return {name: unescape(content) for name, content in TAG.findall(client.get(address).content.decode())}


def test_a_lesson_has_a_title_a_description_and_a_picture_for_sites_that_link_to_it(client: Client) -> None:
    lesson = catalogue.get(SLUG)
    shared_as = shared(client, f"/lessons/{SLUG}/?case=fails")
    assert shared_as["og:title"] == lesson.content.title
    assert shared_as["og:description"] == shared_as["description"] == lesson.content.summary_text
    assert shared_as["og:type"] == "article"
    assert shared_as["og:url"] == f"{HERE}/lessons/{SLUG}/"
    assert shared_as["og:image"].startswith(f"{HERE}/lessons/{SLUG}/card.png?edition=")


def test_a_step_of_a_run_is_shared_with_its_own_address(recording: Recording, client: Client) -> None:
    recording.go_on()
    address = f"/runs/{recording.run.public_id}/?step=3"
    assert shared(client, address)["og:url"] == HERE + address


@pytest.mark.parametrize("address", ["/", "/lessons/", "/lessons/?q=task", "/nothing-here/"])
def test_every_page_has_a_description(client: Client, address: str) -> None:
    shared_as = shared(client, address)
    assert {"og:title", "og:description", "og:type", "og:url", "description"} <= set(shared_as)
    assert shared_as["og:url"].startswith(HERE)


def test_the_sitemap_has_every_lesson_and_no_run(recording: Recording, client: Client) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = {each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    lessons = {f"{HERE}/lessons/{slug}/" for slug in catalogue.lessons()}
    assert found == {f"{HERE}/", f"{HERE}/lessons/", f"{HERE}/quizzes/", *lessons}


def test_robots_find_the_sitemap_and_may_not_read_runs(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert f"Sitemap: {HERE}/sitemap.xml" in response.content.decode()
    assert "Disallow: /runs/" in response.content.decode()
    assert "User-agent: Twitterbot\nUser-agent: facebookexternalhit\n" in response.content.decode()
