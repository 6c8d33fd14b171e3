"""What another number of workers changes: the answer of the lesson's own run has a belief there."""

from __future__ import annotations

from dataclasses import replace

from tests.quizzes.test_gate import asked
from tutor.lessons import catalogue
from tutor.quizzes.contrasts import BELIEF, with_other_workers
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.question import Option, Question

LESSON = catalogue.get("it-ran-twice")
FEWER, OTHER = "single", "quick"
"""A case with another number of workers, and one that differs in something else."""
TWICE = asked("gen-executions-report", right="2", wrong=("1", "4"), claim="default/executions:report")
ONCE = asked("gen-executions-report", right="1", wrong=("2", "3", "4"), claim="single/executions:report")


def beliefs(own: Question, case: str, other: Question) -> dict[str, str]:
    """Return wrong option → its misconception, of the question about the other case."""
    [found] = with_other_workers(LESSON, {"default": [own], case: [other]})[case]
    options = found.options[1:] if isinstance(found, Choice) else found.known if isinstance(found, Cell) else ()
    return {each.text: each.misconception for each in options}


def test_the_answer_of_the_own_run_is_that_of_somebody_who_believes_that_workers_change_nothing() -> None:
    assert beliefs(TWICE, FEWER, ONCE) == {"2": BELIEF, "3": "exactly-once", "4": "exactly-once"}


def test_it_becomes_an_option_if_it_is_none() -> None:
    without = replace(ONCE, options=(Option("1"), Option("3", "No."), Option("4", "No.")))
    assert beliefs(TWICE, FEWER, without) == {"2": BELIEF, "3": "", "4": ""}
    written = Cell(id=ONCE.id, text="How many?", why="So.", claim=ONCE.claim, accepted=("1",), known=(), heading="n")
    assert beliefs(TWICE, FEWER, written) == {"2": BELIEF}


def test_a_case_that_differs_in_something_else_stays_as_it_is() -> None:
    assert BELIEF not in beliefs(TWICE, OTHER, ONCE).values()


def test_the_same_answer_with_another_number_of_workers_stays_as_it_is() -> None:
    assert BELIEF not in beliefs(ONCE, FEWER, ONCE).values()


def test_when_something_happens_may_depend_on_the_number_of_workers() -> None:
    later = replace(ONCE, id="gen-status-report")
    assert BELIEF not in beliefs(replace(TWICE, id=later.id), FEWER, later).values()
    both = replace(ONCE, id="gen-overlap-film-icon", claim="single/overlap:film,icon")
    own = replace(TWICE, id=both.id, claim="default/overlap:film,icon")
    assert BELIEF not in beliefs(own, FEWER, both).values()
