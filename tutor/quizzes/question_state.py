"""How a question stands for one browser: a pure function of its responses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .models import Response

MOST_WRONG = 2
"""The number of wrong answers after which the key is shown."""


@dataclass(frozen=True, slots=True)
class QuestionState:
    """How a question stands."""

    tried: tuple[int, ...] = ()
    """The indexes of the options that were chosen, in this order."""
    is_solved: bool = False
    """Whether the last one was right."""
    hints: int = 0
    """The number of hints that were asked for."""
    gave_up: bool = False
    """Whether the key was asked for."""

    @property
    def wrong(self) -> tuple[int, ...]:
        """The options that were chosen and wrong."""
        return self.tried[:-1] if self.is_solved else self.tried

    @property
    def shows_key(self) -> bool:
        """Whether the key is shown without having been found."""
        return not self.is_solved and (self.gave_up or len(self.wrong) >= MOST_WRONG)

    @property
    def is_closed(self) -> bool:
        """Whether no more responses are accepted."""
        return self.is_solved or self.shows_key

    @property
    def is_untouched(self) -> bool:
        return self == QuestionState()

    @property
    def first_was_right(self) -> bool:
        """Whether the first answer was right."""
        return self.is_solved and not self.wrong

    def refusal(self, response: Response, hints: int) -> str:
        """Return why a response isn't accepted, for a question that has that many hints; "" if it is."""
        if self.is_closed:
            return "This question is already answered."
        if response.kind == Response.Kind.ANSWER and response.option in self.tried:
            return "You have already tried that option. Choose another one."
        if response.kind == Response.Kind.HINT and self.hints >= hints:
            return "You have already seen all hints of this question."
        return ""

    def after(self, response: Response) -> QuestionState:
        """Return the state after one more response."""
        match response.kind:
            case Response.Kind.HINT:
                return replace(self, hints=self.hints + 1)
            case Response.Kind.KEY:
                return replace(self, gave_up=True)
        if response.option is None:
            raise ValueError("an answer has an option")
        return replace(self, tried=(*self.tried, response.option), is_solved=bool(response.is_right))


def state_of(responses: Iterable[Response]) -> QuestionState:
    """Return how a question stands after its responses."""
    state = QuestionState()
    for response in responses:
        state = state.after(response)
    return state
