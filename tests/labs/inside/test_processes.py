from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial

import psutil
import pytest

from tests.labs.observed import lives, soon
from tutor.labs.inside import processes
from tutor.labs.inside.processes import descendants, signal_groups

FAMILY = """
import os, threading, time
if os.fork():
    def fork_too():
        if os.fork() == 0:
            time.sleep(60)
        time.sleep(60)
    threading.Thread(target=fork_too, daemon=True).start()
else:
    os.fork()
time.sleep(60)
"""


def leave(code: object) -> None:
    raise SystemExit(code)


@pytest.mark.parametrize(
    ("main", "status"),
    [(list, 0), (partial(leave, 3), 3), (partial(leave, "error"), 1), (partial(int, "x"), 1)],
)
def test_a_fork_exits_with_a_status_that_says_how_it_went(main: Callable[[], object], status: int) -> None:
    assert os.waitstatus_to_exitcode(os.waitpid(processes.fork(main), 0)[1]) == status


@pytest.fixture
def ancestor() -> Iterator[psutil.Process]:
    """A process with two children, one of them forked by a thread, and a grandchild."""
    with subprocess.Popen([sys.executable, "-c", FAMILY]) as process:
        ancestor = psutil.Process(process.pid)
        assert soon(lambda: len(ancestor.children(recursive=True)) == 3)
        family = ancestor.children(recursive=True)
        yield ancestor
        for each in [*family, ancestor]:
            each.kill()


@pytest.mark.parametrize("listed", [True, False])
def test_descendants_are_the_children_of_every_thread_and_their_children(
    ancestor: psutil.Process, monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    """Also where the kernel doesn't list them."""
    monkeypatch.setattr(processes, "KERNEL_LISTS_CHILDREN", processes.KERNEL_LISTS_CHILDREN and listed)
    assert descendants(ancestor) == set(ancestor.children(recursive=True))
    for child in ancestor.children():
        spared = {child, *child.children()}
        assert descendants(ancestor, [child.pid]) == descendants(ancestor) - spared


def test_a_process_that_has_ended_has_no_descendants(ancestor: psutil.Process) -> None:
    child = max(ancestor.children(), key=lambda each: len(each.children()))
    (grandchild,) = child.children()
    grandchild.kill()
    assert soon(lambda: grandchild.status() == psutil.STATUS_ZOMBIE)
    assert descendants(grandchild) == set()


def test_a_signal_reaches_the_whole_group_of_a_process() -> None:
    command = ["sh", "-c", "sleep 60 & echo $!; wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, process_group=0, text=True) as process:
        assert process.stdout
        other = int(process.stdout.readline())
        assert signal_groups(signal.SIGKILL, {psutil.Process(process.pid)}) == set()
        assert soon(lambda: not lives(other))
