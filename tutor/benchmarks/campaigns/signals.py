"""Campaigns that kill, or stop, one process after another: of a lab, and of those that make labs.

A try takes one role, waits until its process has been heard of and for a few observations more, and sends the signal.
The lab then has to end within its bound, with an event, all that was sent received, and nothing left.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tutor.labs.host.lab_host import Lab, LabHost, LabUnavailable
from tutor.labs.host.sweep import lab_processes
from tutor.labs.inside import processes
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.lanes import Lane
from tutor.protocol.limits import START_S, Limits
from tutor.protocol.observation import Observation

from ..labs import lab_host, other_configuration, run
from ..leases import until
from ..lesson import default_spec, measured_lesson
from ..load import busy_cores, threads
from .trial import Campaign, Trial

TEMPLATE, FORK_SERVER, HOST = "template", "fork server", "host"
IN_LABS = (Lane.CALLER, Lane.SENTINEL, Lane.PUSHER, Lane.WORKER, Lane.MONITOR, Lane.LAB)
ROLES = (*IN_LABS, TEMPLATE, FORK_SERVER, HOST)
WALL_S, LATE_S = 8.0, 5.0
"""The bound of each lab, and how much later it may be gone."""
MOST_MORE = 8
"""The maximum number of observations between the first of a process and the signal."""
AT_ONCE = 3
HOSTING = """
import django, sys
django.setup()
from pathlib import Path
from tutor.benchmarks.campaigns.signals import bounded_spec
from tutor.labs.host.lab_host import LabHost

host = LabHost(Path(sys.argv[1]))
with host.open(bounded_spec(), "run") as lab:
    for batch in lab:
        if any(each.kind == "started" for each in batch):
            print(host.pool.server.process.pid, lab.supervisor, flush=True)
    print(batch[-1].kind, flush=True)
host.close()
"""


def bounded_spec() -> LabSpec:
    """Return the lab of the measured lesson, with a shorter bound."""
    return replace(default_spec(measured_lesson()), limits=Limits(wall_s=WALL_S))


def kill(tries: int) -> Iterator[Trial]:
    """Kill (SIGKILL) a process of each role in turn."""
    return with_every_core_busy(tries, partial(after, signal.SIGKILL))


def hang(tries: int) -> Iterator[Trial]:
    """Stop (SIGSTOP) a process of each role in turn. It is never continued, but for a host."""
    return with_every_core_busy(tries, partial(after, signal.SIGSTOP))


def with_every_core_busy(tries: int, trial: Callable[[int], Trial]) -> Iterator[Trial]:
    with busy_cores(), threads(AT_ONCE) as pool:
        yield from pool.map(partial(safely, trial), range(tries))


def safely(trial: Callable[[int], Trial], number: int) -> Trial:
    try:
        return trial(number)
    except Exception as error:
        return Trial(f"{ROLES[number % len(ROLES)]}: {type(error).__name__}: {error}")


def after(number: signal.Signals, attempt: int) -> Trial:
    """Send the signal to a process of the role whose turn it is, and see what comes of its lab."""
    role = ROLES[attempt % len(ROLES)]
    if role == HOST:
        return of_host(number)
    with lab_host() as host:
        trial = in_lab(host, number, role, random.Random(attempt).randrange(MOST_MORE))
        if role in IN_LABS:
            return trial
        return replace(trial, deviation=trial.deviation or next_run(host, role))


@dataclass
class Watched:
    """A lab whose observations are counted."""

    lab: Lab
    pids: dict[str, int]
    """Role → the first process of it."""
    seqs: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Pid → the numbers of the observations that it has sent."""
    last: Observation | None = None

    def observe(self, batch: Iterable[Observation]) -> None:
        for self.last in batch:
            self.pids.setdefault(self.last.lane, self.last.pid)
            self.seqs[self.last.pid].add(self.last.seq)

    @property
    def count(self) -> int:
        return sum(map(len, self.seqs.values()))

    @property
    def lost(self) -> int:
        """How many observations are missing between those that came."""
        return sum(max(seqs) - len(seqs - {0}) for seqs in self.seqs.values())


