from __future__ import annotations

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, counts, lab, of, outcome, printed, the
from tutor.protocol.gates import Gate
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.when import When

PROGRAM = """
from django_q.tasks import async_task

# Start a task
async_task('math.copysign', 1, -1)

# Later check status and result
from django_q.models import Task
result = Task.objects.last().result
status = Task.objects.last().success
"""
LATER = Gate("later", When("line", "caller", where={"line": 7}), When("stored"))


def first_lesson() -> LabSpec:
    return lab(PROGRAM, gates=(LATER,))


def test_the_events_of_a_task_come_in_their_order(run: Run) -> None:
    seen = run(first_lesson())
    expected = ("queued", "picked", "started", "returned", "finished", "stored", "acknowledged", "idle", "ended")
    assert [each.kind for each in seen if each.kind in expected] == list(expected)
    assert outcome(seen) == "finished"
    assert of(seen, "logged") == of(seen, "warned") == of(seen, "died") == []


def test_each_event_comes_from_its_own_process(run: Run) -> None:
    seen = run(first_lesson())
    lanes = {kind: the(seen, kind).lane for kind in ("ready", "queued", "picked", "started", "stored", "idle")}
    assert lanes == {
        "ready": "sentinel",
        "queued": "caller",
        "picked": "pusher",
        "started": "worker",
        "stored": "monitor",
        "idle": "lab",
    }
    assert len({the(seen, kind).pid for kind in lanes}) == len(lanes)


def test_each_process_numbers_its_observations_from_one(run: Run) -> None:
    seen = run(first_lesson())
    for pid in {each.pid for each in seen}:
        numbers = [each.seq for each in seen if each.pid == pid]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_a_snapshot_has_the_rows_that_the_process_sees_at_that_moment(run: Run) -> None:
    seen = run(first_lesson())
    assert counts(the(seen, "queued")) == (1, 0)
    assert counts(the(seen, "started")) == (1, 0)
    assert counts(the(seen, "stored")) == (1, 1)
    assert counts(the(seen, "acknowledged")) == (0, 1)
    assert counts(the(seen, "idle")) == (0, 1)
    (row,) = the(seen, "stored").payload["rows"]["Task"]["rows"]
    assert (row["func"], row["success"], row["result"], row["attempt_count"]) == ("math.copysign", True, "-1.0", 1)
    (row,) = the(seen, "queued").payload["rows"]["OrmQ"]["rows"]
    assert row["task"] == the(seen, "stored").payload["task"]
    assert not row["delivered"]


def test_the_row_says_that_it_started_when_it_was_queued(run: Run) -> None:
    seen = run(first_lesson())
    stored = the(seen, "stored")
    started, stopped = (stored.at - stored.payload[name] for name in ("started_ago_ns", "stopped_ago_ns"))
    assert started < the(seen, "queued").at < the(seen, "started").at
    assert the(seen, "returned").at < stopped < stored.at


def test_the_programs_lines_come_with_its_locals(run: Run) -> None:
    seen = run(first_lesson())
    lines = [each.payload for each in of(seen, "line", "caller")]
    assert [each["line"] for each in lines] == [1, 4, 7, 8, 9, None]
    assert [each["ran"] for each in lines] == [None, 1, 4, 7, 8, 9]
    assert "result" not in lines[3]["locals"]
    assert lines[4]["locals"]["result"] == "-1.0"
    assert the(seen, "program_ended").payload["locals"] == {"result": "-1.0", "status": "True"}


def test_the_wait_at_a_gate_is_an_event_with_its_time(run: Run) -> None:
    seen = run(first_lesson())
    reached, gate = the(seen, "gate_reached"), the(seen, "gate")
    assert reached.payload["name"] == "later"
    assert reached.pid == gate.pid
    assert reached.at < the(seen, "stored").at
    assert gate.lane == "caller"
    assert gate.payload["name"] == "later"
    assert gate.payload["waited_ns"] > 0
    assert gate.at > the(seen, "stored").at


def test_django_q_has_the_lessons_settings_as_a_fresh_import_would(run: Run) -> None:
    program = """
    from django_q.conf import Conf
    from django_q.worker import worker
    print(Conf.WORKERS, Conf.QUEUE_LIMIT, Conf.TIMEOUT, worker.__defaults__)
    """
    for workers in (1, 3):
        seen = run(lab(program, {**Q_CLUSTER, "workers": workers}))
        assert printed(seen) == f"{workers} {workers**2} 1 (1,)\n"
        assert the(seen, "ready").payload["workers"] == workers


def test_django_q_warns_of_a_timeout_longer_than_retry_in_that_lab_alone(run: Run) -> None:
    wrong = run(lab("pass", {"workers": 1, "timeout": 5, "retry": 3}))
    assert "retry" in the(wrong, "warned").payload["text"]
    assert of(run(lab("pass")), "warned") == []


def test_a_configuration_is_new_for_its_first_lab_alone(run: Run) -> None:
    settings = {**Q_CLUSTER, "retry": 17}
    said = [the(run(lab("pass", settings)), "opened").payload["settings"] for _ in range(2)]
    assert said == ["new", "used"]
