"""The fragment that shows a question after a response. If the question never changes, its state decides all of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from tutor.styles.byte_cache import ByteCache

MAX_BYTES = 6 * 2**20
"""The bytes of the fragments that a process keeps."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A fragment, with the token of the form in it."""

    html: str
    token: str


kept: ByteCache[Rendered] = ByteCache(MAX_BYTES)
"""What decides a fragment → the fragment."""


def answered_question(request: HttpRequest, context: Mapping[str, Any], key: Hashable | None) -> str:
    """Return the fragment. With the key of what decides it, it is rendered once for all browsers, but for its token."""
    return rendered_once("quizzes/answered.html", context, key, context["asked"].token, request)


def rendered_once(
    template: str, context: Mapping[str, Any], key: Hashable | None, token: str = "", request: HttpRequest | None = None
) -> str:
    """Return a template's HTML. With the key of what decides it, it is kept for all browsers, each with its `token`."""

    def rendered() -> Rendered:
        return Rendered(render_to_string(template, context, request), token)

    if key is None:
        return rendered().html
    found = kept.get_or_set((template, key), rendered, lambda each: len(each.html))
    return found.html.replace(found.token, token) if found.token else found.html
