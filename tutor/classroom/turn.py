"""A room while a presenter's command is carried out, and the reasons for which it isn't."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tutor.styles.moment import Moment, newest_of

from .asking import complete
from .models import Question, Room, Seen
from .state import place_of

NUMBER = re.compile(r"\d{1,6}", re.ASCII)


class Refused(Exception):
    """A command that isn't carried out. The message tells the presenter why."""

    status = 409


class Malformed(Refused):
    """A command that no form of the site sends."""

    status = 400


class Over(Refused):
    """The class has ended."""

    status = 410


@dataclass(slots=True)
class Turn:
    """A room while a command is carried out. Nobody else changes it meanwhile."""

    room: Room
    detail: Mapping[str, str]
    now: datetime
    address: str | None

    @property
    def moment(self) -> Moment:
        """The newest moment of the run that the class sees."""
        assert self.room.run
        return newest_of(self.room.run)

    @property
    def step(self) -> int:
        """The step at which the class stands."""
        return place_of(self.room, self.moment.made, self.now).step

    @property
    def question(self) -> Question:
        """The question that the class sees. Raises Refused."""
        question = self.room.question
        if question is None:
            raise Refused("No question is open any more.")
        complete(question, self.moment)
        return question

    @property
    def record(self) -> dict[str, str]:
        """What the log keeps of the command: its detail, and the rule that made the step where the class then is."""
        steps = self.moment.trace.steps
        rule = steps[self.step - 1].id if 0 < self.step <= len(steps) else ""
        return {**self.detail, "rule": rule}

    def stand_at(self, step: int) -> None:
        """Have the class stand at a step, or at the nearest one."""
        self.room.step, self.room.pace, self.room.since = max(1, min(step, self.moment.made)), None, None

    def note_seen(self) -> None:
        """Note how far the class has seen its run."""
        Seen.objects.filter(run=self.room.run, furthest__lt=self.step).update(furthest=self.step)

    def number(self, name: str) -> int:
        """Return a number that the form has sent. Raises Malformed."""
        text = self.detail.get(name, "")
        if not NUMBER.fullmatch(text):
            raise Malformed(f"{name} must be a whole number.")
        return int(text)
