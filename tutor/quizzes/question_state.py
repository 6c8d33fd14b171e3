"""How a question stands for one browser: a pure function of its responses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tutor.runs.models import Run

from .models import Response


@dataclass(frozen=True, slots=True)
class QuestionState:
    """How a question stands."""

    tries: int = 2
    """The number of wrong answers after which the key is shown."""
    tried: tuple[str, ...] = ()
    """The answers, in this order."""
    is_solved: bool = False
    """Whether the last one was right."""
    waits_for: Run | None = None
    """The run that tries out one more answer, as long as it goes on."""
    tries_out: str = ""
    """That answer."""
    lost: Run | None = None
    """The run that should have tried out the last answer and was aborted, so that it isn't counted."""
    ran_in: Run | None = None
    """The run that has judged the last answer that counts."""
    hints: int = 0
    """The number of hints that were asked for."""
    gave_up: bool = False
    """Whether the key was asked for."""

    @property
    def wrong(self) -> tuple[str, ...]:
        """The wrong answers."""
        return self.tried[:-1] if self.is_solved else self.tried

    @property
    def shows_key(self) -> bool:
        """Whether the key is shown without having been found."""
        return not self.is_solved and (self.gave_up or len(self.wrong) >= self.tries)

    @property
    def is_closed(self) -> bool:
        """Whether no more responses are accepted."""
        return self.is_solved or self.shows_key

    @property
    def is_untouched(self) -> bool:
        return not (self.tried or self.waits_for or self.lost or self.hints or self.gave_up)

    @property
    def first_was_right(self) -> bool:
        """Whether the first answer was right."""
        return self.is_solved and not self.wrong

    def refusal(self, response: Response, hints: int) -> str:
        """Return why a response isn't accepted, for a question that has that many hints; "" if it is."""
        if self.is_closed:
            return "This question is already answered."
        if response.kind == Response.Kind.ANSWER and self.waits_for:
            return "A run tries out your last answer. Wait until it has ended."
        if response.kind == Response.Kind.ANSWER and response.answer in self.tried:
            return "You have already tried that answer. Give another one."
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
        if (run := response.run) and response.is_right is None:
            goes_on = run.state != Run.State.ENDED
            return replace(
                self, waits_for=run if goes_on else None, tries_out=response.answer, lost=None if goes_on else run
            )
        tried = (*self.tried, response.answer)
        return replace(self, tried=tried, is_solved=bool(response.is_right), waits_for=None, lost=None, ran_in=run)


def state_of(responses: Iterable[Response], tries: int) -> QuestionState:
    """Return how a question with that many tries stands after its responses."""
    state = QuestionState(tries)
    for response in responses:
        state = state.after(response)
    return state
