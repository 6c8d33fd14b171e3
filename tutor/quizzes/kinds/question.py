"""What all kinds of questions have in common. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tutor.lessons.claims import subject_of

Mark = Literal["", "wrong", "right"]
"""What a browser knows of an option."""
LONGEST_ANSWER = 200
"""The maximum length of an answer, in characters."""


class Unreadable(ValueError):
    """A form sent something that isn't an answer. The message tells the visitor what to do."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be answered, and what there is to say of it."""

    text: str
    why: str = ""
    """Why it is wrong, in Markdown with claims."""
    misconception: str = ""
    """The name in `MISCONCEPTIONS` of what somebody believes who answers it; "" if it has none."""
    right_in: str = ""
    """The claim whose reference run shows it as right, with the case in its target; "" if there is none."""


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """A question with its key. Pages contain only what `fields` returns, and the rest once the browser may know it."""

    kind: ClassVar[str]
    """The name of its module and of its template."""

    id: str
    """Unique in its quiz: "1" for the first of the lesson, "class" for that to the class."""
    text: str
    """The question, in one line of Markdown."""
    why: str
    """Why the right answer is right, in Markdown with claims."""
    hint: str = ""
    """How to think about it, in Markdown."""
    look: str = ""
    """Where to look in the run, in Markdown."""
    step: int | None = None
    """The number of the step that shows the answer, in the run that the question is about."""
    claim: str = ""
    """The claim whose reference run shows the answer, for pages without that run. Its target names the case."""
    other_case: str = ""
    """The title of the case that it is about, where the page would otherwise be understood to ask about its own run."""
    tries: int = 2
    """The number of wrong answers after which the key is shown."""

    @abstractmethod
    def read(self, sent: Mapping[str, str], seed: str) -> str:
        """Return the answer that a form sent, with the options in the order of `seed`. Raise Unreadable."""

    @abstractmethod
    def is_right(self, answer: str) -> bool | None:
        """Return whether an answer is right; None if only a run can tell."""

    @abstractmethod
    def option(self, answer: str) -> Option:
        """Return the option that an answer is, with what there is to say of it if it is wrong."""

    @property
    @abstractmethod
    def key(self) -> str:
        """A right answer."""

    @abstractmethod
    def fields(self, seed: str, tried: Sequence[str], key: str | None) -> dict[str, Any]:
        """Return the names that its template uses.

        `tried` are the wrong answers so far; `key` is the right one, if the browser may know it.
        """

    @property
    def case(self) -> str:
        """The name of the case that it is about on a page without its run; "" for the lesson's own run."""
        return subject_of(self.claim).case if self.claim else ""

    @property
    def has_several(self) -> bool:
        """Whether several answers are right that mean different things."""
        return False

    @property
    def all_hints(self) -> tuple[tuple[str, str], ...]:
        """What each hint says, and its text."""
        named = ("how to think", self.hint), ("where to look", self.look)
        return tuple((name, text) for name, text in named if text)
