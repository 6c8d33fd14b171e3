"""Actions that are done to a cluster as a whole: half a minute passes, it is stopped, its whole group is stopped."""

from __future__ import annotations

import pytest

from tests.labs.conftest import Run
from tests.labs.observed import counts, lab, of, the
from tutor.protocol.actions import ACTIONS
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
    assert counts(of(seen, "picked")[-1]) == (2, 0)
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
