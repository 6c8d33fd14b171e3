from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.labs.observed import counts, descriptors, in_order, lab, lives, new_name, of, outcome, soon, the
from tutor.labs.host.lab_host import Lab, LabHost
from tutor.labs.host.sweep import is_alive, kill_session, record_session, sweep
from tutor.protocol import wire
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import Limits
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

SLEEP = """
from django_q.tasks import async_task
async_task('time.sleep', 0.9)
"""
SLEEP_LONG = """
from django_q.tasks import async_task
async_task('time.sleep', 20)
"""
PATIENT = {"workers": 1, "timeout": 25, "retry": 28}


def members(session: int) -> list[psutil.Process]:
    """The processes that live in a session."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (OSError, psutil.Error):
            continue
    return found


SHARED = Path("/dev/shm")
OF_MULTIPROCESSING = ("sem.mp-", "pym-", "psm_")
"""How what multiprocessing puts there is called: semaphores, arenas of shared values, blocks of shared memory."""


def shared_memory() -> set[str]:
    """What multiprocessing has in shared memory; what others of this machine have there is their affair."""
    return {entry.name for entry in SHARED.iterdir() if entry.name.startswith(OF_MULTIPROCESSING)}


@pytest.fixture(autouse=True)
def no_shared_memory_is_left() -> Iterator[None]:
    before = shared_memory()
    yield
    assert soon(lambda: shared_memory() <= before), shared_memory() - before


def test_what_is_left_in_shared_memory_would_be_seen_and_what_others_have_there_does_not_count() -> None:
    named = multiprocessing.get_context("spawn").Lock()  # Unlike those of the labs, it keeps its name for a while.
    other = SHARED / new_name()
    other.touch()
    try:
        assert f"sem.{named._semlock.name.removeprefix('/')}" in shared_memory()
        assert other.name not in shared_memory()
    finally:
        other.unlink()


def run_and(
    host: LabHost, spec: LabSpec, kind: str, do: Callable[[Observation, Lab, list[Observation]], None]
) -> list[Observation]:
    """Run a lab, call `do` at the first observation of `kind`, and see that nothing is left of it afterwards."""
    seen: list[Observation] = []
    done = False
    with host.open(spec, new_name()) as opened:
        for batch in opened:
            seen += batch
            if not done and (now := of(seen, kind)):
                done = True
                do(now[0], opened, seen)
    assert done
    nothing_is_left(opened, seen)
    return in_order(seen)


def nothing_is_left(opened: Lab, seen: list[Observation]) -> None:
    pids = {each.pid for each in seen} - {os.getpid()}
    assert soon(lambda: not members(opened.supervisor)), members(opened.supervisor)
    assert soon(lambda: not any(map(lives, pids)))
    assert not opened.folder.exists()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_a_worker_killed_from_outside_is_told_and_its_task_comes_again(host: LabHost) -> None:
    seen = run_and(host, lab(SLEEP), "started", lambda started, *_: kill(started.pid))
    first, second = of(seen, "started")
    died = the(seen, "died").payload
    assert (died["process"], died["died_pid"], died["signal"]) == ("worker", first.pid, "SIGKILL")
    assert died["task"] == first.payload["task"]
    assert second.payload["delivery"] == 2
    assert outcome(seen) == "finished"


def test_a_killed_caller_is_told_and_its_task_is_still_executed(host: LabHost) -> None:
    program = f"{SLEEP}import time\ntime.sleep(20)"
    seen = run_and(host, lab(program), "started", lambda _, __, seen: kill(the(seen, "queued").pid))
    assert the(seen, "died").payload["process"] == "caller"
    assert the(seen, "stored").payload["success"]
    assert counts(the(seen, "idle")) == (0, 1)
    assert seen[-1].payload == {"outcome": "failed", "reason": "The process of the program died (SIGKILL)."}


def test_a_program_that_leaves_without_a_word_is_told(host: LabHost) -> None:
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
def test_a_killed_pusher_or_monitor_is_told(host: LabHost, kind: str, role: str) -> None:
    """Whether the run goes on is another matter: django-q2 stands still if the dead one held a queue's lock."""
    program = f"{SLEEP}import time\ntime.sleep(2.5)"
    spec = lab(program, {"workers": 1, "timeout": 1, "retry": 2}, limits=Limits(wall_s=6.0))
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
    """It is gone before the host reads what makes it write: an order to stop the cluster, a question about idleness."""
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
    opened.stop("Nobody is there any more.")


def test_a_program_that_writes_garbage_to_the_labs_sockets_ends_its_own_run_alone(host: LabHost) -> None:
    program = """
    import os, socket
    for name in os.listdir("/proc/self/fd"):
        try:
            socket.socket(fileno=int(name)).send(b"{garbage")
        except OSError:
            pass
    import time
    time.sleep(20)
    """
    seen = run_and(host, lab(program), "ready", lambda *_: None)
    assert outcome(seen) == "stopped"
    assert "cannot be read" in seen[-1].payload["reason"]


