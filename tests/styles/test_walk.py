from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.styles.walk import walk_links


def steps(position: int, made: int) -> dict[str, int]:
    """Return the links that can be pressed: id → step."""
    return {link.id: link.step for link in walk_links(position, made) if link.enabled}


def test_in_the_middle_all_links_lead_somewhere() -> None:
    assert steps(3, 6) == {"first": 1, "previous": 2, "next": 4, "last": 6}


def test_at_the_first_step_there_is_no_way_back_and_at_the_last_no_way_on() -> None:
    assert steps(1, 6) == {"next": 2, "last": 6}
    assert steps(6, 6) == {"first": 1, "previous": 5}


def test_before_the_first_step_of_a_run_no_link_can_be_pressed() -> None:
    assert steps(0, 0) == {}


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_link_leads_to_a_step_that_the_run_has_made_and_never_to_the_one_that_is_shown(one: int, other: int) -> None:
    position, made = sorted((one, other))
    for step in steps(position, made).values():
        assert 1 <= step <= made
        assert step != position
