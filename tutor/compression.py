"""Compression: pages by Brotli, for browsers that accept it. They are a tenth smaller than by gzip.

What other browsers get, and what isn't HTML, is compressed by gzip.
"""

from __future__ import annotations

import re
from typing import TypeGuard

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

QUALITY = 5
"""The lowest with a model of contexts. It takes as long as gzip; higher ones take longer and save little."""
LEAST = 2000
"""Bytes. What is shorter, such as the response to an answer, is a packet or two anyway, and isn't compressed."""
ACCEPTED = re.compile(r"\bbr\b")


class CompressionMiddleware(GZipMiddleware):
    """Compresses responses.

    The size of a compressed page doesn't give away its secret, the CSRF token, as Django masks it in each response.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress `response`, unless it is short or compressed."""
        if isinstance(response, HttpResponse) and len(response.content) < LEAST:
            return response
        if ACCEPTED.search(request.headers.get("Accept-Encoding", "")) and is_page(response):
            response.content = compressed(response.content)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "br"
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        return super().process_response(request, response)


def is_page(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html")


def compressed(html: bytes) -> bytes:
    """Return `html` as browsers get it that accept Brotli."""
    return bytes(brotli.compress(html, mode=brotli.MODE_TEXT, quality=QUALITY))
