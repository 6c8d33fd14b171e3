from __future__ import annotations

from typing import Any

import pytest

from tests.labs.conftest import Run
from tests.labs.host.made_up import OTHER_WORKER, finished, observation, picked, queued, started
from tests.labs.observed import IMPATIENT, lab, of, the
from tests.observations import CALLER, MONITOR, PUSHER, WORKER
from tutor.labs.host.subjects import Subjects
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention, Subject
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

FMOD, SQRT = "math.fmod", "math.sqrt"


def subjects(*observations: Observation) -> Subjects:
    made = Subjects()
    for each in observations:
        made.observe(each)
    return made


def is_about(known: Subjects, subject: Subject, lane: str, pid: int, **payload: Any) -> bool:
    return known.is_about(subject, lane, pid, payload)


def test_the_caller_and_the_cluster_are_known_by_the_lane() -> None:
    lanes = ("caller", "worker", "pusher", "monitor", "sentinel", "cluster", "lab")
    caller, cluster = Subject("caller"), Subject("cluster")
    assert [is_about(subjects(), caller, lane, 1) for lane in lanes] == [True] + [False] * 6
    assert [is_about(subjects(), cluster, lane, 1) for lane in lanes] == [False] + [True] * 6


def test_tasks_are_counted_in_the_order_in_which_they_were_queued_wherever_that_was() -> None:
    uncommitted = observation("uncommitted", CALLER, task="b", func=FMOD, ack=2)
    known = subjects(queued("a"), uncommitted, queued("c", pid=MONITOR), queued("b"))
    assert [known.nth_task(number, "") for number in (1, 2, 3, 4)] == ["a", "b", "c", None]


def test_tasks_can_be_counted_among_those_of_their_function() -> None:
    known = subjects(queued("a", func=SQRT), queued("b"), queued("c", func=SQRT))
    assert (known.nth_task(1, FMOD), known.nth_task(2, FMOD)) == ("b", None)
    assert (known.nth_task(1, SQRT), known.nth_task(2, SQRT)) == ("a", "c")


def test_there_is_no_task_before_the_first() -> None:
    assert subjects(queued("a")).nth_task(0, "") is None


def test_a_pusher_may_be_faster_than_the_process_that_queued_the_task() -> None:
    known = subjects(picked("a"), queued("a"), queued("b"))
    assert known.nth_task(1, "") == "a"
    assert known.nth_task(2, "") == "b"


def test_a_task_that_is_executed_in_the_caller_is_known_when_it_starts() -> None:
    known = subjects(started("a", pid=CALLER, delivery=None))
    assert is_about(known, Subject("task"), "caller", CALLER, task="a", delivery=None)
    assert not is_about(known, Subject("task", delivery=1), "caller", CALLER, task="a", delivery=None)


def test_an_event_of_another_task_or_of_none_is_not_about_the_task() -> None:
    known = subjects(queued("a"), queued("b"))
    first = Subject("task")
    assert is_about(known, first, "worker", WORKER, task="a")
    assert not is_about(known, first, "worker", WORKER, task="b")
    assert not is_about(known, first, "worker", WORKER)
    assert not is_about(subjects(), first, "worker", WORKER, task=None)


@pytest.mark.parametrize(("delivery", "about"), [(None, True), (1, False), (2, True)])
def test_a_delivery_is_named_by_the_event(delivery: int | None, about: bool) -> None:
    subject = Subject("task", delivery=delivery)
    assert is_about(subjects(queued("a")), subject, "pusher", PUSHER, task="a", delivery=2) is about


def test_a_line_is_about_the_delivery_that_its_own_process_executes() -> None:
    """Two workers can execute two deliveries of one task, when `retry` is shorter than the task takes."""
    known = subjects(queued("a"), started("a"), started("a", pid=OTHER_WORKER, delivery=2))
    second = Subject("task", delivery=2)
    assert not is_about(known, second, "worker", WORKER, task="a")
    assert is_about(known, second, "worker", OTHER_WORKER, task="a")


