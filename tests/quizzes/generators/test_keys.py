"""The key of each generated question is what the events say, and no other option is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.quizzes.generators.keys import wrong_keys
from tests.quizzes.generators.wording import faults_of
from tests.trace.events import events_of_first_lesson, lesson
from tutor.checking.case_runs import CaseRun, CaseRunner
from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.quizzes import gate, generated
from tutor.quizzes.alike import subject_in
from tutor.quizzes.answers import options_of, rights_of
from tutor.quizzes.generators.registry import all_questions, generators
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.point import Point
from tutor.quizzes.kinds.question import Question
from tutor.quizzes.words import simplified
from tutor.trace.projector import project

QUICK = ("task-results-and-status", "when-a-task-raises", "chains")
"""Lessons whose cases together take some seconds, and give rise to questions of most kinds."""


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseRunner]:
    host = LabHost(tmp_path_factory.mktemp("labs"))
    yield CaseRunner(host)
    host.close()


def assert_sound(run: CaseRun) -> list[Question]:
    """Check what all generators ask about one run, and return it."""
    asked = all_questions(run.lesson, run.case, run.trace)
    assert list(wrong_keys(run.lesson, run.trace, run.events, asked)) == [], run.title
    assert [fault for each in asked for fault in faults_of(each)] == [], run.title
    for each in asked:
        texts = [simplified(option.text) for option in options_of(each)]
        assert len(set(texts)) == len(texts) >= 2, f"{run.title} {each.id}: {texts}"
        assert all(option.why or is_right(each, option.text) for option in options_of(each)), each.id
    ids = [each.id for each in asked]
    assert len(set(ids)) == len(ids), run.title
    assert all_questions(run.lesson, run.case, run.trace) == asked
    return asked


def is_right(question: Question, text: str) -> bool:
    return isinstance(question, Order) or text in [each.text for each in rights_of(question)]


def recorded() -> CaseRun:
    events = events_of_first_lesson()
    return CaseRun(lesson(), lesson().case("default"), project(lesson(), events), events)  # type: ignore[arg-type]


def test_the_keys_of_the_recorded_run_are_what_its_events_say() -> None:
    assert len(assert_sound(recorded())) >= 4


def test_a_wrong_key_would_be_noticed() -> None:
    run = recorded()
    noticed = 0
    for each in all_questions(run.lesson, run.case, run.trace):
        for wrong in with_other_key(each):
            assert list(wrong_keys(run.lesson, run.trace, run.events, [wrong])), each.id
            noticed += 1
    assert noticed >= 4


def with_other_key(question: Question) -> Iterator[Question]:
    """Yield the question with a wrong key."""
    match question:
        case Choice():
            yield replace(question, right=1)
        case Cell():
            yield replace(question, accepted=(question.known[0].text,), known=question.known[1:])
        case Point():
            others = [index for index in range(len(question.targets)) if index not in question.rights]
            yield replace(question, rights=(others[0],))
        case Order():
            yield replace(question, before=question.before - {min(question.before)})


@pytest.mark.django_db(transaction=True)
def test_the_keys_of_some_lessons_are_what_the_events_of_their_runs_say(runner: CaseRunner) -> None:
    runs = runner.runs([catalogue.get(slug) for slug in QUICK], labs=4)
    asked = [each for run in runs.values() for each in assert_sound(run)]
    assert len(asked) >= 200
    assert {each.kind for each in asked} == {"choice", "cell", "order", "point"}


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_the_questions_of_all_lessons_hold_in_five_runs_of_each_case(runner: CaseRunner) -> None:
    lessons = list(catalogue.lessons().values())
    made = [runner.runs(lessons, refresh=True, labs=4) for _ in range(gate.FEWEST_RUNS)]
    subjects: set[str] = set()
    for each in lessons:
        events = {case.name: [runs[each.slug, case.name].events for runs in made] for case in each.cases}
        found = generated.generate(each, events)
        kept = [question for questions in found.questions.values() for question in questions]
        assert 1 <= len(kept) <= gate.MOST
        assert sum(map(gate.has_misconception, kept)) * 100 >= gate.NAMED_PERCENT * len(kept)
        subjects |= {subject_in(question.id) for question in kept}
        for name, questions in found.sound.items():
            case = each.case(name)
            for runs in made:
                run = runs[each.slug, name]
                ids = {question.id for question in questions}
                assert_sound(run)
                same = [one for one in all_questions(each, case, run.trace) if one.id in ids]
                assert list(map(gate.value_of, same)) == list(map(gate.value_of, questions))
    assert subjects >= {"status", "executions", "rows", "variable", "who", "order", "printed", "place", "overlap"}


def test_generators_are_found_by_their_names() -> None:
    assert {"status", "results", "rows", "executions", "sequence", "printed", "variables", "who"} <= generators().keys()
