"""The id of a browser, in a signed cookie. It identifies what the browser has answered.

A page with questions sets it, without storing anything. So the first answer already has it, and is known if it is sent
again.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

COOKIE = "browser"
KEPT = timedelta(days=365)
ID_BYTES = 24
"""The random bytes of an id; as text, it has 32 characters."""


def browser_of(request: HttpRequest) -> str:
    """Return the id of the browser; "" if it has none, or one that the site hasn't given out."""
    return request.get_signed_cookie(COOKIE, default="") or ""


def new_browser() -> str:
    return secrets.token_urlsafe(ID_BYTES)


def remember_browser(request: HttpRequest, response: HttpResponse, browser: str = "") -> HttpResponse:
    """Give the browser an id, by default a new one, unless it has one. Return `response`."""
    patch_vary_headers(response, ["Cookie"])
    if not browser_of(request):
        response.set_signed_cookie(
            COOKIE,
            browser or new_browser(),
            max_age=KEPT,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
