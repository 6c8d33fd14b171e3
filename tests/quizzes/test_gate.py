"""The gate: what all runs of a case agree on, without what isn't worth asking."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.trace.events import events_of_first_lesson, lesson
from tutor.quizzes import gate
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.question import Option
from tutor.quizzes.told import Told, told_by
from tutor.trace.projector import project

TRACE = project(lesson(), events_of_first_lesson())
NOTHING_TOLD = Told({}, {})


def asked(id: str = "gen-one", *, right: str = "1", wrong: tuple[str, ...] = ("2", "4"), **fields: Any) -> Choice:
    given = {"text": "How many rows are there?", "why": "So it is.", "claim": "default/rows:Task"} | fields
    options = (Option(right), *(Option(each, "No.", "exactly-once") for each in wrong))
    return Choice(id=id, options=options, right=0, **given)


def dropped(*questions: Choice, told: Told = NOTHING_TOLD) -> list[str]:
    passed = gate.sound("default", questions, lesson(), TRACE, told)
    return [each.why for each in passed.dropped]


def test_a_question_stays_if_five_runs_agree_on_it() -> None:
    runs = [[asked(), asked("gen-two", right="3")] for _ in range(5)]
    assert gate.agreed("default", runs).questions == {"default": tuple(runs[0])}


def test_a_question_whose_key_differs_in_one_run_is_dropped() -> None:
    runs = [[asked()]] * 4 + [[asked(right="3")]]
    passed = gate.agreed("default", runs)
    assert passed.questions == {"default": ()}
    assert [each.why for each in passed.dropped] == [gate.DISAGREE]


def test_the_number_of_the_step_may_differ() -> None:
    runs = [[asked(step=step)] for step in (3, 4, 3, 3, 4)]
    assert gate.agreed("default", runs).questions == {"default": (runs[0][0],)}


def test_four_runs_are_too_few() -> None:
    assert gate.agreed("default", [[asked()]] * 4).questions == {"default": ()}


def test_a_sound_question_passes() -> None:
    assert dropped(asked()) == []


def test_a_question_whose_text_has_its_answer_and_no_other_option_is_dropped() -> None:
    assert dropped(asked(text="Is 1 row there?")) == [gate.TELLS_ITSELF]
    assert dropped(asked(text="Is it 1 row, or 2?")) == []


def test_a_question_that_the_page_answers_is_dropped() -> None:
    told = told_by(lesson(), events_of_first_lesson())
    assert dropped(asked(claim="default/result@queued"), told=told) == [f"{gate.TOLD}: summary"]
    in_title = asked(right="task results", claim="default/rows:Task")
    assert dropped(in_title, told=told) == [f"{gate.TOLD}: title"]


def test_a_question_about_what_never_changes_is_dropped() -> None:
    assert dropped(asked(claim="default/status@stored", wrong=("Failed", "Pending"))) == []
    assert dropped(asked(claim="default/value@stored:no_such_variable")) == [gate.ALL_ALIKE]


def test_a_question_with_two_right_options_is_dropped() -> None:
    assert dropped(asked(right="2", wrong=("1", "4"))) == [gate.RIGHT_TOO]
    assert dropped(asked(right="`one`", wrong=("One", "two"))) == [gate.SAME_OPTIONS]


def test_a_choice_between_two_options_is_dropped() -> None:
    assert dropped(asked(wrong=("2",))) == [gate.TOO_FEW]


def test_two_kinds_of_nothing_are_not_options_of_one_question() -> None:
    assert dropped(asked(wrong=("None", "not yet"))) == [gate.NONE_AND_NOTHING]


def test_a_question_is_asked_once() -> None:
    assert dropped(asked(), asked("gen-two")) == [gate.REPEATED]
    assert dropped(asked(), asked("gen-two", text="And how many rows?")) == [gate.REPEATED]
    other_key = asked("gen-two", right="3", claim="default/rows:OrmQ")
    assert dropped(asked(), other_key) == []


def test_a_question_that_stands_in_the_lesson_is_not_asked_again() -> None:
    claim = f"default/{lesson().content.quiz[0].claim}"
    assert dropped(asked(claim=claim, right="Pending", wrong=("Running", "Failed"))) == [gate.AUTHORED]


def test_a_variable_that_the_lesson_asks_for_is_not_asked_for_as_a_field_of_an_event() -> None:
    written = gate.subject_of_claim("default", "value@read:status")
    assert gate.repeated(asked(claim="default/event@read:locals.status"), [], {written}) == gate.AUTHORED
    assert gate.repeated(asked(claim="default/event@read:locals.other"), [], {written}) == ""


def test_a_question_is_not_asked_of_another_case_if_the_answer_is_the_same() -> None:
    other, different = asked(claim="fails/rows:Task"), asked(claim="fails/rows:Task", right="3")
    passed = gate.of_lesson({"default": [asked()], "fails": [other]})
    assert [each.why for each in passed.dropped] == [gate.OTHER_CASE]
    assert gate.of_lesson({"default": [asked()], "fails": [different]}).dropped == ()


def test_a_lesson_has_at_most_forty_questions_most_of_them_with_a_misconception() -> None:
    named = [asked(f"gen-{n}", claim=f"default/rows:T{n}", text=f"What about table T{n}?") for n in range(30)]
    plain = [replace(each, id=f"{each.id}-p", claim=f"{each.claim}p", options=unnamed(each)) for each in named]
    passed = gate.of_lesson({"default": [*named, *plain]})
    kept = passed.questions["default"]
    assert (len(kept), sum(map(gate.has_misconception, kept))) == (40, 30)
    assert {each.why for each in passed.dropped} == {gate.TOO_MANY}
    few = gate.of_lesson({"default": [*named[:3], *plain]})
    assert len(few.questions["default"]) == 5
    assert {each.why for each in few.dropped} == {gate.UNNAMED}


def unnamed(question: Choice) -> tuple[Option, ...]:
    return tuple(replace(each, text=f"{each.text}0", misconception="") for each in question.options)
