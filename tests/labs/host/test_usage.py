from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.labs.conftest import Run
from tests.labs.observed import lab, new_name, of, outcome, soon, the
from tutor.labs.host.lab_host import LabHost
from tutor.labs.host.usage import Usage
from tutor.protocol.limits import Limits
from tutor.protocol.observation import Observation
from tutor.protocol.texts import amount


def limited(run: Run, program: str, **limits: Any) -> list[Observation]:
    return run(lab(program, limits=Limits(**limits)))


def met(seen: list[Observation]) -> dict[str, Any]:
    """The event that names the limit; the run ends with it."""
    limit = the(seen, "limit", "host")
    assert outcome(seen) == "stopped"
    assert seen[-1].payload["reason"] == f"It met its limit of {amount(limit.payload['value'], limit.payload['unit'])}."
    assert limit.payload["seen"] >= limit.payload["value"]
    return {name: limit.payload[name] for name in ("limit", "unit", "value")}


def test_a_program_that_waits_for_ever_meets_its_wall_time(run: Run) -> None:
    seen = limited(run, "import time; time.sleep(60)", wall_s=1.0)
    assert met(seen) == {"limit": "wall", "unit": "seconds", "value": 1.0}


def test_a_program_that_computes_for_ever_meets_its_cpu_time(run: Run) -> None:
    seen = limited(run, "sum(range(10**12))", cpu_s=0.5)
    assert met(seen) == {"limit": "cpu", "unit": "CPU seconds", "value": 0.5}


def test_an_endless_loop_of_lines_is_thinned_and_never_ends_by_its_number_of_events(run: Run) -> None:
    seen = limited(run, "n = 0\nwhile True:\n    n += 1\n", cpu_s=1.0)
    assert met(seen)["limit"] == "cpu"
    hits = [each.payload["hits"] for each in of(seen, "line", line=3)]
    assert hits[:16] == list(range(1, 17))
    assert hits[16:] == [2**n for n in range(5, 5 + len(hits) - 16)]
    assert hits[-1] >= 1024


def test_a_program_that_takes_memory_without_end_meets_that_limit(run: Run) -> None:
    program = """
    import time
    taken = []
    while True:
        taken.append(bytearray(b"x" * 4_000_000))
        time.sleep(0.01)
    """
    assert met(limited(run, program, memory_mib=150)) == {
        "limit": "memory",
        "unit": "MiB of memory",
        "value": 150,
    }


def test_a_program_that_asks_for_far_too_much_memory_at_once_gets_a_memory_error(run: Run) -> None:
    seen = limited(run, "taken = bytearray(b'x') * 3_000_000_000")
    assert the(seen, "raised").payload["error"] == "MemoryError"


def test_a_program_that_fills_its_folder_meets_that_limit(run: Run) -> None:
    program = """
    import time
    n = 0
    while True:
        n += 1
        with open(f"file-{n}", "wb") as file:
            file.write(b"x" * 1_000_000)
        time.sleep(0.01)
    """
    assert met(limited(run, program, folder_mib=8)) == {
        "limit": "folder",
        "unit": "MiB in its folder",
        "value": 8,
    }


@pytest.mark.parametrize("say", ["print('x')", "print('x' * 5000)", "print('x', end='')"])
def test_a_flood_of_output_meets_the_limit_of_events_or_bytes(run: Run, say: str) -> None:
    seen = limited(run, f"while True: {say}", events=300, observed_bytes=100_000)
    assert met(seen)["limit"] in ("events", "observed_bytes")
    assert len(seen) < 2000


def test_a_flood_of_bytes_meets_the_limit_of_bytes(run: Run) -> None:
    seen = limited(run, "while True: print('x' * 5000)", observed_bytes=300_000)
    assert met(seen) == {"limit": "observed_bytes", "unit": "bytes of observations", "value": 300_000}
    assert seen[-1].payload["reason"] == "It met its limit of 300 kB of observations."


def test_a_program_that_had_to_wait_for_its_reader_says_how_long(host: LabHost) -> None:
    seen: list[Observation] = []
    with host.open(lab("while True: print('x' * 1000)", limits=Limits(events=1000)), new_name()) as opened:
        for batch in opened:
            if not of(seen, "printed") and (printed := of(batch, "printed")):
                program = psutil.Process(printed[0].pid)
                assert soon(lambda process=program: process.status() == psutil.STATUS_SLEEPING)
            seen += batch
    waited = [each.payload["blocked_ns"] for each in seen if "blocked_ns" in each.payload]
    assert waited
    assert min(waited) > 0


def test_a_flood_of_tasks_meets_the_limit_of_events(run: Run) -> None:
    program = "from django_q.tasks import async_task\nwhile True: async_task('math.sqrt', 4)"
    assert met(limited(run, program, events=100)) == {"limit": "events", "unit": "events", "value": 100}


def test_a_program_that_forks_many_processes_meets_that_limit(run: Run) -> None:
    program = """
    import os, time
    for _ in range(25):
        if os.fork() == 0:
            time.sleep(60)
    time.sleep(60)
    """
    assert met(limited(run, program, processes=20)) == {"limit": "processes", "unit": "processes", "value": 20}


def test_an_endless_task_meets_its_limit_like_a_program(run: Run) -> None:
    program = "from django_q.tasks import async_task; async_task('time.sleep', 60)"
    seen = run(lab(program, {"workers": 1, "retry": 100, "timeout": 90}, limits=Limits(wall_s=1.0)))
    assert met(seen)["limit"] == "wall"


def test_memory_is_counted_when_a_process_has_run_and_not_while_it_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import sys; print(flush=True); sys.stdin.readline(); more = b'x' * 30_000_000; print(flush=True); input()"
    )
    counts: list[int] = []
    count = psutil.Process.memory_full_info
    monkeypatch.setattr(psutil.Process, "memory_full_info", lambda self: counts.append(self.pid) or count(self))
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        child.stdout.readline()
        process = psutil.Process(child.pid)
        assert soon(lambda: process.status() == psutil.STATUS_SLEEPING)
        usage = Usage(Limits(), child.pid, Path("nowhere"), time.monotonic)
        before = usage.memory_of(process)
        assert usage.memory_of(process) == before
        assert counts == [child.pid]
        print(file=child.stdin, flush=True)
        child.stdout.readline()
        assert usage.memory_of(process) > before + 29_000_000
        child.kill()
