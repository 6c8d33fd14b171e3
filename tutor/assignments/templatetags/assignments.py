"""How pages of assignments say moments and durations."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def time_left(seconds: int) -> str:
    """Return seconds in words: to the second below an hour, and more coarsely above it."""
    if seconds < HOUR:
        return f"{seconds // MINUTE} min {seconds % MINUTE:02} s"
    if seconds < DAY:
        return f"{seconds // HOUR} h {seconds % HOUR // MINUTE:02} min"
    days = seconds // DAY
    return f"{days} day{'' if days == 1 else 's'} {seconds % DAY // HOUR} h"


@register.filter
def duration(time: timedelta | None) -> str:
    """Return a time that somebody has taken; "" for None."""
    return "" if time is None else time_left(int(time.total_seconds()))


@register.filter
def moment(at: datetime) -> SafeString:
    """Return a moment in UTC, which a script shows in the reader's own time zone."""
    text = date_format(at, "j F Y, H:i")
    return format_html('<time datetime="{}" data-moment>{} UTC</time>', at.isoformat(timespec="seconds"), text)
