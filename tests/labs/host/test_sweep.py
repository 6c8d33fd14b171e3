from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.labs.host.endings import SLEEP, SLEEP_LONG, kill, members
from tests.labs.inside.test_folders import DEPTH, nest
from tests.labs.observed import lab, lives, outcome, soon
from tutor.labs.host.lab_host import LabHost
from tutor.labs.host.sweep import LOCK, SESSION, is_alive, kill_session, record_session, sweep
from tutor.labs.inside import folders

HOST = """
import sys
from pathlib import Path
from tutor.labs.host.lab_host import LabHost
from tutor.protocol.lab_spec import LabSpec

host = LabHost(Path(sys.argv[1]))
spec = LabSpec(sys.argv[2], settings={"Q_CLUSTER": {"workers": 1, "timeout": 25, "retry": 28}})
with host.open(spec, "run") as lab:
    for batch in lab:
        for seen in batch:
            if seen.kind == "started":
                print(host.name, host.pool.server.process.pid, lab.supervisor, flush=True)
"""

WRITE_AGAIN = f"""
import os, subprocess
subprocess.Popen(["sh", "-c", 'while :; do mkdir -p "$0/again"; sleep 0.3; done', os.getcwd()])
{SLEEP_LONG}"""


@contextmanager
def hosting(root: Path, program: str) -> Iterator[tuple[subprocess.Popen[str], str, str, str]]:
    """A host in a process of its own, at work on `program`: the process, its name, and two pids as texts.

    They are those of its keeper and of the lab's supervisor.
    """
    command = [sys.executable, "-c", HOST, str(root), program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        name, keeper, supervisor = process.stdout.readline().split()
        yield process, name, keeper, supervisor


def test_a_killed_host_leaves_nothing_and_other_hosts_go_on(root: Path) -> None:
    with hosting(root, SLEEP_LONG) as (process, name, server, supervisor):
        other = LabHost(root)
        with other.open(lab(SLEEP), "run") as at_work:
            batches = iter(at_work)
            seen = next(batches)
            process.kill()
            process.wait()
            assert soon(lambda: not members(int(supervisor)))
            assert soon(lambda: not members(int(server)))
            assert not is_alive(root, name)
            assert is_alive(root, other.name)
            assert soon(lambda: [folder.name for folder in root.iterdir()] == [other.name])
            assert sweep(root) == 0
            seen += [each for batch in batches for each in batch]
        assert outcome(seen) == "finished"
        other.close()
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("role", ["supervisor", "template", "server"])
def test_a_process_that_is_stopped_ends_with_its_host(root: Path, role: str) -> None:
    """Of a stopped supervisor, a process of the lab goes on to create a folder, as a file-based cache does."""
    with hosting(root, WRITE_AGAIN) as (process, _, keeper, pid):
        supervisor = psutil.Process(int(pid))
        roles = dict(zip(("supervisor", "template", "server"), [supervisor, *supervisor.parents()], strict=False))
        roles[role].send_signal(signal.SIGSTOP)
        process.kill()
    assert soon(lambda: not members(int(keeper)), 10)
    assert not any(lives(each.pid) for each in roles.values())
    assert not members(supervisor.pid)
    assert list(root.iterdir()) == []


def test_a_keeper_that_is_stopped_is_ended_by_a_sweep(root: Path) -> None:
    with hosting(root, SLEEP_LONG) as (process, _, keeper, supervisor):
        os.kill(int(keeper), signal.SIGSTOP)
        process.kill()
    assert soon(lambda: not members(int(supervisor)))
    assert lives(int(keeper))
    assert sweep(root) == 1
    assert not members(int(keeper))
    assert list(root.iterdir()) == []


def test_a_sweep_ends_what_a_dead_host_left_running(root: Path) -> None:
    """The fork server was killed too, and the supervisor is halted."""
    with hosting(root, SLEEP_LONG) as (process, _, server, supervisor):
        os.kill(int(supervisor), signal.SIGSTOP)
        kill(int(server))
        process.kill()
    assert members(int(supervisor))
    assert sweep(root) == 1
    assert soon(lambda: not members(int(supervisor)))
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    "written", ["", "12", "12 1.5 9", "twelve 1.5", "-1 1.5", "0 1.5", "1 1.5", f"{10**30} 1.5", "\udcff"]
)
def test_a_sweep_removes_what_a_dead_host_left_whatever_its_session_file_holds(root: Path, written: str) -> None:
    folder = root / "dead" / "run"
    folder.mkdir(parents=True)
    (folder / "session").write_text(written, errors="surrogateescape")
    (root / "dead" / "other" / "session").mkdir(parents=True)
    assert sweep(root) == 1
    assert list(root.iterdir()) == []


