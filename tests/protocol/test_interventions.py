from __future__ import annotations

import json

import pytest

from tutor.protocol.actions import ACTIONS
from tutor.protocol.events import KINDS
from tutor.protocol.interventions import INSIDE_THE_TASK, MOMENTS, Intervention, Subject
from tutor.protocol.when import When


@pytest.mark.parametrize("subject", [None, Subject("caller"), Subject("task", 2, "math.sqrt", 1)])
@pytest.mark.parametrize("action", ACTIONS)
def test_an_intervention_comes_back_from_json_as_it_was(action: str, subject: Subject | None) -> None:
    at = When("started", "worker", 3, {"func": "math.sqrt", "delivery": 2})
    intervention = Intervention(at, action, 1.5, subject)
    assert Intervention.from_json(json.loads(json.dumps(intervention.to_json()))) == intervention


def test_what_is_to_be_done_when_a_task_has_finished_is_done_on_leaving_its_function() -> None:
    at = When("finished", count=2)
    assert Intervention(at, "kill").moment == When("returned", "worker", 2)
    assert Intervention(at, "stop").moment == When("returned", None, 2)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"at": When("started"), "action": "explode"},
            "Unknown action “explode” (known: kill, raise, slow, skip-gate, kill-caller, stop, stop-group,"
            " half-minute).",
        ),
        ({"at": When("started", count=0), "action": "kill"}, "The count must be at least 1."),
        (
            {"at": When("idle"), "action": "stop"},
            "An intervention can't take place at “idle” (only at: opened, ready, spawned, line, uncommitted,"
            " rolled_back, queued, picked, started, returned, stored, deleted, acknowledged, printed, warned, raised,"
            " program_ended, finished).",
        ),
        (
            {"at": When("stored"), "action": "kill"},
            "“kill” takes place inside the task's function (only at: started, line, returned, finished).",
        ),
        (
            {"at": When("started"), "action": "slow"},
            "“slow” needs seconds, more than 0 and at most 10, such as slow:1.5.",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_can(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError) as error:
        Intervention(**wrong)  # type: ignore[arg-type]
    assert str(error.value) == message


def test_whatever_is_done_is_done_where_a_process_can_be_stopped() -> None:
    assert all(KINDS[kind].can_be_breakpoint for kind in (*INSIDE_THE_TASK, *MOMENTS.values()))
