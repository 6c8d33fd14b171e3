from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tutor.lessons import catalogue
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.question import Option, Question
from tutor.quizzes.practice import TEN, made_id, practice
from tutor.quizzes.quiz import Quiz

LESSONS = list(catalogue.lessons().values())
SEED = "abc234"


def none_made(lesson: Lesson, case: Case) -> Sequence[Question]:
    return ()


def many_made(lesson: Lesson, case: Case) -> Sequence[Question]:
    options = (Option("yes"), Option("no"))
    ids = map(str, range(20))
    return [
        Choice(id=f"made-{id}", text=f"Is it {lesson.slug}, {case.name}, {id}?", why="So.", options=options, right=0)
        for id in ids
    ]


def mixed(seed: str = SEED, lessons: Sequence[Lesson] = LESSONS) -> Quiz:
    return practice("mixed", seed, lessons, many_made)


def asked_lessons(quiz: Quiz) -> list[str]:
    return [item.lesson.slug for item in quiz.items.values()]


def test_the_same_seed_asks_the_same_questions_in_the_same_order() -> None:
    assert mixed() == mixed(lessons=LESSONS[::-1])
    assert list(mixed().items) == list(mixed(lessons=LESSONS[::-1]).items)


def test_another_seed_asks_others() -> None:
    assert list(mixed("bcd345").items) != list(mixed().items)
    assert mixed("bcd345").name != mixed().name


def test_ten_mixed_questions_are_of_ten_lessons() -> None:
    assert len(set(asked_lessons(mixed()))) == len(mixed().items) == TEN


def test_a_question_is_asked_of_one_lesson_if_only_its_names_differ() -> None:
    def alike(lesson: Lesson, case: Case) -> Sequence[Question]:
        return [replace(each, text=f"Is it `{lesson.slug}`?") for each in many_made(lesson, case)]  # type: ignore[type-var]

    quiz = practice("mixed", SEED, LESSONS, alike)
    assert len(set(asked_lessons(quiz))) == len(quiz.items) == TEN
    assert sum("made" in id for id in quiz.items) == 1


def test_practice_has_no_run_to_look_at() -> None:
    assert not any(item.question.look for item in mixed().items.values())


def test_a_subject_asks_all_of_its_lessons_and_never_two_questions_of_one_in_a_row() -> None:
    quiz = practice("some", SEED, LESSONS[:3], many_made)
    assert set(Counter(asked_lessons(quiz)).values()) == {3, 4}
    assert all(one != other for one, other in pairwise(asked_lessons(quiz)))


def test_questions_that_stand_in_a_lesson_and_those_of_its_runs_come_in_turn() -> None:
    quiz = practice("one", SEED, LESSONS[:1], many_made)
    are_made = ["made" in id for id in quiz.items]
    written = len(written_in(LESSONS[0]))
    assert len(are_made) == TEN
    assert are_made.count(False) == written
    assert all(one != other for one, other in pairwise(are_made[: 2 * written]))


def test_without_runs_a_lesson_asks_what_stands_in_it_but_not_the_question_to_the_class() -> None:
    quiz = practice("one", SEED, LESSONS[:1], none_made)
    assert sorted(item.question.text for item in quiz.items.values()) == sorted(written_in(LESSONS[0]))


def written_in(lesson: Lesson) -> list[str]:
    """Return the texts of the questions of a lesson that can be answered without its run."""
    return [each.question for each in lesson.content.quiz if each.subject.kind != "step"]


def test_questions_are_made_for_ten_lessons_at_most() -> None:
    made: list[tuple[str, str]] = []

    def noting(lesson: Lesson, case: Case) -> Sequence[Question]:
        made.append((lesson.slug, case.name))
        return ()

    practice("mixed", SEED, LESSONS, noting)
    assert len(made) == len({slug for slug, _ in made}) == TEN


def test_questions_that_were_begun_stay_when_runs_give_rise_to_others() -> None:
    before = practice("mixed", SEED, LESSONS, none_made)
    begun = list(before.items)[::2]
    assert not set(begun) <= set(mixed().items)
    after = practice("mixed", SEED, LESSONS, many_made, begun)
    assert set(begun) <= set(after.items)
    assert len(after.items) == TEN
    assert after.name == before.name


def test_a_question_with_other_options_has_another_id() -> None:
    case, [question, *_] = LESSONS[0].cases[0], many_made(LESSONS[0], LESSONS[0].cases[0])
    assert isinstance(question, Choice)
    other = replace(question, options=(*question.options, Option("perhaps")))
    assert made_id(case, question) != made_id(case, other)
    assert made_id(case, question) == made_id(case, replace(question, why="Because."))


def test_without_lessons_there_are_no_questions() -> None:
    assert not practice("mixed", SEED, [], many_made).items


def test_the_name_of_a_quiz_can_be_stored() -> None:
    assert len(practice("x" * 200, SEED, LESSONS, none_made).name) <= 80
