from __future__ import annotations

from tests.trace.events import TASK, asked, changed, event, events_of_first_lesson, lesson
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.predictions import NextStep, Paths, before_answer, filled, predictions, spread
from tutor.quizzes.reference_paths import Path, path_of
from tutor.trace.projector import project

RUN = project(lesson(), events_of_first_lesson())
OWN = path_of(RUN)
STEPS = len(OWN)
QUESTION_TO_CLASS = 2
"""The position before the step that answers it."""


def quiet() -> Lesson:
    """The lesson without a question to the class."""
    return changed(lesson(), ask=None)


def parts_after(at: int, rule: str = "failed", action: str = "The task fails") -> Path:
    """A path that goes another way after the first `at` steps of the run."""
    return (*OWN[:at], (rule, action))


def asked_with(paths: Paths, case: str = "default", *, every: bool = False) -> dict[int, Choice]:
    return predictions(quiet(), RUN, paths, case, every=every)


def texts(question: Choice) -> list[str]:
    return [option.text for option in question.options]


def test_where_a_case_goes_another_way_its_next_step_is_an_option_that_is_right_in_it() -> None:
    question = asked_with({"default": [OWN], "fails": [parts_after(2)]})[2]
    assert texts(question) == [OWN[2][1], "The task fails"]
    assert question.is_right("0")
    assert question.options[1].right_in == "fails/step@failed"
    assert question.step == 3


def test_the_option_of_a_step_that_a_rule_makes_again_says_which() -> None:
    again = (*OWN[:2], ("started", "The task starts once more"))
    question = asked_with({"default": [OWN], "killed": [again]})[2]
    assert question.options[1].right_in == "killed/step@started#2"


def test_a_case_that_has_gone_another_way_before_says_nothing_of_a_later_step() -> None:
    early = (("failed", "It fails"), *OWN[1:4], ("other", "Something else"))
    question = asked_with({"default": [OWN], "fails": [early]}, every=True)[4]
    assert not any(option.right_in for option in question.options)


def test_other_options_are_what_any_run_of_the_lesson_does_later_or_never() -> None:
    fails = parts_after(2), parts_after(3, "other", "Something else")
    question = asked_with({"default": [OWN], "fails": fails[:1], "other": fails[1:]}, every=True)[4]
    known = {action for _, action in OWN[:4]}
    assert not known.intersection(texts(question))
    assert len(question.options) == 3


def test_the_question_to_the_class_is_not_asked_when_many_steps_have_told_what_it_asks() -> None:
    many = project(lesson(), [*events_of_first_lesson()[:2], *[event("queued", "caller", **TASK)] * 20])
    assert before_answer(lesson(), many.steps) == 0


def test_a_run_that_ends_where_another_goes_on_is_an_option() -> None:
    question = asked_with({"default": [OWN], "short": [OWN[:3]]})[3]
    assert texts(question) == [OWN[3][1], "Nothing: the run ends here"]
    assert question.options[1].right_in == "short/outcome"


def test_two_cases_with_the_same_next_step_are_one_option() -> None:
    assert len(asked_with({"a": [parts_after(2)], "b": [parts_after(2)], "default": [OWN]})[2].options) == 2


def test_the_same_words_for_another_step_are_no_option() -> None:
    same = parts_after(2, "other", OWN[2][1])
    questions = asked_with({"default": [OWN], "other": [same]}, every=True)
    assert texts(questions[2]).count(OWN[2][1]) == 1


def test_what_comes_next_by_chance_is_not_asked() -> None:
    swapped = (*OWN[:2], OWN[3], OWN[2], *OWN[4:])
    paths = {"default": [OWN, swapped], "fails": [parts_after(2)]}
    assert {1, 3, 4} <= asked_with(paths, every=True).keys()
    assert 2 not in asked_with(paths, every=True)


def test_without_reference_runs_only_the_question_to_the_class_is_asked() -> None:
    assert asked_with({}, every=True) == {}
    questions = predictions(lesson(), RUN, {}, "default", every=True)
    ask = lesson().content.ask
    assert ask
    assert list(questions) == [QUESTION_TO_CLASS]
    assert questions[QUESTION_TO_CLASS].text == ask.question
    assert not isinstance(questions[QUESTION_TO_CLASS], NextStep)


def test_what_comes_next_is_asked_as_such() -> None:
    questions = asked_with({"default": [OWN]}, every=True)
    assert questions
    assert all(isinstance(each, NextStep) for each in questions.values())


def test_a_walk_asks_three_to_five_times_and_every_step_on_request() -> None:
    few = asked_with({"default": [OWN]})
    assert len(few) == 3
    assert len(asked_with({"default": [OWN]}, every=True)) == STEPS - 2  # Nothing else can come at the end.
    many = {"default": [OWN], **{f"case-{at}": [parts_after(at, f"rule-{at}", f"Way {at}")] for at in range(1, STEPS)}}
    assert len(asked_with(many)) == 5
    assert {1, STEPS - 1} <= asked_with(many).keys()


def test_a_prediction_can_be_made_once_and_has_no_hints() -> None:
    for question in predictions(lesson(), RUN, {"default": [OWN]}, "default").values():
        assert question.tries == 1
        assert not question.all_hints


def test_positions_are_spread_and_filled_far_from_each_other() -> None:
    assert spread([1, 2, 3, 4, 5, 6, 7, 8, 9], 5) == [1, 3, 5, 7, 9]
    assert filled([2], [1, 3, 6, 9]) == [2, 6, 9]
    assert filled([], [4]) == [4]
    assert filled([1, 2, 3], [4]) == [1, 2, 3]


def test_a_run_that_has_stopped_asks_nothing_beyond_its_steps() -> None:
    short = project(
        quiet(), [*events_of_first_lesson()[:1], asked(), event("ended", "host", outcome="stopped", reason="")]
    )
    assert predictions(quiet(), short, {"default": [OWN]}, "default") == {}
