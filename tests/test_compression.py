from __future__ import annotations

import gzip

import brotli
import pytest
from django.test import Client

from tests.recording import SLUG

pytestmark = pytest.mark.django_db
PAGE = f"/lessons/{SLUG}/"


def test_a_browser_that_accepts_brotli_gets_pages_by_it(client: Client) -> None:
    response = client.get(PAGE, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert response.headers["Content-Encoding"] == "br"
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert "<!doctype html>" in brotli.decompress(response.content).decode()


def test_a_browser_that_accepts_gzip_alone_gets_pages_by_gzip(client: Client) -> None:
    response = client.get(PAGE, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "<!doctype html>" in gzip.decompress(response.content).decode()


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
def test_caches_keep_a_page_for_each_encoding(client: Client, accepted: str) -> None:
    assert "Accept-Encoding" in client.get(PAGE, headers={"Accept-Encoding": accepted}).headers["Vary"]


@pytest.mark.parametrize("address", ["/robots.txt", "/lessons"])
def test_what_is_short_or_not_html_is_not_by_brotli(client: Client, address: str) -> None:
    response = client.get(address, headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in response.headers


def test_the_csrf_token_of_a_page_is_another_in_each_response(client: Client) -> None:
    pages = [client.get(PAGE).content.decode() for _ in range(2)]
    tokens = [page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0] for page in pages]
    assert tokens[0] != tokens[1]
