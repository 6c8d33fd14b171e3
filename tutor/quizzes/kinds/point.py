"""One press at a line of code, a lane or a node of the flow. An answer is the index of what was pressed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from .choice import PLACE
from .question import Mark, Option, Question, Unreadable

APART = " · "
"""The separator of a line's place and its source."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be pressed."""

    place: int
    mark: Mark
    text: str
    where: str = ""
    """The file and number of a line, such as "program.py:12"."""
    role: str = ""
    """The role of the process of a lane, such as "worker"."""
    letter: str = ""
    """The letter of that process; "" if it is the only one of its role."""


@dataclass(frozen=True, kw_only=True)
class Point(Question):
    """A question that is answered by pointing. The targets keep their order, which means something."""

    kind: ClassVar[str] = "point"

    targets: tuple[Option, ...]
    """The text of a line is "program.py:12 · source", and that of a lane its role and letter, as in "worker A"."""
    rights: tuple[int, ...]
    """The indexes of the right targets."""
    shown: Literal["lines", "lanes", "nodes"]
    """What the targets look like."""

    def read(self, sent: Mapping[str, str], seed: str) -> str:
        place = sent.get("option", "")
        if not PLACE.fullmatch(place) or int(place) >= len(self.targets):
            raise Unreadable(f"Point at one of the {self.shown}, and check again.")
        return str(int(place))

    def is_right(self, answer: str) -> bool:
        return int(answer) in self.rights

    def option(self, answer: str) -> Option:
        return self.targets[int(answer)]

    @property
    def key(self) -> str:
        return str(self.rights[0])

    @property
    def has_several(self) -> bool:
        return len(self.rights) > 1

    def fields(self, seed: str, tried: Sequence[str], key: str | None) -> dict[str, Any]:
        marks: dict[str | None, Mark] = {**dict.fromkeys(tried, "wrong"), key: "right"}
        targets = [self.target(place, marks.get(str(place), "")) for place in range(len(self.targets))]
        return {"shown": self.shown, "targets": targets}

    def target(self, place: int, mark: Mark) -> Target:
        text = self.targets[place].text
        match self.shown:
            case "lines":
                where, _, source = text.partition(APART)
                return Target(place, mark, source, where=where)
            case "lanes":
                role, _, letter = text.partition(" ")
                return Target(place, mark, text, role=role, letter=letter)
        return Target(place, mark, text)