def in_lab(host: LabHost, number: signal.Signals, role: str, more: int) -> Trial:
    """Run a lab, and send the signal once `more` observations have come after the first of the role's process."""
    run(host, bounded_spec(), "before")
    assert host.pool.server
    (template,) = host.pool.templates.values()
    assert template.process
    known = {FORK_SERVER: host.pool.server.process.pid, TEMPLATE: template.process.pid}
    sent = due = None
    with host.open(bounded_spec(), "run") as lab:
        watched = Watched(lab, known)
        for batch in lab:
            watched.observe(batch)
            if due is None and role in watched.pids:
                due = watched.count + more
            if sent is None and due is not None and (watched.count >= due or role == Lane.MONITOR):
                with suppress(ProcessLookupError):
                    os.kill(watched.pids[role], number)
                sent = time.monotonic()
    seconds = until_gone([lab.supervisor], lab.folder, sent or time.monotonic())
    left = left_of([lab.supervisor]) + lab.folder.exists()
    return Trial(deviation_of(watched, role, sent, seconds), watched.lost, left, seconds)


def deviation_of(watched: Watched, role: str, sent: float | None, seconds: float) -> str | None:
    if not sent:
        return f"{role}: it wasn't heard of"
    if watched.last is None or watched.last.kind != "ended":
        return f"{role}: the last event was {watched.last}"
    if watched.lost:
        return f"{role}: {watched.lost} events were lost"
    return f"{role}: gone after {seconds:.1f} s" if seconds > WALL_S + LATE_S else None


def next_run(host: LabHost, role: str) -> str | None:
    """Return how the next runs of a host deviate whose template or fork server was killed or stopped.

    One may be refused, once the host has waited long enough; then they are as before.
    """
    outcomes: Counter[str] = Counter()
    other = other_configuration(bounded_spec(), 0)
    for spec in (bounded_spec(), other, bounded_spec(), other):
        began = time.monotonic()
        try:
            outcomes[str(run(host, spec, f"next-{outcomes.total()}")[1][-1].payload["outcome"])] += 1
        except LabUnavailable:
            outcomes["refused"] += 1
        if (seconds := time.monotonic() - began) > START_S + WALL_S + LATE_S:
            return f"{role}: the next run took {seconds:.1f} s"
    if outcomes["refused"] > 2 or outcomes["finished"] + outcomes["refused"] != outcomes.total():
        return f"{role}: the next runs were {dict(outcomes)}"
    return None


def of_host(number: signal.Signals) -> Trial:
    """Send the signal to a process that hosts a lab. A host that was stopped is continued, and its run ends."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-c", HOSTING, folder]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tutor.settings"}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            sessions = [int(pid) for pid in process.stdout.readline().split()]
            host_folder = next(Path(folder).iterdir())
            process.send_signal(number)
            if number == signal.SIGSTOP:
                time.sleep(1.0)  # The lab goes on meanwhile.
                process.send_signal(signal.SIGCONT)
            sent = time.monotonic()
            last = process.stdout.read().strip()
            ends = number == signal.SIGKILL or last == "ended"
        seconds = until_gone(sessions, host_folder, sent)
        left = left_of(sessions) + host_folder.exists()
    deviation = None if ends and len(sessions) == 2 else f"{HOST}: the last event was {last!r}"
    late = f"{HOST}: gone after {seconds:.1f} s" if seconds > WALL_S + LATE_S else None
    return Trial(deviation or late, 0, left, seconds)


def until_gone(sessions: Iterable[int], folder: Path, since: float) -> float:
    """Wait until the sessions and the folder are gone; return the seconds since `since`."""
    until(lambda: not left_of(sessions) and not folder.exists(), since + WALL_S + 2 * LATE_S - time.monotonic())
    return time.monotonic() - since


def left_of(sessions: Iterable[int]) -> int:
    """Return how many processes of these sessions are running."""
    return sum(processes.is_alive(each) for leader in sessions for each in lab_processes(leader))


SIGNALS = {
    "kill": Campaign(
        "whichever process is killed, the lab is gone within its bound, and nothing is lost or left", kill, tries=500
    ),
    "hang": Campaign(
        "whichever process is stopped for good, the lab is gone within its bound, and nothing is lost or left",
        hang,
        tries=90,
    ),
}
