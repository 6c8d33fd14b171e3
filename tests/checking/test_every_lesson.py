"""The lessons that come with the site: their runs bear out all their claims, and the check would notice wrong ones."""

from __future__ import annotations

import pytest

from tests.checking.conftest import RunsOf
from tests.checking.recomputed import first_differences, place_of
from tests.styles.drawing.true_picture import assert_true, texts
from tutor.checking.alterations import altered_cells, altered_paths
from tutor.checking.case_runs import CaseRun, Runs
from tutor.checking.findings import findings
from tutor.checking.mutation import mutants, unfalsifiable
from tutor.checking.trace_checks import wrong_cells, wrong_paths
from tutor.checking.unseen import unseen
from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.styles.drawing.comparison_words import sentence
from tutor.styles.drawing.symptom import draw_symptom
from tutor.trace.comparison import compare
from tutor.trace.symptom_lanes import symptom_of

LESSONS = list(catalogue_of((CONTENT,)).read().lessons.values())
COMPARED = {
    ("it-ran-twice", "patient"): "Only in X: “The task starts again” (report, delivery 2). In Y this doesn’t happen.",
    (
        "it-ran-twice",
        "single",
    ): "Step by step, X and Y are the same. In the end they differ. Executions at the same time: 2 in X, 1 in Y.",
    (
        "when-a-task-raises",
        "paid",
    ): "In X: “The task fails” (payment). In Y: “The task completes”. Task status: Failed in X, Success in Y;"
    " Result stored: declined: 250 in X, 'paid: 80' in Y.",
    (
        "task-results-and-status",
        "killed",
    ): "Only in X: “The task completes” (copysign). In Y instead: “The worker dies” (copysign).",
    ("chains", "once"): "Only in X: “charge starts again” (charge, delivery 2). In Y this doesn’t happen.",
    (
        "too-early",
        "late",
    ): "In X: “The program asks at once” (report). In Y: “The program asks for the result”. Task status: Pending in X,"
    " Success in Y; Result stored: None in X, 'Report for 2024' in Y.",
    (
        "it-cant-see-my-row",
        "committed",
    ): "Only in X: “The task does not find the order” (mail). In Y this doesn’t happen.",
    (
        "what-may-travel",
        "key",
    ): "“The task completes” (bill): Result stored: 10 in X, 12 in Y.",
}
"""(lesson, case) → what is said of the lesson's own run, X, and of the case, Y."""


@pytest.fixture(scope="module")
def runs(runs_of: RunsOf) -> Runs:
    """A run of every case of every lesson."""
    return runs_of(LESSONS)


def test_the_site_comes_with_twenty_three_lessons(runs: Runs) -> None:
    assert len(LESSONS) >= 23
    assert len(runs) >= 60
    assert sum(len(lesson.claims) for lesson in LESSONS) >= 300


def test_every_lesson_can_be_read() -> None:
    assert not catalogue_of((CONTENT,)).read().problems


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_its_runs_bear_out_its_claims(lesson: Lesson, runs: Runs) -> None:
    assert [str(each) for each in findings(lesson, runs)] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_mutant_of_its_claims_is_caught_and_every_claim_can_be_false(lesson: Lesson, runs: Runs) -> None:
    assert [str(each) for each in mutants([lesson], runs) if not each.caught] == []
    assert list(unfalsifiable([lesson], runs)) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_each_row_shows_its_task_with_the_status_and_the_result_that_the_events_say(lesson: Lesson, runs: Runs) -> None:
    for run in of_lesson(lesson, runs):
        assert [str(each) for step in run.trace.steps for each in wrong_cells(run, step)] == [], run.title


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_each_token_goes_along_the_arrows_of_the_flow(lesson: Lesson, runs: Runs) -> None:
    for run in of_lesson(lesson, runs):
        assert list(wrong_paths(run, run.trace)) == [], run.title


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_changed_cell_or_path_would_be_noticed(lesson: Lesson, runs: Runs) -> None:
    own = of_lesson(lesson, runs)
    assert [str(each) for each in (*altered_cells(own), *altered_paths(own)) if not each.caught] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_node_of_the_flow_is_lit_by_a_case(lesson: Lesson, runs: Runs) -> None:
    # Milliseconds decide whether some arrows are taken in a run; `lessons check` names those that aren't.
    assert [each for each in unseen(lesson, runs) if "nodes that" in each] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_its_symptom_is_drawn_in_the_order_and_with_the_overlaps_of_its_run(lesson: Lesson, runs: Runs) -> None:
    symptom = symptom_of(lesson, runs[lesson.slug, "default"].events)
    assert symptom
    assert symptom.mistakes == ()
    picture = draw_symptom(symptom)
    assert_true(symptom, picture)
    assert texts(picture)
    assert bool(picture.told) == bool(lesson.content.symptom and lesson.content.symptom.told)


