"""A class: from the presenter's press to the step at the last member, and 500 answers at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .answers import TIMES, bare_site, browsers_at, send, stored_once
from .figures import Figure, against, all_of, below, p95, plain
from .followers import BOUND, LONGEST, MEMBERS, WARM_UP, allow_files, broadcasting, member_sockets, next_arrival
from .measured_process import Process
from .taught_class import TYPED, TaughtClass, taught_class

ANSWERS, WITHIN_S = 500, 3.0
"""How many members answer, and the seconds within which they do."""
TURNS = 3
"""How often a class answers at most, with other members each time."""
ANSWERED = "SELECT browser FROM classroom_answer JOIN classroom_member ON member_id = classroom_member.id"
SITE_OF_TUTORIAL = "tutor.benchmarks.tutorial_site"
TUTORIAL, LARGE = 4.0, 500
"""The goal: how many times as long Channels' tutorial takes, in a class of at least that many."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Sockets that a server sends one message after another."""

    ask: Callable[[], str]
    """Have the server send the next one; return the monotonic nanosecond before that."""
    sockets: Sequence[Process]
    ms: list[float] = field(default_factory=list)
    """From that to the last socket, message by message."""

    def measure(self) -> None:
        self.ms.append(next_arrival(self.ask, self.sockets))


def room(rounds: int, members: Sequence[int] = MEMBERS) -> Iterator[Figure]:
    """Classes of these sizes, beside a bare broadcast of the same bytes and Channels' tutorial, and answers."""
    allow_files()
    steps = max(1, min(rounds, LONGEST))
    with TemporaryDirectory(prefix="tutor-bench-") as name:
        for each in members:
            yield from of_class(Path(name), each, steps)
    yield from answered(rounds)


def of_class(folder: Path, members: int, steps: int) -> Iterator[Figure]:
    """Measure one size. All servers run, and are asked in turn: whatever else the machine does, it does to all."""
    with ExitStack() as stack:
        taught = stack.enter_context(taught_class())
        before = taught.process.memory_info().rss
        ours = stack.enter_context(following(taught, members, folder))
        grown = taught.process.memory_info().rss - before
        tutorial = stack.enter_context(following(stack.enter_context(taught_class(SITE_OF_TUTORIAL)), members))
        alone = stack.enter_context(following(stack.enter_context(taught_class()), 1))
        ours.measure()  # Its message is the one of the bare broadcast.
        server, address = stack.enter_context(broadcasting(folder, "bare"))
        bare = Measured(server.ask, stack.enter_context(member_sockets(address, members)))
        for _ in range(WARM_UP + steps):
            for each in (alone, ours, tutorial, bare):
                each.measure()
        shown = [found for each in ours.sockets for found in json.loads(each.ask())]
    complete = sum(each == [1, *taught.presenter.steps] for each in shown)
    times = [each.ms[-steps:] for each in (alone, ours, tutorial, bare)]
    yield from figures_of(members, *times)
    yield all_of(f"{members} members: showed each step and no other", complete, members)
    yield plain(f"{members} members: memory of one", "KiB", [grown / members / 1024])


def figures_of(
    members: int, alone: list[float], ours: list[float], tutorial: list[float], bare: list[float]
) -> Iterator[Figure]:
    """Yield the figures of one size. A class of one takes what storing and rendering a step takes."""
    yield plain("1 member: press to its step", "ms", alone)
    bound = round(BOUND * p95(bare) + median(alone))
    yield below(f"{members} members: press to the step at the last one", "ms", ours, bound, of="p95")
    yield plain(f"{members} sockets: a bare broadcast of the same bytes", "ms", bare)
    yield plain(f"{members} members: the same with the consumers of Channels' tutorial", "ms", tutorial)
    goal = TUTORIAL if members >= LARGE else None
    yield against(f"{members} members: against the tutorial", "ms", ours, tutorial, goal)


@contextmanager
def following(taught: TaughtClass, members: int, folder: Path | None = None) -> Iterator[Measured]:
    """Have a class of that many follow. The last message is kept in `folder`."""
    with member_sockets(taught.presenter.socket, members, folder) as sockets:
        for each in sockets:
            each.read()  # All have got what the class shows now.
        yield Measured(taught.presenter.ask, sockets)


def answered(rounds: int) -> Iterator[Figure]:
    """Have a class answer a question within a few seconds, beside a bare view that writes one row."""
    ours, bare = list[float](), list[float]()
    times, stored = [], []
    with taught_class() as taught, bare_site() as port:
        presenter = taught.presenter
        presenter.command("ask typed", TYPED)
        for _ in range(max(1, min(rounds, TURNS))):
            with browsers_at(presenter.member_page, ANSWERS, WITHIN_S) as browsers:
                other = send(browsers, port)["ms"]
                sent = send(browsers, presenter.site.port)
            ours, bare = ours + sent["ms"], bare + other
            times.append(p95(sent["ms"]) / p95(other))
            stored.append(stored_once(presenter.site, sent["tokens"], ANSWERED))
    name = f"{ANSWERS} answers of a class within {WITHIN_S:g} s"
    yield plain(f"{name}: to the response", "ms", ours)
    yield plain("the same at a bare view", "ms", bare)
    yield below("p95 of an answer against the bare view's", "×", times, TIMES)
    yield all_of(f"{name}, some twice or cut off: stored once", min(stored), ANSWERS)
