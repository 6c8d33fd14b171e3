"""The message that a page sends over its websocket."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BrowserState:
    """The state of a page, as its browser reports it."""

    step: int
    """The step that it shows."""
    follow: bool
    """Whether it follows the run: it wants each new step."""
    made: int
    """The number of steps in its scrubber."""
    ended: bool
    """Whether it shows that the run has ended."""

    @classmethod
    def from_message(cls, text: str | None) -> BrowserState:
        """Read a message. Raise ValueError if it isn't a state."""
        try:
            data = json.loads(text or "")
            state = cls(data["step"], data["follow"], data["made"], data["ended"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ValueError("The message must be an object with step, follow, made and ended.") from error
        numbers, flags = (state.step, state.made), (state.follow, state.ended)
        if not all(type(each) is int and each >= 0 for each in numbers):
            raise ValueError("step and made must be whole numbers of at least 0.")
        if not all(type(each) is bool for each in flags):
            raise ValueError("follow and ended must be true or false.")
        return state
