"""Benchmarks of sites whose runs are executed by lab hosts: what they can do, and what that costs a run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .figures import Figure, above, against, plain, rate
from .long_lesson import SLUG
from .measured_process import Process
from .press import long_lesson
from .several import LABS, Several, new_store, several
from .store import Read

HOSTS = (1, 2, 4)
WAIT_S = 4.0
"""How long the task of a run waits, so that two cores are enough for all lab hosts."""
WAVES = 4
"""How many times the labs of all hosts execute a run at most."""
LINEAR = 0.85
TIMEOUT_S, LOOK_EVERY_S, LOOK_CLOSELY_S = 180.0, 0.02, 0.001
ENDED = "SELECT COUNT(*) FROM runs_run WHERE state = 'ended'"
OF_RUN = "FROM runs_run WHERE public_id = ?"
ASKED = f"SELECT EXISTS (SELECT 1 FROM runs_event WHERE run_id = (SELECT id {OF_RUN}))"  # noqa: S608
IS_OVER = f"SELECT state = 'ended' {OF_RUN}"


def rates(rounds: int) -> Iterator[Figure]:
    """Runs a minute of one, two and four lab hosts. The run queue is never empty, and the runs mostly wait."""
    waves = max(1, min(rounds, WAVES))
    alone = 0.0
    with several() as site, long_lesson(tasks=1, seconds=WAIT_S) as lessons, site.asker(lessons, SLUG) as asker:
        for number in HOSTS:
            with ExitStack() as hosts:
                for _ in range(number):
                    hosts.enter_context(site.lab_host(lessons))
                found = runs_a_minute(site, asker, number * LABS, waves)
            name = f"{number} lab host{'s' * (number > 1)} of {LABS} labs"
            alone = alone or found
            if number == 1:
                yield rate(name, "runs/min", [found])
            else:
                yield above(name, "runs/min", [found], round(LINEAR * number * alone, 1))


def runs_a_minute(site: Several, asker: Process, labs: int, waves: int) -> float:
    """Return how many runs end in a minute, from the end of the first one of each lab on."""
    for _ in range(labs * (waves + 2)):
        asker.ask()
    with site.store.reading() as read:
        ((before,),) = read(ENDED)
        began = moment_when(read, ENDED, before + labs)
        return 60 * labs * waves / (moment_when(read, ENDED, before + labs * (waves + 1)) - began)


def moment_when(read: Read, query: str, number: int, *values: object, every_s: float = LOOK_EVERY_S) -> float:
    """Return the monotonic second from which a query has at least `number` as its answer. Raise TimeoutError."""
    until = time.monotonic() + TIMEOUT_S
    while (moment := time.monotonic()) < until:
        if read(query, *values)[0][0] >= number:
            return moment
        time.sleep(every_s)
    raise TimeoutError("The runs did not end.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A way to execute runs, and how long they take."""

    name: str
    asker: Process
    read: Read
    begun: list[float] = field(default_factory=list)
    """Milliseconds from asking for a run to its first event, run by run."""
    over: list[float] = field(default_factory=list)
    """The same to its end."""

    def measure(self) -> None:
        asked = time.monotonic()
        run = self.asker.ask()
        self.begun.append(1000 * (moment_when(self.read, ASKED, 1, run, every_s=LOOK_CLOSELY_S) - asked))
        self.over.append(1000 * (moment_when(self.read, IS_OVER, 1, run, every_s=LOOK_CLOSELY_S) - asked))


def overhead(rounds: int) -> Iterator[Figure]:
    """What PostgreSQL, tickets and a lab host add to a run. The same run is asked for in each way in turn."""
    with long_lesson(tasks=1) as lessons, ExitStack() as stack:
        ways = [stack.enter_context(way) for way in (own_labs(lessons), own_labs(lessons, True), lab_host(lessons))]
        for number in range(rounds + 1):
            for each in ways:
                each.measure()
            if number == 0:  # The first run of each starts a template.
                for each in ways:
                    each.begun.clear()
                    each.over.clear()
    embedded, *others = ways
    yield plain(f"{embedded.name}: to its first event", "ms", embedded.begun)
    yield plain(f"{embedded.name}: to its end", "ms", embedded.over)
    for each in others:
        yield from beside(f"{each.name}: to its first event", each.begun, embedded.begun)
        yield from beside(f"{each.name}: to its end", each.over, embedded.over)


def beside(name: str, ours: Sequence[float], theirs: Sequence[float]) -> Iterator[Figure]:
    """Yield a series beside another one, and the difference in turn after turn."""
    yield against(name, "ms", ours, theirs)
    yield plain("  difference", "ms", [one - other for one, other in zip(ours, theirs, strict=True)])


@contextmanager
def own_labs(lessons: Path, postgresql: bool = False) -> Iterator[Asked]:
    """Yield a site that executes its runs itself, with SQLite or PostgreSQL."""
    with new_store(postgresql) as store:
        environment = {**store.environment, "TUTOR_LESSONS": str(lessons)}
        with Process("asking_process", SLUG, environment=environment) as asker:
            asker.read()
            with store.reading() as read:
                yield Asked(f"run in the site's own labs, {'PostgreSQL' if postgresql else 'SQLite'}", asker, read)


@contextmanager
def lab_host(lessons: Path) -> Iterator[Asked]:
    """Yield a site whose runs are executed by a lab host."""
    with several() as site, site.asker(lessons, SLUG) as asker, site.lab_host(lessons), site.store.reading() as read:
        yield Asked("run on a lab host, PostgreSQL and Redis", asker, read)
