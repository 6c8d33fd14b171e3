from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.labs.host.endings import PATIENT, SLEEP, SLEEP_LONG, kill, nothing_is_left, run_and
from tests.labs.observed import IMPATIENT, counts, in_order, lab, lives, new_name, of, outcome, soon, the
from tutor.labs.host.lab_host import Lab, LabHost
from tutor.protocol import wire
from tutor.protocol.interventions import Intervention
from tutor.protocol.limits import Limits
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

SHARED = Path("/dev/shm")
OF_MULTIPROCESSING = ("sem.mp-", "pym-", "psm_")
"""How the names of what multiprocessing puts there begin: semaphores, shared values, blocks of shared memory."""


def shared_memory() -> set[str]:
    """Names of what multiprocessing has in shared memory, without those of other programs."""
    return {entry.name for entry in SHARED.iterdir() if entry.name.startswith(OF_MULTIPROCESSING)}


@pytest.fixture(autouse=True)
def no_shared_memory_is_left() -> Iterator[None]:
    before = shared_memory()
    yield
    assert soon(lambda: shared_memory() <= before), shared_memory() - before


def test_the_check_of_shared_memory_finds_what_a_lab_leaves_and_ignores_other_programs() -> None:
    named = multiprocessing.get_context("spawn").Lock()  # Unlike those of the labs, it keeps its name for a while.
    other = SHARED / new_name()
    other.touch()
    try:
        assert f"sem.{named._semlock.name.removeprefix('/')}" in shared_memory()
        assert other.name not in shared_memory()
    finally:
        other.unlink()


def test_a_worker_killed_from_outside_is_an_event_and_its_task_comes_again(host: LabHost) -> None:
    seen = run_and(host, lab(SLEEP, IMPATIENT), "started", lambda started, *_: kill(started.pid))
    first, second = of(seen, "started")
    died = the(seen, "died").payload
    assert (died["process"], died["died_pid"], died["signal"]) == ("worker", first.pid, "SIGKILL")
    assert died["task"] == first.payload["task"]
    assert second.payload["delivery"] == 2
    assert outcome(seen) == "finished"


def test_a_killed_caller_is_an_event_and_its_task_is_still_executed(host: LabHost) -> None:
    program = f"{SLEEP}import time\ntime.sleep(20)"
    seen = run_and(host, lab(program), "started", lambda _, __, seen: kill(the(seen, "queued").pid))
    assert the(seen, "died").payload["process"] == "caller"
    assert the(seen, "stored").payload["success"]
    assert counts(the(seen, "idle")) == (0, 1)
    assert seen[-1].payload == {"outcome": "failed", "reason": "The process of the program died (SIGKILL)."}


def test_a_program_that_ends_its_own_process_fails_the_run(host: LabHost) -> None:
    seen = run_and(host, lab("import os\nos._exit(0)"), "ready", lambda *_: None)
    assert of(seen, "program_ended") == []
    assert seen[-1].payload == {"outcome": "failed", "reason": "The program ended the process that it ran in."}


@pytest.mark.parametrize("role", ["sentinel", "cluster"])
def test_a_killed_cluster_ends_the_run_with_what_happened(host: LabHost, role: str) -> None:
    def do(started: Observation, opened: Lab, seen: list[Observation]) -> None:
        sentinel = psutil.Process(the(seen, "ready").pid)
        kill(sentinel.pid if role == "sentinel" else sentinel.ppid())

    seen = run_and(host, lab(SLEEP_LONG, PATIENT), "started", do)
    died = the(seen, "died").payload
    assert (died["process"], died["signal"]) == (role, "SIGKILL")
    assert of(seen, "stored") == of(seen, "idle") == []
    assert seen[-1].payload == {
        "outcome": "lost",
        "reason": f"The {role} {died['died_pid']} died: SIGKILL, and the run ended with it.",
    }


@pytest.mark.parametrize(("kind", "role"), [("picked", "pusher"), ("stored", "monitor")])
def test_a_killed_pusher_or_monitor_is_an_event(host: LabHost, kind: str, role: str) -> None:
    """The run may go on or not: django-q2 stands still if the dead process held the lock of a queue."""
    program = f"{SLEEP}import time\ntime.sleep(1.2)"
    spec = lab(program, IMPATIENT, limits=Limits(wall_s=3.0))
    seen = run_and(host, spec, kind, lambda at, *_: kill(at.pid))
    died = the(seen, "died").payload
    assert (died["process"], died["signal"]) == (role, "SIGKILL")
    assert outcome(seen) == ("stopped" if of(seen, "limit") else "finished")


def test_a_killed_supervisor_ends_the_run_as_lost(host: LabHost) -> None:
    seen = run_and(host, lab(SLEEP_LONG, PATIENT), "started", lambda _, opened, __: kill(opened.supervisor))
    assert outcome(seen) == "lost"
    assert "first process died" in seen[-1].payload["reason"]


@pytest.mark.parametrize("awaited", ["questions", "lifeline"])
def test_a_supervisor_that_died_before_the_host_wrote_to_it_ends_the_run_as_lost(host: LabHost, awaited: str) -> None:
    """The host then reads something that makes it order a stop of the cluster, or ask whether the lab is idle."""
    stop = Intervention(When("line", "caller"), "stop")
    spec = lab("pass", interventions=(stop,) if awaited == "questions" else ())
    with host.open(spec, new_name()) as opened:
        assert wire.readable([getattr(opened.inbox.sockets, awaited).fileno()], 20)
        kill(opened.supervisor)
        assert soon(lambda: not lives(opened.supervisor))
        seen = in_order(each for batch in opened for each in batch)
    nothing_is_left(opened, seen)
    assert outcome(seen) == "lost"
    assert "first process died" in seen[-1].payload["reason"]


def test_a_run_that_is_asked_to_stop_stops_with_the_reason_given(host: LabHost) -> None:
    seen = run_and(host, lab(SLEEP_LONG, PATIENT), "started", lambda _, opened, __: opened.stop("Replaced."))
    assert seen[-1].payload == {"outcome": "stopped", "reason": "Replaced."}
    assert of(seen, "died") == []


def test_leaving_a_lab_in_the_middle_ends_it(host: LabHost) -> None:
    seen: list[Observation] = []
    with host.open(lab(SLEEP_LONG, PATIENT), new_name()) as opened:
        for batch in opened:
            seen += batch
            if of(seen, "started"):
                break
    nothing_is_left(opened, seen)
    opened.close()
    opened.stop("It is closed already.")


def test_what_a_task_forks_ends_with_the_lab_even_in_a_session_of_its_own(host: LabHost) -> None:
    files = {
        "shop/tasks.py": """
            import os, time

            def leave_behind():
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        print("here", os.getpid())
                        time.sleep(60)
                    os._exit(0)
                time.sleep(0.3)
            """
    }
    program = "from django_q.tasks import async_task; async_task('shop.tasks.leave_behind')"
    seen = run_and(host, lab(program, files=files), "ready", lambda *_: None)
    here = the(seen, "printed").payload["text"]
    assert not lives(int(here.split()[1]))
    assert outcome(seen) == "finished"


def test_a_killed_supervisor_leaves_nothing_even_of_what_had_left_its_session(host: LabHost) -> None:
    program = """
    import os, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            print(os.getpid())
            time.sleep(60)
        os._exit(0)
    time.sleep(60)
    """
    seen = run_and(host, lab(program), "printed", lambda _, opened, __: kill(opened.supervisor))
    escaped = int(the(seen, "printed").payload["text"])
    assert soon(lambda: not lives(escaped))
    assert outcome(seen) == "lost"
