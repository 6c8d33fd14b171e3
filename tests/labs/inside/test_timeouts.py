from __future__ import annotations

import pytest

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, lab, of, outcome, the
from tutor.protocol.observation import Observation

TASKS = {
    "shop/tasks.py": """
        import signal, time

        def count():
            n = 0
            while True:
                n += 1

        def swallow():
            try:
                while True:
                    pass
            except:
                return "swallowed"

        def last_moment(n):
            until = time.monotonic() + n
            while time.monotonic() < until:
                pass
            return "in time"

        def cannot_be_interrupted():
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
            time.sleep(60)
        """
}
ONCE = {**Q_CLUSTER, "max_attempts": 1}


def timed_out(run: Run, call: str, deliveries: int | None = None) -> list[Observation]:
    program = f"from django_q.tasks import async_task; async_task({call})"
    return run(lab(program, ONCE, files=TASKS, deliveries=deliveries))


@pytest.mark.parametrize("call", ["'shop.tasks.count'", "'time.sleep', 20"])
def test_a_timeout_is_a_failure_with_the_tasks_own_traceback(run: Run, call: str) -> None:
    seen = timed_out(run, call)
    result = the(seen, "stored").payload["result"]
    assert "TimeoutException" in result
    assert "Task exceeded maximum timeout value (1 seconds)" in result
    assert "tutor/labs" not in result
    assert ("shop/tasks.py" in result) == ("shop" in call)
    assert outcome(seen) == "failed"


def test_a_worker_that_timed_out_is_replaced_and_its_end_is_no_death(run: Run) -> None:
    program = """
    from django_q.tasks import async_task
    async_task('shop.tasks.count')
    async_task('math.sqrt', 4)
    """
    seen = run(lab(program, ONCE, files=TASKS))
    first, second = of(seen, "started")
    assert first.pid != second.pid
    assert of(seen, "died") == []
    assert "after timeout" in " ".join(each.payload["text"] for each in of(seen, "logged", level="CRITICAL"))
    assert len(of(seen, "stored")) == 2


def test_a_task_that_swallows_its_timeout_is_a_success_and_keeps_its_worker(run: Run) -> None:
    program = """
    from django_q.tasks import async_task
    async_task('shop.tasks.swallow')
    async_task('math.sqrt', 4)
    """
    seen = run(lab(program, ONCE, files=TASKS))
    first, second = of(seen, "started")
    assert first.pid == second.pid
    assert [each.payload["result"] for each in of(seen, "stored")] == ["'swallowed'", "2.0"]


def test_a_task_that_ends_in_time_is_never_interrupted_afterwards(run: Run) -> None:
    seen = timed_out(run, "'shop.tasks.last_moment', 0.5")
    assert the(seen, "stored").payload["result"] == "'in time'"
    assert outcome(seen) == "finished"


@pytest.mark.parametrize("call", ["'shop.tasks.cannot_be_interrupted'", "sum, range(10**12)"])
def test_a_task_that_nothing_interrupts_is_terminated_by_the_guard_which_is_a_death(run: Run, call: str) -> None:
    seen = timed_out(run, call, deliveries=1)
    started = of(seen, "started")[0]
    died = of(seen, "died")[0].payload
    assert (died["process"], died["died_pid"], died["signal"]) == ("worker", started.pid, "SIGTERM")
    assert died["task"] == started.payload["task"]
    assert of(seen, "stored") == []
