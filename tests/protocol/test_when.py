from __future__ import annotations

import json

import pytest

from tutor.protocol.when import Condition, When, look_up

PAYLOAD = {"delivery": 2, "func": "math.sqrt", "error": None, "rows": {"Task": {"count": 1}}}


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        (When("started"), True),
        (When("stored"), False),
        (When("started", "worker"), True),
        (When("started", "caller"), False),
        (When("started", where={"delivery": 2}), True),
        (When("started", where={"delivery": 1}), False),
        (When("started", where={"delivery": 2, "func": "math.sqrt"}), True),
        (When("started", where={"delivery": 2, "missing": 1}), False),
        (When("started", where={"rows.Task.count": 1}), True),
        (When("started", where={"delivery": Condition(min=2)}), True),
        (When("started", where={"delivery": Condition(min=3)}), False),
        (When("started", where={"delivery": Condition(max=1)}), False),
        (When("started", where={"func": Condition(is_not="math.sqrt")}), False),
        (When("started", where={"func": Condition(is_not="math.fmod")}), True),
        (When("started", where={"error": Condition(present=False)}), True),
        (When("started", where={"missing": Condition(present=False)}), True),
        (When("started", where={"func": Condition(present=False)}), False),
        (When("started", where={"missing": Condition(is_not=1)}), False),
        (When("started", where={"missing": Condition(max=1)}), False),
        (When("started", where={"missing": Condition(max=1, optional=True)}), True),
        (When("started", where={"delivery": Condition(max=1, optional=True)}), False),
    ],
)
def test_an_event_matches_by_kind_lane_and_values(when: When, matches: bool) -> None:
    assert when.matches("started", "worker", PAYLOAD) is matches


def test_a_field_inside_another_one_has_a_dotted_name() -> None:
    assert look_up(PAYLOAD, "rows.Task.count") == 1


def test_a_moment_comes_back_from_json_as_it_was() -> None:
    when = When("started", "worker", 3, {"func": "math.sqrt", "delivery": 2})
    assert When.from_json(json.loads(json.dumps(when.to_json()))) == when
