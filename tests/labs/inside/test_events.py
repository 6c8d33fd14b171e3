"""Labs send what the protocol defines: the fixture `run` checks every event of every test's lab."""

from __future__ import annotations

from tests.labs.conftest import Run
from tests.labs.observed import lab, of
from tutor.protocol.events import KINDS
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.limits import Limits
from tutor.protocol.when import When

TASKS = {
    "shop/tasks.py": """
        import os, signal

        def bill(amount):
            return amount * 2

        def die():
            os.kill(os.getpid(), signal.SIGKILL)
        """
}
PROGRAM = """
    import sys, time
    from django.db import transaction
    from django_q.models import Task
    from django_q.tasks import async_task, fetch, result
    try:
        with transaction.atomic():
            async_task('math.sqrt', 4)
            raise LookupError
    except LookupError:
        pass
    with transaction.atomic():
        async_task('shop.tasks.bill', 21)
    done = async_task('math.sqrt', 9, sync=True)
    async_task('shop.tasks.bill')
    async_task('shop.tasks.die')
    print("waits", sys.stdin.read())
    Task.objects.last().result
    Task.objects.filter(id=done).delete()
    half_a_minute = "passes"
    raise ValueError(half_a_minute)
"""
INTERVENTIONS = (
    Intervention(When("line", "caller", where={"line": 19}), "half-minute"),
    Intervention(When("started", where={"func": "shop.tasks.bill"}), "slow", 0.1),
)
GATES = (Gate("stored", When("line", "caller", where={"line": 17}), When("stored", "monitor")),)
WRONG = {"workers": 1, "timeout": 2, "retry": 1, "max_attempts": 1}
"""django-q2 warns that the timeout is longer than retry."""


def test_labs_send_every_kind_of_event_that_is_defined(run: Run) -> None:
    seen = run(lab(PROGRAM, WRONG, files=TASKS, gates=GATES, interventions=INTERVENTIONS, deliveries=3))
    never = Gate("never", When("line"), When("rolled_back"), 0.1)
    seen += run(lab("pass", gates=(never,)))
    seen += run(lab("while True: print('flood')", limits=Limits(events=100)))
    assert {each.kind for each in seen} == set(KINDS) - {"asked"}


def test_what_a_process_has_read_is_added_to_its_next_event(run: Run) -> None:
    program = """
    from django_q.models import Task
    from django_q.tasks import async_task
    task = async_task('math.sqrt', 9)
    done = "stored"
    stored = Task.objects.get(id=task)
    """
    gate = Gate("stored", When("line", "caller", where={"line": 5}), When("stored"))
    seen = run(lab(program, gates=(gate,)))
    (reading,) = [each for each in of(seen, "line", "caller") if "read" in each.payload]
    assert reading.payload["ran"] == 5
    assert reading.payload["read"] == [[of(seen, "stored")[0].payload["task"], 1]]
