"""What a check finds wrong in the rows and tokens of a run, whatever the lesson claims."""

from __future__ import annotations

from dataclasses import replace

from tests.checking.conftest import Checked
from tutor.checking.alterations import altered_cells, altered_paths
from tutor.checking.case_runs import CaseRun
from tutor.checking.findings import findings
from tutor.checking.trace_checks import long_texts, wrong_cells, wrong_paths
from tutor.checking.unseen import unseen


def default(checked: Checked) -> CaseRun:
    return checked.runs["my-first", "default"]


def test_a_row_that_has_the_status_of_another_moment_is_found(checked: Checked) -> None:
    run = default(checked)
    step = run.trace.steps[0]
    assert list(wrong_cells(run, step)) == []
    assert list(wrong_cells(run, replace(step, status="Running"))) == [
        "the status is “Running”, by the events “Pending”"
    ]


def test_a_row_that_is_about_no_task_although_its_event_is_about_one_is_found(checked: Checked) -> None:
    run = default(checked)
    [about, *_] = wrong_cells(run, replace(run.trace.steps[0], task=""))
    assert about.startswith("the row is about “”, the event about “")


def test_every_altered_cell_and_path_is_caught(checked: Checked) -> None:
    cells, paths = list(altered_cells(checked.runs.values())), list(altered_paths(checked.runs.values()))
    assert len(cells) > 50
    assert len(paths) > 10
    assert [str(each) for each in (*cells, *paths) if not each.caught] == []


def test_a_token_that_comes_to_a_node_without_an_edge_is_found(checked: Checked) -> None:
    arrow = '[[flow.edges]]\nfrom = "work"\nto = "store"\n'
    lesson = checked.with_text(arrow, "")
    assert list(findings(lesson, checked.runs)) == [], "the kept runs were projected with the arrow"
    run = checked.projected(lesson, "default")
    messages = list(wrong_paths(run, run.trace))
    assert "comes to “store” from “work”, and there is no such edge" in messages[0]


def test_texts_that_are_too_long_for_their_places_are_found(checked: Checked) -> None:
    headline = 'headline = "{Who} has waited, and reads the answer."'
    note = 'note = "The program\'s answer is {event.locals.answer}."'
    lesson = checked.with_text(f"{headline}\n{note}", f'headline = "{"so " * 40}"\nnote = "{"so " * 60}"')
    run = checked.projected(lesson, "default")
    found = [message for step in run.trace.steps for message in long_texts(run, step)]
    assert [each.split(":")[0] for each in found] == [
        "the headline is longer than 90 characters",
        "the note has 180 characters, more than 140 (use “more” for the rest)",
    ]


def test_what_no_case_shows_is_named(checked: Checked) -> None:
    messages = list(unseen(checked.lesson, checked.runs))
    assert messages == ["my-first: rules that no case fires: failed, raised, died, left"]


def test_a_gate_that_no_process_comes_to_is_named(checked: Checked) -> None:
    gate = 'name = "never"\nat = { event = "started", where = { name = "dubole" } }\nuntil = { event = "queued" }\n'
    lesson = checked.with_text("[flow]\n", f'[[gates]]\n{gate}says = "It waits."\n\n[flow]\n')
    assert "my-first: gates that no process comes to in any case: never" in list(unseen(lesson, checked.runs))
