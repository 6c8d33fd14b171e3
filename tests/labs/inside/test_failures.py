"""Tasks that fail, and programs that ask too early."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, counts, lab, of, outcome, printed, the
from tutor.labs.inside.monitor import reason
from tutor.protocol.gates import Gate
from tutor.protocol.when import When

QUEUE = """
from django_q.tasks import async_task
async_task({})
"""
MATH = "'math.fmod', 1, 0"


def test_a_failed_task_is_delivered_again_until_its_attempts_are_used_up(run: Run) -> None:
    seen = run(lab(QUEUE.format(MATH)))
    assert [each.payload["delivery"] for each in of(seen, "picked")] == [1, 2]
    assert [each.payload["delivery"] for each in of(seen, "started")] == [1, 2]
    stored = of(seen, "stored")
    assert [each.payload["attempt_count"] for each in stored] == [1, 2]
    assert [each.payload["created"] for each in stored] == [True, False]
    assert {each.payload["error"] for each in stored} == {"ValueError: math domain error"}
    assert {each.payload["success"] for each in stored} == {False}
    assert "Traceback" in stored[0].payload["result"]
    assert counts(the(seen, "acknowledged")) == (0, 1)
    assert outcome(seen) == "failed"
    assert len(of(seen, "logged", level="ERROR")) == 2


def test_a_run_ends_after_the_deliveries_that_its_lesson_declares(run: Run) -> None:
    seen = run(lab(QUEUE.format(MATH), {**Q_CLUSTER, "max_attempts": 0}, deliveries=1))
    assert len(of(seen, "started")) == 1
    assert the(seen, "idle").payload["waiting"] == 1
    assert outcome(seen) == "failed"


def test_a_function_that_does_not_exist_is_a_failure_of_the_task(run: Run) -> None:
    seen = run(lab(QUEUE.format("'shop.tasks.nothing'"), {**Q_CLUSTER, "max_attempts": 1}))
    assert the(seen, "stored").payload["error"] == "ValueError: Function shop.tasks.nothing is not defined"
    assert the(seen, "not_started").payload["func"] == "shop.tasks.nothing"
    assert of(seen, "started") == []


def test_a_gate_can_delay_a_pickup_until_the_program_has_read_too_early(run: Run) -> None:
    program = """
    from django_q.tasks import async_task, result
    print(result(async_task('math.sqrt', 4)))
    """
    seen = run(lab(program, gates=(Gate("too-early", When("picked"), When("program_ended")),)))
    assert printed(seen, "caller") == "None\n"
    assert the(seen, "gate").lane == "pusher"
    assert the(seen, "stored").payload["result"] == "2.0"
    assert outcome(seen) == "finished"


def test_labs_at_the_same_time_have_their_own_rows(run: Run) -> None:
    specs = [lab(QUEUE.format(f"'math.copysign', {x}, -1") * x) for x in (1, 2, 3)]
    with ThreadPoolExecutor(3) as threads:
        runs = list(threads.map(run, specs))
    for x, seen in enumerate(runs, 1):
        assert counts(the(seen, "idle")) == (0, x)
        assert {each.payload["result"] for each in of(seen, "stored")} == {f"-{x}.0"}


@pytest.mark.parametrize(
    ("result", "because"),
    [
        ({"success": True, "ack_failure": True}, "success"),
        ({"success": False, "ack_failure": True}, "ack_failure"),
        ({"success": False}, "max_attempts"),
    ],
)
def test_a_row_is_acknowledged_for_a_success_a_failure_that_is_to_be_or_the_last_attempt(
    result: dict[str, bool], because: str
) -> None:
    assert reason(result) == because
