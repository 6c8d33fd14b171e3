from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from tutor.styles.window import (
    COLUMNS,
    NOTICES,
    PAGE,
    PRINTED_LENGTH,
    PRINTED_LINES,
    ROWS,
    Page,
    Window,
    changed_up_to,
    last_notices,
    last_printed,
    page_at,
    up_to,
)
from tutor.trace.model import Step
from tutor.trace.state import Notice, TraceState

MADE = st.integers(1, 5000)
POSITIONS = MADE.flatmap(lambda made: st.tuples(st.integers(0, made), st.just(made)))
"""Positions in runs, with the number of steps of the run."""
NOTICE = Notice("warned", "slow", "worker", 73, 1.0)


def steps(states: list[TraceState]) -> list[Step]:
    """Return the steps of a run after which it has these states."""
    texts = dict.fromkeys((each.name for each in fields(Step) if each.type == "str"), "")
    numbers = {"event_number": 1, "pid": 73, "at_ms": 1.0}
    return [
        Step(number=number, state=state, payload={}, token=None, **{**texts, **numbers})
        for number, state in enumerate(states, 1)
    ]


def printing(*texts: str) -> list[Step]:
    return steps([TraceState(printed=text) for text in texts])


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
    assert up_to(position).last - up_to(position).before <= (PAGE if position <= PAGE else ROWS)


def test_a_run_that_fits_on_a_page_is_shown_as_a_whole() -> None:
    assert up_to(PAGE) == Window(1, PAGE)
    assert up_to(PAGE + 1) == Window(PAGE - ROWS + 2, PAGE + 1)
    assert up_to(0).before == 0
    assert page_at(0, 0).window == Window(1, 0)


@given(st.lists(st.booleans(), max_size=300))
def test_the_tracker_has_the_last_steps_that_changed_a_variable(changes: list[bool]) -> None:
    made = steps([TraceState(changed=frozenset({"x"}) if each else frozenset()) for each in changes])
    columns, earlier = changed_up_to(made)
    if len(made) <= PAGE:
        assert (columns, earlier) == (made, 0)
        return
    assert columns[-1] is made[-1]
    assert len(columns) <= COLUMNS
    shown = [step.number for step in columns]
    assert [step.number for step in made[earlier:-1] if step.state.changed] == shown[:-1]


def test_the_last_notices_are_shown_with_the_step_that_shows_those_before() -> None:
    made = steps([TraceState(notices=(NOTICE,) * count) for count in (0, 3, 3, NOTICES + 3, NOTICES + 9)])
    assert (last_notices(made[:3]).left_out, last_notices(made[:3]).step) == (0, 0)
    tail = last_notices(made[:4])
    assert (len(tail.shown), tail.left_out, tail.step) == (NOTICES, 3, 3)
    assert last_notices(made).step == 3
    assert last_notices([]).shown == ()


def test_long_output_begins_with_a_whole_line_and_says_how_much_came_before() -> None:
    lines = "".join(f"line {number}\n" for number in range(PRINTED_LINES + 40))
    tail = last_printed(printing("line 0\n", lines))
    assert tail.shown.splitlines() == [f"line {number}" for number in range(40, PRINTED_LINES + 40)]
    assert (tail.left_out + len(tail.shown), tail.step) == (len(lines), 1)
    long = last_printed(printing("short\n" + "x" * 4000 + "\n" + "y" * 4000 + "\n"))
    assert long.shown == "y" * 4000 + "\n"
    assert long.step == 0


@given(st.text(alphabet="a\n", max_size=3 * PRINTED_LENGTH))
def test_output_is_bounded_and_its_end_is_always_shown(printed: str) -> None:
    tail = last_printed(printing(printed))
    assert printed.endswith(tail.shown)
    assert tail.left_out == len(printed) - len(tail.shown)
    assert len(tail.shown) <= PRINTED_LENGTH
    assert tail.shown or not printed


def test_a_short_output_is_shown_as_it_is() -> None:
    assert last_printed(printing("one\ntwo")).shown == "one\ntwo"
    assert last_printed([]).shown == ""
    assert len(last_printed(printing("x" * (PRINTED_LENGTH + 1))).shown) == PRINTED_LENGTH
