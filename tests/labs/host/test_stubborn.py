"""Labs that try not to end. Their own first process, which would end them, is stopped."""

from __future__ import annotations

import signal

import pytest

from tests.labs.host.endings import nothing_is_left
from tests.labs.observed import in_order, lab, lives, new_name, of, outcome, soon, the
from tutor.labs.host.lab_host import LabHost
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import Limits
from tutor.protocol.observation import Observation

FOUR = {"workers": 4, "timeout": 60, "retry": 90}
TASKS = """
    import os, time

    def flood():
        while True:
            print("x" * 1000)

    def hop():
        while True:  # Each process lives for a millisecond.
            if os.fork():
                os._exit(0)

    def leave():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                print("left", os.getpid())
                time.sleep(60)
            os._exit(0)
        os.wait()
        time.sleep(60)
    """


@pytest.fixture(autouse=True)
def soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.labs.host.sweep.END_S", 0.3)


def stubborn(task: str, stop: str = "os.getppid()", **limits: float) -> LabSpec:
    """A lab with four times `task`, which stops the processes `stop`."""
    program = f"""
    import os, signal, time
    from django_q.tasks import async_task
    for n in range(4):
        async_task("shop.tasks.{task}")
    time.sleep(0.5)
    for pid in ({stop},):
        os.kill(pid, signal.SIGSTOP)
    """
    return lab(program, FOUR, files={"shop/tasks.py": TASKS}, limits=Limits(**limits))


def run(host: LabHost, spec: LabSpec) -> list[Observation]:
    seen: list[Observation] = []
    with host.open(spec, new_name()) as opened:
        for batch in opened:
            seen += batch
    nothing_is_left(opened, seen)
    return in_order(seen)


def test_four_printers_end_and_the_host_keeps_no_more_than_the_limit(own: LabHost) -> None:
    seen = run(own, stubborn("flood", events=500))
    assert the(seen, "limit").payload["limit"] == "events"
    assert 500 <= len(seen) < 700


def test_tasks_that_go_on_in_ever_new_processes_are_ended(own: LabHost) -> None:
    assert outcome(run(own, stubborn("hop"))) == "stopped"


TEMPLATE = "os.getppid(), int(open(f'/proc/{os.getppid()}/stat').read().split()[3])"
"""The pids of the supervisor and of the template that has forked it."""


@pytest.mark.parametrize("stop", ["os.getppid()", TEMPLATE], ids=["supervisor", "template too"])
def test_what_has_left_the_labs_session_is_ended_too(own: LabHost, stop: str) -> None:
    seen = run(own, stubborn("leave", stop, wall_s=1.5))
    left = [int(each.payload["text"].split()[1]) for each in of(seen, "printed")]
    assert len(left) == 4
    assert soon(lambda: not any(map(lives, left)))


def test_what_a_lab_leaves_that_killed_its_supervisor_is_ended_even_if_its_template_is_stopped(own: LabHost) -> None:
    """The template would adopt and end it."""
    program = f"""
    import os, signal, time
    supervisor, template = {TEMPLATE}
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            print("left", os.getpid())
            os.kill(template, signal.SIGSTOP)
            os.kill(supervisor, signal.SIGKILL)
            time.sleep(60)
        os._exit(0)
    time.sleep(60)
    """
    other = own.open(lab("import time; time.sleep(60)"), new_name())
    seen = run(own, lab(program))
    assert outcome(seen) == "lost"
    (left,) = [int(each.payload["text"].split()[1]) for each in of(seen, "printed")]
    assert soon(lambda: not lives(left))
    assert lives(other.supervisor)
    (template,) = own.pool.templates.values()
    assert template.process
    template.process.send_signal(signal.SIGCONT)
    other.close()


FOLDERS = """
    import os, socket
    os.remove("session"), os.mkfifo("session"), os.mkfifo("fifo")
    socket.socket(socket.AF_UNIX).bind("socket")
    os.mkdir("closed"), os.mkdir("closed/more"), os.chmod("closed", 0)
    for n in range(1200):
        os.mkdir("d"), os.chdir("d")
    """
NAMES = """
    globals()["n" * 33_000] = 1
    exec("def " + "f" * 33_000 + "(): return 1")
    globals()[1] = locals()["\\udcff"] = 2
    os_error = type("E" * 33_000, (OSError,), {})()
    import sys
    raise SystemExit(type("Code", (), {"__str__": lambda self: 1 / 0})())
    """


def test_a_lab_may_put_anything_into_its_folder(own: LabHost) -> None:
    assert outcome(run(own, lab(FOLDERS))) == "finished"


def test_a_program_may_have_names_of_any_length_and_kind(own: LabHost) -> None:
    seen = run(own, lab(NAMES))
    assert outcome(seen) == "failed"
    assert the(seen, "program_ended").payload["error"].startswith("SystemExit: <")
    assert f"{'n' * 399}…" in the(seen, "program_ended").payload["locals"]


def test_a_task_may_have_options_that_no_number_represents(own: LabHost) -> None:
    program = """
    from django.db import transaction
    from django_q.tasks import async_task
    for timeout in float("nan"), float("-inf"), 10**5000, 5:
        with transaction.atomic():
            async_task("math.sqrt", 4, timeout=timeout)
            transaction.set_rollback(True)
    """
    seen = run(own, lab(program))
    assert [each.payload["options"]["timeout"] for each in of(seen, "uncommitted")] == [None, None, None, 5]
