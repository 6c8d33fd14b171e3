"""Positions in a run: a step, or a line between two steps. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.trace.model import Trace


@dataclass(frozen=True, slots=True)
class Position:
    """A step of a run, or a line after it."""

    step: int
    """0 before the first step."""
    line: int = 0
    """The number of a `line` event between the step and the next one; 0 for the step itself."""

    @property
    def address(self) -> str:
        """What follows `?step=` in an address."""
        return f"{self.step}&line={self.line}" if self.line else str(self.step)


def position_of(trace: Trace, number: int, latest: int | None = None) -> Position:
    """Return the position of the event with that number: its step, its line, or else the next step.

    That step isn't later than the event with the number `latest`, if there is one before; then it is the step before.
    """
    step = trace.step_at(number)
    if step and trace.steps[step - 1].event_number == number:
        return Position(step)
    if trace.code.at(number):
        return Position(step, number)
    following = trace.steps[step : step + 1]
    is_reached = bool(following) and (latest is None or following[0].event_number <= latest)
    return Position(step + 1 if is_reached or not step else step)
