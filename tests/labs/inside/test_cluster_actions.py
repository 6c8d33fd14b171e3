"""Actions that are done to a cluster as a whole: half a minute passes, it is stopped, its whole group is stopped."""

from __future__ import annotations

import pytest

from tests.labs.conftest import Run
from tests.labs.observed import counts, lab, of, the
from tutor.protocol.actions import ACTIONS
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.when import When

TWICE = """
    from django_q.models import Schedule
    from django_q.tasks import schedule
    from django.utils import timezone
    schedule('math.sqrt', 4, schedule_type=Schedule.MINUTES, minutes=1, repeats=2)
    Schedule.objects.update(next_run=timezone.now() - timezone.timedelta(minutes=5))
    due = True
    again = True
    over = True
"""
SLEEPERS = """
    from django_q.tasks import async_task
    async_task('time.sleep', 0.4)
    async_task('time.sleep', 0.1)
"""


def passing(*lines: int) -> tuple[Intervention, ...]:
    return tuple(Intervention(When("line", "caller", where={"line": line}), "half-minute") for line in lines)


def test_half_a_minute_passes_and_the_sentinel_queues_what_is_due(run: Run) -> None:
    seen = run(lab(TWICE, interventions=passing(7, 8)))
    assert [each.lane for each in of(seen, "queued")] == ["sentinel", "sentinel"]
    assert len(of(seen, "scheduled", "sentinel")) == 2
    assert seen[-1].payload["outcome"] == "finished"


def test_a_process_goes_on_there_when_the_scheduler_has_been_asked(run: Run) -> None:
    seen = run(lab(TWICE, interventions=passing(7)))
    asked, went_on = the(seen, "scheduled"), the(seen, "line", line=8)
    assert asked.at < went_on.at
    assert the(seen, "queued").at < asked.at
    assert of(seen, "gate") == []


def test_nothing_is_scheduled_without_it(run: Run) -> None:
    seen = run(lab(TWICE))
    assert of(seen, "queued") == []


def test_a_group_that_is_stopped_loses_the_task_that_it_executes(run: Run) -> None:
    seen = run(lab(SLEEPERS, interventions=(Intervention(When("started"), "stop-group"),)))
    died = the(seen, "died", process="worker")
    assert died.payload["signal"] == "SIGTERM"
    assert died.payload["task"] == the(seen, "started").payload["task"]
    assert the(seen, "died", process="sentinel").payload["signal"] == "SIGTERM"
    assert of(seen, "stored") == []
    assert counts(of(seen, "queued")[-1]) == (2, 0)
    assert seen[-1].payload["outcome"] == "lost"


def test_a_cluster_that_is_stopped_finishes_its_task_first(run: Run) -> None:
    seen = run(lab(SLEEPERS, interventions=(Intervention(When("started"), "stop"),)))
    assert len(of(seen, "stored")) >= 1
    assert of(seen, "died") == []
    assert seen[-1].payload["outcome"] == "finished"


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_is_one_event(run: Run, action: str) -> None:
    seconds = 0.1 if action == "slow" else 0.0
    seen = run(lab(SLEEPERS, interventions=(Intervention(When("started"), action, seconds),)))
    told = the(seen, "intervened").payload
    assert (told["action"], told["event"], told["count"]) == (action, "started", 1)


WAITING = """
    from django_q.tasks import async_task, result
    task = async_task('time.sleep', 0.3)
    found = result(task, wait=1000)
    over = True
"""


@pytest.mark.parametrize("at", [When("queued", "caller"), When("started"), When("stored")])
def test_the_caller_is_killed_at_an_event_of_any_process_and_the_task_goes_on(run: Run, at: When) -> None:
    seen = run(lab(WAITING, interventions=(Intervention(at, "kill-caller"),)))
    died = the(seen, "died", process="caller")
    assert died.payload["signal"] == "SIGKILL"
    assert of(seen, "program_ended") == []
    assert len(of(seen, "stored")) == 1
    assert seen[-1].payload == {"outcome": "failed", "reason": "The process of the program died (SIGKILL)."}


def test_a_process_at_whose_event_the_caller_is_killed_goes_on_when_it_is_dead(run: Run) -> None:
    seen = run(lab(WAITING, interventions=(Intervention(When("started"), "kill-caller"),)))
    assert the(seen, "died", process="caller").at < the(seen, "returned").at


def test_a_caller_that_has_ended_is_not_waited_for(run: Run) -> None:
    seen = run(lab(SLEEPERS, interventions=(Intervention(When("stored", count=2), "kill-caller"),)))
    assert of(seen, "died") == []
    assert seen[-1].payload["outcome"] == "finished"


def test_a_gate_is_skipped_only_where_that_is_asked_for(run: Run) -> None:
    program = """
        from django_q.tasks import async_task, result
        task = async_task('math.copysign', 1, -1)
        first = result(task)
        again = result(task)
    """
    at = When("line", "caller", where={"line": 3})
    gate = Gate("later", at, When("stored"))
    waited = run(lab(program, gates=(gate,)))
    assert the(waited, "program_ended").payload["locals"]["first"] == "-1.0"
    slow = Intervention(When("started"), "slow", 0.3)
    skipped = run(lab(program, gates=(gate,), interventions=(Intervention(at, "skip-gate"), slow)))
    assert the(skipped, "program_ended").payload["locals"]["first"] == "None"
    assert of(skipped, "gate_reached") == of(skipped, "gate") == []
    assert the(skipped, "intervened", "caller").payload["action"] == "skip-gate"


def test_a_caller_that_is_to_be_killed_does_not_pass_a_gate_that_opens_at_that_event(run: Run) -> None:
    gate = Gate("later", When("line", "caller", where={"line": 4}), When("stored"))
    for _ in range(5):
        seen = run(lab(WAITING, gates=(gate,), interventions=(Intervention(When("stored"), "kill-caller"),)))
        assert the(seen, "died", process="caller").payload["signal"] == "SIGKILL"
        assert of(seen, "gate") == []
