"""Template tag for the position of an event."""

from __future__ import annotations

from django import template
from django.template.context import Context

from tutor.styles.position import Position, position_of

register = template.Library()


@register.simple_tag(takes_context=True)
def position_at(context: Context, number: int) -> Position:
    """Return the position that shows the event with that number, up to the moment in `context`."""
    return position_of(context["trace"], number, context["event_number"])
