from __future__ import annotations

import json

import pytest

from tutor.protocol.actions import ACTIONS
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import Limits
from tutor.protocol.when import When


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
    ],
)
def test_an_event_matches_by_kind_lane_and_values(when: When, matches: bool) -> None:
    assert when.matches("started", "worker", {"delivery": 2, "func": "math.sqrt"}) is matches


@pytest.mark.parametrize("action", ACTIONS)
def test_an_intervention_comes_back_from_json_as_it_was(action: str) -> None:
    at = When("started", "worker", 3, {"func": "math.sqrt", "delivery": 2})
    intervention = Intervention(at, action, 1.5)
    assert Intervention.from_json(json.loads(json.dumps(intervention.to_json()))) == intervention


def test_kill_at_finished_is_done_on_leaving_the_task_but_stop_is_done_there() -> None:
    at = When("finished", count=2)
    assert Intervention(at, "kill").moment == When("returned", "worker", 2)
    assert Intervention(at, "stop").moment == When("finished", None, 2)


def test_a_process_asks_at_gates_and_interventions_alone() -> None:
    spec = LabSpec(
        "",
        gates=(Gate("later", When("line", "caller", where={"line": 7}), When("stored")),),
        interventions=(Intervention(When("started"), "kill"),),
    )
    assert spec.breakpoints() == [
        {"event": "line", "lane": "caller", "count": 1, "where": {"line": 7}},
        {"event": "started", "lane": "worker", "count": 1, "where": {}},
    ]


def test_the_configuration_is_all_that_a_template_is_made_for_and_travels_as_json() -> None:
    spec = LabSpec(
        "print()", {"shop/tasks.py": "x = 1"}, ("shop",), {"Q_CLUSTER": {"workers": 2}}, limits=Limits(wall_s=1)
    )
    expected = {"settings": {"Q_CLUSTER": {"workers": 2}}, "apps": ["shop"], "files": {"shop/tasks.py": "x = 1"}}
    assert json.loads(json.dumps(spec.configuration)) == expected