@pytest.mark.parametrize(
    "sent",
    [
        '{"seq": 1, "pid": 1, "lane": "caller", "at": 1, "kind": "queued", "payload": {}}',
        '{"seq": 1, "pid": 1, "lane": "caller", "at": 1, "kind": "died", "payload": {"process": "worker"}}',
        '{"seq": 1, "pid": 1, "lane": "caller", "at": 1, "kind": "line", "payload": []}',
        '{"seq": 1, "pid": [], "lane": "caller", "at": 1, "kind": "line", "payload": {}}',
        '{"kind": "line", "lane": "caller", "payload": [], "in_transaction": false}',
        "[1, 2]",
        "[" * 30_000,
    ],
    ids=["no ack", "no pid", "a list for a payload", "a list for a pid", "a list asked about", "a list", "depth"],
)
def test_json_that_no_probe_would_send_ends_the_run_that_sent_it(host: LabHost, sent: str) -> None:
    """Whatever it is, and whichever of the lab's sockets it comes through."""
    program = f"""
    import os, socket, time
    for name in os.listdir("/proc/self/fd"):
        try:
            socket.send_fds(socket.socket(fileno=int(name)), [{sent!r}.encode()], [0, 0])
        except OSError:
            pass
    time.sleep(20)
    """
    spec = lab(program, gates=(Gate("never", When("line", where={"line": 99}), When("line")),))
    host.warm_up(spec)
    before = descriptors()
    seen = run_and(host, spec, "ready", lambda *_: None)
    assert outcome(seen) == "stopped"
    assert "cannot be read" in seen[-1].payload["reason"]
    assert all(each.payload for each in of(seen, "queued") + of(seen, "died"))
    assert descriptors() == before


def test_a_program_that_passes_descriptors_to_the_host_leaves_none_there(host: LabHost) -> None:
    program = """
    import os
    from tutor.labs.inside.observe.probe import probe
    from tutor.protocol import wire
    seen = {"seq": 1, "pid": os.getpid(), "lane": "caller", "at": 1, "kind": "printed", "payload": {"text": "here"}}
    wire.send(probe.observations, seen, [0, 0, 0, 0])
    wire.send(probe.questions, {"settled": "nothing"}, [0, 0, 0, 0])
    """
    host.warm_up(lab(program))
    before = descriptors()
    seen = run_and(host, lab(program), "printed", lambda *_: None)
    assert "no socket" in seen[-1].payload["reason"]
    assert descriptors() == before


def test_a_program_that_leaves_no_room_for_the_hosts_answer_holds_up_nobody(host: LabHost) -> None:
    program = """
    import socket
    import time
    from tutor.labs.inside.observe.probe import probe
    from tutor.protocol import wire
    mine, theirs = wire.pair()
    try:
        while True:
            theirs.send(b"full", socket.MSG_DONTWAIT)
    except BlockingIOError:
        question = {"kind": "line", "lane": "caller", "pid": 1, "payload": {}, "in_transaction": False}
        wire.send(probe.questions, question, [theirs.fileno()])
    print("asked")
    time.sleep(20)
    """

    def do(printed: Observation, opened: Lab, _: list[Observation]) -> None:
        assert lives(printed.pid)
        opened.stop("It is heard.")

    seen = run_and(host, lab(program), "printed", do)
    assert seen[-1].payload["reason"] == "It is heard."


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


def test_a_killed_host_leaves_nothing_and_other_hosts_go_on(root: Path) -> None:
    command = [sys.executable, "-c", HOST, str(root), SLEEP_LONG]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        name, server, supervisor = process.stdout.readline().split()
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


def test_a_sweep_ends_what_a_dead_host_left_running(root: Path) -> None:
    """As when the fork server was killed too, and the supervisor can't do its work."""
    command = [sys.executable, "-c", HOST, str(root), SLEEP_LONG]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        _, server, supervisor = process.stdout.readline().split()
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
def test_a_sweep_removes_what_a_dead_host_left_whatever_is_written_there(root: Path, written: str) -> None:
    folder = root / "dead" / "run"
    folder.mkdir(parents=True)
    (folder / "session").write_text(written, errors="surrogateescape")
    (root / "dead" / "other" / "session").mkdir(parents=True)
    assert sweep(root) == 1
    assert list(root.iterdir()) == []


@pytest.fixture
def orphan() -> Iterator[psutil.Process]:
    """A process of nobody's lab, in a session whose leader has ended."""
    program = "import os; os.fork() or os.close(1) or os.execlp('sleep', 'sleep', '60'); print(os.getpid())"
    told = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True, check=True)
    (orphan,) = members(int(told.stdout))
    yield orphan
    orphan.kill()


def test_a_sweep_ends_no_session_that_has_got_its_number_since_the_machine_started_anew(
    root: Path, orphan: psutil.Process
) -> None:
    session = root / "dead" / "run" / "session"
    session.parent.mkdir(parents=True)
    record_session(session.parent, os.getpid())
    _, started = session.read_text().split()
    session.write_text(f"{os.getsid(orphan.pid)} {'0' * 8}{started[8:]}")
    assert sweep(root) == 1
    assert lives(orphan.pid)


@pytest.mark.skipif(os.getuid() != 0, reason="Only root can become somebody else.")
def test_a_session_that_belongs_to_somebody_else_is_let_be(orphan: psutil.Process) -> None:
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