def test_the_pictures_of_any_two_lessons_differ(runs: Runs) -> None:
    seen: dict[object, str] = {}
    for lesson in LESSONS:
        symptom = symptom_of(lesson, runs[lesson.slug, "default"].events)
        assert symptom
        picture = draw_symptom(symptom)
        # What is seen at a glance: the lanes, the kinds of bars in each, and what was said.
        shape = (
            tuple(lane.label for lane in picture.lanes),
            tuple((box.kind, box.y, bool(box.torn), bool(box.death)) for box in picture.boxes),
            tuple(texts(picture)),
        )
        assert seen.setdefault(shape, lesson.slug) == lesson.slug


def test_a_link_of_a_chain_that_starts_has_no_result_of_another_link(runs: Runs) -> None:
    steps = runs["chains", "default"].trace.steps
    charge, ship = (next(each for each in steps if each.action == f"{name} starts") for name in ("charge", "ship"))
    failed = next(each for each in steps if each.id == "failed")
    assert (failed.task, failed.status, failed.result) == (charge.task, "Failed", failed.result)
    assert "card declined for 250" in failed.result
    assert (ship.task_label, ship.status, ship.result) == ("ship", "Running", "None")


def of_lesson(lesson: Lesson, runs: Runs) -> list[CaseRun]:
    return [run for (slug, _), run in runs.items() if slug == lesson.slug]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_it_has_all_its_parts(lesson: Lesson) -> None:
    content = lesson.content
    assert content.ask
    assert all((content.able, content.practice, lesson.why, lesson.inside, content.sources, content.knobs))
    assert min(len(content.key_moments), len(content.quiz), len(content.cases)) >= 3
    assert all(option.why for question in content.questions for option in question.options if not option.right)
    made = set(lesson.case("default").path or ())
    assert all(step.present for step in lesson.content.steps if step.id in made)
    assert all(step.headline for step in lesson.content.steps)


IN_A_RACE = {
    (
        "it-ran-twice",
        "single",
    ): "“The task starts again” (report, delivery 2): Task status: Running in X, Success in Y; "
    "Result stored: None in X, 'report.csv' in Y.",
}
"""What is said if the other side wins a race: the monitor stores the result before the one worker begins again."""


@pytest.mark.parametrize(("slug", "case"), COMPARED)
def test_what_differs_first_between_two_of_its_runs_is_said_as_it_is_written_out_here(
    slug: str, case: str, runs: Runs
) -> None:
    comparison = compare(runs[slug, DEFAULT].trace, runs[slug, case].trace)
    said = sentence(comparison, "X", "Y")
    assert said in (COMPARED[slug, case], IN_A_RACE.get((slug, case)))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_each_of_its_cases_differs_from_its_own_run_where_their_events_say(lesson: Lesson, runs: Runs) -> None:
    own = runs[lesson.slug, DEFAULT]
    for run in of_lesson(lesson, runs):
        assert place_of(compare(own.trace, run.trace)) in first_differences(own, run), run.title
