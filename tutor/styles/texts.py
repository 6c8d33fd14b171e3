"""What is read beside a run: key moments, snapshot and transcript, for every style that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tutor.lessons.format.questions import KeyMoment
from tutor.trace.model import Step

from .moment import Moment
from .window import up_to


def texts(moment: Moment) -> dict[str, Any]:
    """Return the names that `key_moments.html`, `snapshot.html` and `transcript.html` use.

    The first two answer what the quiz asks: they are open only after the last step of a run that has ended. On the page
    of a class, which is asked by its presenter, they aren't even there before. They are about runs to which nothing was
    done.
    """
    window = up_to(moment.position)
    return {
        "walk_ended": moment.is_end,
        "tells_answers": (moment.is_end or not moment.page) and not moment.is_broken,
        "key_moments": [(each, step_of(each, moment.steps)) for each in moment.lesson.content.key_moments],
        "window": window,
        "transcript": [step for step in window.of(moment.trace.steps) if step.sentence],
    }


def step_of(key_moment: KeyMoment, steps: Sequence[Step]) -> Step | None:
    """Return the step that answers a key moment's question, if it is one of `steps`."""
    return next((step for step in steps if step.id == key_moment.step), None)
