"""The preview of a lesson: its page loads again whenever a file of a lesson changes."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tutor.lessons import catalogue


def preview(request: HttpRequest) -> dict[str, str]:
    """A context processor: the address at which a page asks whether a file has changed."""
    return {"preview_url": reverse("preview")}


@require_GET
@never_cache
def state_of_files(request: HttpRequest) -> HttpResponse:
    """Return a text that changes whenever a file of a lesson does."""
    stamps = repr(catalogue.current().stamps())
    return HttpResponse(hashlib.sha256(stamps.encode()).hexdigest()[:16], content_type="text/plain")
