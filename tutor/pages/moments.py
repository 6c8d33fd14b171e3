"""The moment that an address asks for."""

from __future__ import annotations

from django.http import HttpRequest

from tutor.runs.models import Run
from tutor.styles.moment import Moment, at_step
from tutor.styles.registry import styles

from .compare import compared
from .errors import style_or_404

LONGEST_NUMBER = 6
"""The maximum digits of the number of a step or a line; further digits are ignored."""


def moment_of(run: Run, request: HttpRequest) -> Moment:
    """Return the moment of `run` at `?step=`, `&line=` and `&style=`; at the first step if they aren't numbers."""
    style = style_or_404(request)
    line = number_of(request.GET.get("line", "")) if styles()[style].has_lines else None
    moment = at_step(run, number_of(request.GET.get("step", "")), style, line or 0)
    return compared(request, moment) if styles()[style].has_other else moment


def number_of(text: str) -> int | None:
    return int(text[:LONGEST_NUMBER]) if text.isdecimal() else None