def test_what_the_monitor_does_is_about_the_delivery_that_has_finished() -> None:
    known = subjects(queued("a"), started("a"), finished("a"), picked("a", delivery=2))
    assert is_about(known, Subject("task", delivery=1), "monitor", MONITOR, task="a")
    known.observe(finished("a", delivery=2))
    assert is_about(known, Subject("task", delivery=2), "monitor", MONITOR, task="a")


def test_a_task_that_was_queued_has_no_delivery_yet() -> None:
    known = subjects(queued("a"))
    assert not is_about(known, Subject("task", delivery=1), "caller", CALLER, task="a", ack=1)


TWICE_EACH = """
    from django_q.tasks import async_task
    async_task('math.sqrt', 4)
    async_task('math.fmod', 1, 0, task_name='first')
    async_task('math.fmod', 1, 2, task_name='second')
"""
TASKS = {
    "shop/tasks.py": """
        def bill(amount):
            doubled = amount * 2
            return doubled
        """
}


def at(event: str, subject: Subject, action: str = "kill", **when: Any) -> tuple[Intervention]:
    return (Intervention(When(event, **when), action, subject=subject),)


def test_the_worker_is_killed_at_the_second_delivery_of_the_first_task_of_a_function(run: Run) -> None:
    seen = run(lab(TWICE_EACH, IMPATIENT, interventions=at("started", Subject("task", 1, FMOD, delivery=2))))
    first = of(seen, "queued", name="first")[0].payload["task"]
    assert [each.payload["delivery"] for each in of(seen, "started", task=first)] == [1, 2, 3]
    killed = of(seen, "started", task=first)[1]
    died = the(seen, "died").payload
    assert (died["task"], died["died_pid"]) == (first, killed.pid)
    assert [each.payload["attempt_count"] for each in of(seen, "stored", task=first)] == [1, 2]


def test_the_worker_is_killed_at_the_second_task_of_a_function(run: Run) -> None:
    seen = run(lab(TWICE_EACH, IMPATIENT, deliveries=4, interventions=at("started", Subject("task", 2, FMOD))))
    second = of(seen, "queued", name="second")[0].payload["task"]
    assert the(seen, "died").payload["task"] == second
    assert the(seen, "intervened").payload == {"task": second, "action": "kill", "event": "started", "count": 1}


def test_the_task_is_made_to_raise_at_a_line_of_its_second_delivery(run: Run) -> None:
    program = "from django_q.tasks import async_task; async_task('shop.tasks.bill', None)"
    where = {"file": "shop/tasks.py", "line": 3}
    interventions = at("line", Subject("task", delivery=2), "raise", where=where)
    seen = run(lab(program, IMPATIENT, files=TASKS, interventions=interventions))
    errors = [each.payload["error"].partition(":")[0] for each in of(seen, "stored")]
    assert errors == ["TypeError", "RuntimeError"]


def test_the_cluster_is_stopped_at_a_line_of_the_caller(run: Run) -> None:
    """The lines of the task, which a worker has executed before, don't count."""
    program = """
    from django_q.tasks import async_task
    async_task('shop.tasks.bill', 21)
    stored = True
    over = True
    """
    gate = Gate("done", When("line", "caller", where={"line": 3}), When("stored"))
    interventions = at("line", Subject("caller"), "stop", count=4)
    seen = run(lab(program, IMPATIENT, files=TASKS, gates=(gate,), interventions=interventions))
    assert the(seen, "intervened").payload["action"] == "stop"
    fourth = of(seen, "line", "caller")[3]
    assert fourth.payload["line"] == 4
    assert the(seen, "stored").at < fourth.at <= the(seen, "intervened").at


def test_the_cluster_is_stopped_when_it_has_stored_the_third_task(run: Run) -> None:
    seen = run(lab(TWICE_EACH, IMPATIENT, deliveries=3, interventions=at("stored", Subject("task", 3), "stop")))
    third = of(seen, "queued")[2].payload["task"]
    stored = the(seen, "stored", task=third)
    assert the(seen, "intervened").at >= stored.at
