from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tutor.quizzes.models import Response
from tutor.quizzes.question_state import QuestionState, state_of
from tutor.runs.models import Run

KEY, HINTS, TRIES = "2", 2, 2
"""The key of a question with four options, the number of its hints and that of its tries."""


def answer(option: int | str) -> Response:
    return Response(kind=Response.Kind.ANSWER, answer=str(option), is_right=str(option) == KEY)


def hint() -> Response:
    return Response(kind=Response.Kind.HINT)


def the_key() -> Response:
    return Response(kind=Response.Kind.KEY)


def tried_out(run: Run, is_right: bool | None) -> Response:
    return Response(kind=Response.Kind.ANSWER, answer="retry=7", is_right=is_right, run=run)


def test_an_answer_that_a_run_tries_out_counts_once_the_run_has_judged_it() -> None:
    waiting = state_of([tried_out(Run(), None)], TRIES)
    assert waiting.waits_for
    assert (waiting.tried, waiting.is_closed) == ((), False)
    assert "Wait until it has ended" in waiting.refusal(answer(1), HINTS)
    assert waiting.refusal(hint(), HINTS) == ""
    ended = Run(state=Run.State.ENDED)
    assert state_of([tried_out(ended, is_right=True)], TRIES).first_was_right
    assert state_of([tried_out(ended, is_right=False)], TRIES).wrong == ("retry=7",)


def test_an_aborted_run_is_no_try_and_the_same_answer_may_be_given_again() -> None:
    aborted = state_of([tried_out(Run(state=Run.State.ENDED), None)], TRIES)
    assert (aborted.tried, aborted.waits_for) == ((), None)
    assert aborted.lost
    assert aborted.refusal(tried_out(Run(), None), HINTS) == ""


sent = st.lists(st.builds(answer, st.integers(0, 3)) | st.builds(hint) | st.builds(the_key), max_size=30)


def accepted(responses: list[Response]) -> list[Response]:
    """Return those that a question accepts, one after the other."""
    state, found = QuestionState(), []
    for each in responses:
        if not state.refusal(each, HINTS):
            state = state.after(each)
            found.append(each)
    return found


def test_a_question_without_responses_is_untouched_and_open() -> None:
    assert state_of([], TRIES).is_untouched
    assert not state_of([], TRIES).is_closed


def test_the_first_wrong_answer_leaves_the_question_open_and_the_second_shows_the_key() -> None:
    once, twice = state_of([answer(0)], TRIES), state_of([answer(0), answer(1)], TRIES)
    assert (once.shows_key, once.is_closed) == (False, False)
    assert (twice.shows_key, twice.is_closed) == (True, True)


def test_a_right_answer_after_a_wrong_one_solves_the_question_but_not_at_first() -> None:
    state = state_of([answer(0), answer(KEY)], TRIES)
    assert state.is_solved
    assert state.wrong == ("0",)
    assert not state.first_was_right
    assert state_of([hint(), answer(KEY)], TRIES).first_was_right


def test_the_key_is_shown_on_request() -> None:
    assert state_of([the_key()], TRIES).shows_key
    assert not state_of([the_key()], TRIES).first_was_right


def test_what_is_refused_says_why() -> None:
    state = state_of([answer(0), hint(), hint()], TRIES)
    assert "already tried" in state.refusal(answer(0), HINTS)
    assert "all hints" in state.refusal(hint(), HINTS)
    assert "already answered" in state.after(answer(KEY)).refusal(answer(1), HINTS)
    assert "already answered" in state.after(the_key()).refusal(hint(), HINTS)


@given(sent)
def test_ten_thousand_tries_are_no_more_than_a_few(responses: list[Response]) -> None:
    stored = accepted(responses)
    state = state_of(stored, TRIES)
    assert len(stored) <= HINTS + 2
    assert len(state.wrong) <= 2
    assert len(set(state.tried)) == len(state.tried)
    assert state.is_solved == (KEY in state.tried)


@given(sent)
def test_the_key_is_known_exactly_if_it_was_found_asked_for_or_missed_twice(responses: list[Response]) -> None:
    state = state_of(accepted(responses), TRIES)
    assert state.is_closed == (state.is_solved or state.gave_up or len(state.wrong) == 2)
    assert not (state.is_solved and state.shows_key)
    assert not (state.first_was_right and state.wrong)


@given(sent)
def test_a_closed_question_stays_as_it_is_and_an_open_one_only_gets_further(responses: list[Response]) -> None:
    stored = accepted(responses)
    states = [state_of(stored[:count], TRIES) for count in range(len(stored) + 1)]
    for before, after in pairwise(states):
        assert not before.is_closed
        assert after.tried[: len(before.tried)] == before.tried
        assert after.hints >= before.hints
