from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from tutor.styles.window import (
    COLUMNS,
    PAGE,
    ROWS,
    SEARCHED,
    WHOLE,
    Page,
    Window,
    changed_up_to,
    page_at,
    up_to,
)
from tutor.trace.model import Step
from tutor.trace.state import TraceState

MADE = st.integers(1, 5000)
POSITIONS = MADE.flatmap(lambda made: st.tuples(st.integers(0, made), st.just(made)))
"""Positions in runs, with the number of steps of the run."""


def steps(states: list[TraceState]) -> list[Step]:
    """Return the steps of a run after which it has these states."""
    texts = dict.fromkeys((each.name for each in fields(Step) if each.type == "str"), "")
    numbers = {"event_number": 1, "pid": 73, "at_ms": 1.0}
    return [
        Step(number=number, state=state, payload={}, token=None, unsettled=(), unstored=(), **{**texts, **numbers})
        for number, state in enumerate(states, 1)
    ]


def pages(made: int) -> list[Page]:
    """Return the pages that a reader comes to who follows the links to the next page."""
    found = [page_at(1, made)]
    while following := found[-1].next:
        found.append(page_at(following.first, made))
    return found


@given(POSITIONS)
def test_the_position_is_on_its_page_and_is_the_last_row(at: tuple[int, int]) -> None:
    position, made = at
    page = page_at(position, made).window
    assert page.first <= max(1, position) <= page.last <= made
    assert page.last - page.first < PAGE
    assert up_to(position).last == position
    assert up_to(position).first >= 1


@given(MADE)
def test_every_step_is_on_one_page_that_links_lead_to_in_both_directions(made: int) -> None:
    found = pages(made)
    assert [step for page in found for step in range(page.window.first, page.window.last + 1)] == [*range(1, made + 1)]
    assert [page.previous for page in found] == [None, *(page.window for page in found[:-1])]
    assert found[0].is_only == (made <= PAGE)


@given(st.integers(0, 5000))
def test_going_to_the_step_before_the_rows_again_and_again_shows_every_step_once(position: int) -> None:
    window, seen = up_to(position), 0
    while window.before:
        seen += window.last - window.before
        window = window.earlier
    assert seen + window.last == position
    assert up_to(position).last - up_to(position).before <= (WHOLE if position <= WHOLE else ROWS)


def test_a_run_that_fits_on_a_page_is_shown_as_a_whole() -> None:
    assert up_to(WHOLE) == Window(1, WHOLE)
    assert up_to(WHOLE + 1) == Window(WHOLE - ROWS + 2, WHOLE + 1)
    assert up_to(0).before == 0
    assert page_at(0, 0).window == Window(1, 0)


@given(st.lists(st.booleans(), max_size=300))
def test_the_tracker_has_the_last_steps_that_changed_a_variable_and_the_current_one(changes: list[bool]) -> None:
    made = steps([TraceState(changed=frozenset({"x"}) if each else frozenset()) for each in changes])
    columns, earlier = changed_up_to(made)
    assert columns[-1:] == made[-1:]
    assert len(columns) <= COLUMNS
    shown = [step.number for step in columns]
    assert [step.number for step in made[earlier:-1] if step.state.changed] == shown[:-1]
    assert earlier == 0 or len(made) > SEARCHED or any(step.state.changed for step in made[:earlier])
