"""Times and durations as text."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def ms(milliseconds: float) -> str:
    """Return milliseconds as “2 014 ms”, with a space that no line breaks at."""
    return f"{milliseconds:,.0f} ms".replace(",", "\N{NO-BREAK SPACE}")


@register.filter
def since(milliseconds: float, zero_ms: float) -> float:
    """Return the milliseconds from `zero_ms` on."""
    return milliseconds - zero_ms


@register.filter
def exact_ms(milliseconds: float) -> str:
    """Return milliseconds as “1 234.5 ms”."""
    return f"{milliseconds:,.1f} ms".replace(",", "\N{NO-BREAK SPACE}")


@register.filter
def duration(milliseconds: float) -> str:
    """Return milliseconds as “111 ms” or, from a second on, as “2.1 s”."""
    return f"{milliseconds:.0f} ms" if milliseconds < 999.5 else f"{milliseconds / 1000:.1f} s"


@register.filter
def passed(milliseconds: float) -> str:
    """Return milliseconds that passed between two events as “0.4 ms”, “63 ms” or “2.1 s”."""
    return f"{milliseconds:.1f} ms" if milliseconds < 9.95 else duration(milliseconds)


@register.filter
def ago(time: datetime) -> str:
    """Return how long ago a time was: “just now”, “3 minutes ago”."""
    passed = timesince(time, depth=1)
    return "just now" if passed.startswith("0") else f"{passed} ago"
