"""Rendering: the parts of a moment as HTML, each rendered once for everyone who looks at the moment."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .moment import Moment
from .registry import styles


@lru_cache(maxsize=256)
def walk_nav(moment: Moment) -> SafeString:
    """Return the fragment `#walk-nav`: the steps made so far, and the links that walk through them."""
    return render_to_string("styles/parts/walk_nav.html", moment.context)


@lru_cache(maxsize=256)
def stage(moment: Moment) -> SafeString:
    """Return the fragment `#stage`: the moment in its style. It contains nothing from later steps."""
    own = styles()[moment.style].context(moment)
    return render_to_string(f"styles/{moment.style}.html", {**moment.context, **own})


def fragments(moment: Moment) -> str:
    """Return the fragments that change from one moment of a run to another."""
    return walk_nav(moment) + stage(moment)