def test_a_sweep_goes_on_after_a_folder_that_cannot_be_removed(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Labs can put anything in place of the files that a host has written."""
    makers = {
        "fifo": lambda path: os.mkfifo(path),
        "folder": lambda path: path.mkdir(),
        "loop": lambda path: path.symlink_to(path),
        "socket": lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
        "zeros": lambda path: path.write_bytes(b"\0" * 10_000),
    }
    for name, make in makers.items():
        (root / name / "run").mkdir(parents=True)
        for path in (root / name / LOCK, root / name / SESSION, root / name / "run" / SESSION):
            make(path)
    deep = root / "deep"
    deep.mkdir()
    nest(deep, DEPTH)
    assert sweep(root) == len(makers) + 1
    assert list(root.iterdir()) == []
    assert caplog.messages == []


def test_a_sweep_says_what_it_cannot_remove_and_goes_on(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("a", "b", "c"):
        (root / name).mkdir(parents=True)
    monkeypatch.setattr(folders, "remove", lambda folder: 1 / 0 if folder.name == "a" else folder.rmdir() or True)
    assert sweep(root) == 2
    assert [each.name for each in root.iterdir()] == ["a"]
    assert caplog.messages == [f"What a host has left in {root / 'a'} can't be removed"]


@pytest.fixture
def orphan() -> Iterator[psutil.Process]:
    """A process of nobody's lab, in a session whose leader has ended."""
    program = "import os; os.fork() or os.close(1) or os.execlp('sleep', 'sleep', '60'); print(os.getpid())"
    told = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True, check=True)
    (orphan,) = members(int(told.stdout))
    yield orphan
    orphan.kill()


def test_a_sweep_spares_a_session_that_got_its_id_after_the_machine_was_restarted(
    root: Path, orphan: psutil.Process
) -> None:
    session = root / "dead" / "run" / "session"
    session.parent.mkdir(parents=True)
    record_session(session.parent, os.getpid())
    _, started = session.read_text().split()
    session.write_text(f"{os.getsid(orphan.pid)} {'0' * 8}{started[8:]}")
    assert sweep(root) == 1
    assert lives(orphan.pid)


@pytest.mark.skipif(os.getuid() != 0, reason="Only root can become another user.")
def test_a_session_of_another_user_is_spared(orphan: psutil.Process) -> None:
    if (pid := os.fork()) == 0:
        os.setuid(65534)
        kill_session(os.getsid(orphan.pid))
        os._exit(0)
    try:
        assert soon(lambda: os.waitpid(pid, os.WNOHANG) == (pid, 0))
    finally:
        if lives(pid):
            kill(pid)
    assert lives(orphan.pid)


LEAVE = "import os, time\nif os.fork() == 0: os.setsid()\ntime.sleep(60)"


def test_what_has_left_a_session_is_killed_with_it() -> None:
    with subprocess.Popen([sys.executable, "-c", LEAVE], start_new_session=True) as leader:
        children = psutil.Process(leader.pid).children
        assert soon(lambda: any(os.getsid(each.pid) == each.pid for each in children()))
        [child] = children()
        kill_session(leader.pid)
    assert soon(lambda: not lives(child.pid))
