"""Absolute URLs of the site."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def absolute(context: Context, path: str) -> str:
    """Return the absolute URL of a path of the site; for an empty path, of the page itself."""
    request: HttpRequest | None = context.get("request")
    return request.build_absolute_uri(path or None) if request else path
