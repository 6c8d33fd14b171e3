from __future__ import annotations

import pytest
from django.test import Client

from tests.recording import SLUG

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/lessons/no-such-lesson/", "/runs/nothere/", "/nothing"])
def test_an_address_without_a_page_is_not_found_and_lists_the_lessons(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert f'href="/lessons/{SLUG}/"' in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/lessons/", f"/lessons/{SLUG}/", "/robots.txt"])
def test_a_head_request_is_answered_as_a_get(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("address", ["/", "/lessons/", f"/lessons/{SLUG}/"])
def test_a_page_that_differs_between_browsers_tells_caches_so(client: Client, address: str) -> None:
    assert "Cookie" in client.get(address).headers["Vary"]
