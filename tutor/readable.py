"""Forms that can't be read, which are refused once, before anything else reads the request."""

from __future__ import annotations

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from tutor.pages.errors import bad_request

UNREADABLE = BadRequest, SuspiciousOperation, MultiPartParserError, LookupError, ValueError
"""The errors of reading a form; ValueError includes those of its encoding."""


class ReadableMiddleware(MiddlewareMixin):
    """Reads the form of a request. If that can't be done, the response is the page for bad requests.

    Otherwise each layer that reads it raises the same error again, and so does Django's own page for bad requests.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """Return the page for bad requests if the form of `request` can't be read."""
        if request.method != "POST":
            return None
        try:
            if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
                raise BadRequest("The form isn't UTF-8.")
            _ = request.POST
        except UNREADABLE as error:
            return bad_request(request, error)
        return None
