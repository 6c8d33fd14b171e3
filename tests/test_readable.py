from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests.recording import SLUG

pytestmark = pytest.mark.django_db
FORMS = [
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=idna",
    "text/html; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x; charset=utf-16",
]
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("A view failed.")


urlpatterns = [path("fail/", fail)]
handler500 = "tutor.pages.errors.server_error"


@pytest.fixture
def strict() -> Client:
    """Return a browser that sends the secret of forms, as an attacker can; an error of the site is its response."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrftoken"] = "k" * 32
    return client


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", [f"/lessons/{SLUG}/run/", "/join/", "/nothing/"])
def test_a_form_that_can_not_be_read_is_a_bad_request_and_one_page(
    strict: Client, address: str, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = strict.generic("POST", address, PART, content_type=form, headers={"X-CSRFToken": "k" * 32})
    assert response.status_code == 400
    assert "The site could not read this request" in response.content.decode()
    assert not caplog.records


def test_a_form_that_is_too_long_or_has_too_many_fields_is_a_bad_request(strict: Client) -> None:
    names = {"content_type": "application/x-www-form-urlencoded", "headers": {"X-CSRFToken": "k" * 32}}
    for body in (b"a=" + b"x" * 70_000, b"&".join(b"a=1" for _ in range(60))):
        assert strict.post("/join/", body, **names).status_code == 400


def test_a_host_that_is_not_the_site_s_is_a_bad_request(strict: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = strict.get("/", headers={"Host": "["})
    assert response.status_code == 400 and "could not read this request" in response.content.decode()
    assert not caplog.records


def test_an_error_of_the_site_is_a_page_that_reads_nothing_of_the_request(strict: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    form = "application/x-www-form-urlencoded; charset=utf-16"
    response = strict.generic("POST", "/fail/", b"a=1", content_type=form, headers={"X-CSRFToken": "k" * 32})
    assert response.status_code == 500 and "That was our mistake" in response.content.decode()
