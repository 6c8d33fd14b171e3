"""Template filter for the status of a task."""

from __future__ import annotations

from django import template

register = template.Library()

WITH_COLOUR = ("pending", "running", "success", "failed")


@register.filter
def status_class(status: str) -> str:
    """Return the status in lower case if it has a colour and an icon of its own; otherwise "none"."""
    known = status.lower()
    return known if known in WITH_COLOUR else "none"
