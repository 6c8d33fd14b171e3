"""The message that a page sends over its websocket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

LONGEST_EDITION = 100
"""The maximum characters of an edition, which are ASCII."""
KEPT = 256
"""How many of the last messages are kept with their states."""


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
    place: int | None = None
    """The place in the run queue that it shows."""
    edition: str = ""
    """The edition of what it shows (`Moment.edition`); empty if that is unknown."""
    line: int = 0
    """The number of the `line` event that it shows after the step; 0 for the step itself."""
    room: str = ""
    """The edition of what it shows of its room; empty on pages that aren't in a room."""

    @property
    def progress(self) -> tuple[int, bool, int | None]:
        """What it shows of the progress of the run (`Moment.progress`)."""
        return self.made, self.ended, self.place

    @classmethod
    @lru_cache(maxsize=KEPT)
    def from_message(cls, text: str | None) -> BrowserState:
        """Read a message. Raise ValueError if it isn't a state. The pages of a class send the same one."""
        try:
            data = json.loads(text or "")
            place, line = data.get("place"), data.get("line", 0)
            editions = edition, room = data.get("edition", ""), data.get("room", "")
            state = cls(data["step"], data["follow"], data["made"], data["ended"], place, edition, line, room)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError("The message must be an object with step, follow, made and ended.") from error
        numbers, flags = (state.step, state.made, line, 0 if place is None else place), (state.follow, state.ended)
        if not all(type(each) is int and each >= 0 for each in numbers):
            raise ValueError("step, made, line and place must be whole numbers of at least 0.")
        if not all(type(each) is bool for each in flags):
            raise ValueError("follow and ended must be true or false.")
        if not all(isinstance(each, str) and each.isascii() and len(each) <= LONGEST_EDITION for each in editions):
            raise ValueError(f"edition and room must be texts of at most {LONGEST_EDITION} ASCII characters.")
        return state
