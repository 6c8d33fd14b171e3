from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.styles.drawing.timelines import steps_at
from tutor.lessons.format.steps import FoldRule
from tutor.styles.row_groups import LEAST, MOST, row_groups
from tutor.styles.window import ROWS, WHOLE
from tutor.trace.model import Step

FOLD = FoldRule(steps=("stored",), text="{count} mails are stored")
RULES = st.lists(st.sampled_from(["stored", "stored", "stored", "started"]), min_size=1, max_size=120)


def steps_of(*rules: str) -> list[Step]:
    return [replace(step, id=rule) for step, rule in zip(steps_at(*map(float, range(len(rules)))), rules, strict=True)]


def numbers(*rules: str) -> list[list[int]]:
    """Return the numbers of the steps of each row at the last of these steps."""
    return [[step.number for step in row] for row in row_groups(steps_of(*rules), len(rules), (FOLD,))]


def test_like_steps_share_a_row_apart_from_the_current_one() -> None:
    assert numbers("queued", *["stored"] * 5, "used") == [[1], [2, 3, 4, 5, 6], [7]]
    assert numbers("queued", *["stored"] * 5) == [[1], [2, 3, 4, 5], [6]]


def test_a_few_like_steps_have_rows_of_their_own() -> None:
    assert numbers("stored", "stored", "used") == [[1], [2], [3]]


def test_steps_that_do_not_follow_each_other_share_no_row() -> None:
    assert numbers(*["stored"] * 3, "started", *["stored"] * 3, "used") == [[1, 2, 3], [4], [5, 6, 7], [8]]


def test_at_most_twelve_steps_share_a_row() -> None:
    assert [len(row) for row in numbers(*["stored"] * 29)] == [12, 12, 4, 1]


def test_without_folds_each_step_has_a_row() -> None:
    assert row_groups(steps_of("stored", "stored", "stored", "stored"), 2, ()) == [
        (step,) for step in steps_of("stored", "stored")
    ]


@given(RULES)
def test_the_rows_are_the_steps_up_to_the_current_one_in_order(rules: list[str]) -> None:
    steps = steps_of(*rules)
    for position in range(1, len(steps) + 1):
        rows = row_groups(steps, position, (FOLD,))
        shown = [step.number for row in rows for step in row]
        assert shown == list(range(shown[0], position + 1))
        assert shown[0] == 1 or len(rows) == ROWS
        assert len(rows) <= WHOLE
        assert all(LEAST <= len(row) <= MOST for row in rows if len(row) > 1)
        assert len(rows[-1]) == 1
