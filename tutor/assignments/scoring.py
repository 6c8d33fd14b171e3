"""What answers are worth. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.quizzes.models import Response
from tutor.quizzes.question_state import QuestionState, state_of

from .models import Assignment

ANSWER = Response.Kind.ANSWER


def counted(assignment: Assignment, responses: Sequence[Response]) -> QuestionState:
    """Return how a question stands after what a student has sent to it.

    With feedback at once, every answer counts as a try. With feedback later, the last answer replaces those before.
    """
    if assignment.feedback == Assignment.Feedback.NOW:
        return state_of(responses, assignment.tries)
    return state_of([each for each in responses if each.kind == ANSWER][-1:], 1)


def shown(assignment: Assignment, responses: Sequence[Response], *, is_over: bool) -> QuestionState:
    """Return the part of that state that the student may know. Once the quiz has closed, that includes the key."""
    state = counted(assignment, responses)
    if is_over:
        return state if state.is_closed else replace(state, gave_up=True)
    return state if assignment.feedback == Assignment.Feedback.NOW else QuestionState(1)


def points(state: QuestionState) -> float:
    """Return what an answer is worth, from 0 to 1: each wrong try before it takes off the same part of a point."""
    return 1 - len(state.wrong) / state.tries if state.is_solved else 0.0
