"""A class: from the presenter's press to the step at the last member, and 500 answers at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .answers import TIMES, bare_site, browsers_at, send, stored_once
from .figures import Figure, against, all_of, below, p95, plain
from .followers import BOUND, LONGEST, MEMBERS, WARM_UP, allow_files, broadcast, member_sockets, next_arrival
from .taught_class import TYPED, taught_class

ANSWERS, WITHIN_S = 500, 3.0
"""How many members answer, and the seconds within which they do."""
TURNS = 3
"""How often a class answers at most, with other members each time."""
ANSWERED = "SELECT browser FROM classroom_answer JOIN classroom_member ON member_id = classroom_member.id"
TUTORIAL, LARGE = 4.0, 500
"""The goal: how many times as long Channels' tutorial takes, in a class of at least that many."""


@dataclass(frozen=True, slots=True)
class Walked:
    """A class that has walked through its run."""

    ms: list[float]
    """From the press to the last member, step by step."""
    member_kib: float
    """What the site has grown by for a member."""
    complete: int
    """How many members have shown each step of the presenter, and no other."""


def room(rounds: int, members: Sequence[int] = MEMBERS) -> Iterator[Figure]:
    """Classes of these sizes, beside a bare broadcast of the same bytes and Channels' tutorial, and answers."""
    allow_files()
    steps = max(1, min(rounds, LONGEST)) + WARM_UP
    with TemporaryDirectory(prefix="tutor-bench-") as name:
        folder = Path(name)
        alone = walked(folder, 1, steps).ms
        yield plain("1 member: press to its step", "ms", alone)
        for each in members:
            yield from of_class(folder, each, steps, median(alone))
    yield from answered(rounds)


def of_class(folder: Path, members: int, steps: int, alone: float) -> Iterator[Figure]:
    """Measure one size. `alone` is the milliseconds that a class of one takes: store, render and send."""
    tutorial = walked(folder, members, steps, "tutor.benchmarks.tutorial_site").ms
    ours = walked(folder, members, steps)
    bare = broadcast(folder, "bare", members, steps)
    bound = round(BOUND * p95(bare) + alone)
    yield below(f"{members} members: press to the step at the last one", "ms", ours.ms, bound, of="p95")
    yield plain(f"{members} sockets: a bare broadcast of the same bytes", "ms", bare)
    yield plain(f"{members} members: the same with the consumers of Channels' tutorial", "ms", tutorial)
    goal = TUTORIAL if members >= LARGE else None
    yield against(f"{members} members: against the tutorial", "ms", ours.ms, tutorial, goal)
    yield all_of(f"{members} members: showed each step and no other", ours.complete, members)
    yield plain(f"{members} members: memory of one", "KiB", [ours.member_kib])


def walked(folder: Path, members: int, steps: int, module: str = "tutor.serve") -> Walked:
    """Walk a class of that many through its run, at a site that a module serves. `folder` keeps the last message."""
    with taught_class(module) as taught:
        before, presenter = taught.process.memory_info().rss, taught.presenter
        with member_sockets(presenter.socket, members, folder) as sockets:
            for each in sockets:
                each.read()  # All have got what the class shows now.
            times = [next_arrival(presenter.ask, sockets) for _ in range(steps)]
            shown = [steps for each in sockets for steps in json.loads(each.ask())]
            grown = taught.process.memory_info().rss - before
    complete = sum(each == [1, *presenter.steps] for each in shown)
    return Walked(times[WARM_UP:], grown / members / 1024, complete)


def answered(rounds: int) -> Iterator[Figure]:
    """Have a class answer a question within a few seconds, beside a bare view that writes one row."""
    ours, bare, stored = [], [], []
    with taught_class() as taught, bare_site() as port:
        presenter = taught.presenter
        presenter.command("ask typed", TYPED)
        for _ in range(max(1, min(rounds, TURNS))):
            with browsers_at(presenter.member_page, ANSWERS, WITHIN_S) as browsers:
                bare += send(browsers, port)["ms"]
                sent = send(browsers, presenter.site.port)
            ours += sent["ms"]
            stored.append(stored_once(presenter.site, sent["tokens"], ANSWERED))
    name = f"{ANSWERS} answers of a class within {WITHIN_S:g} s"
    yield plain(f"{name}: to the response", "ms", ours)
    yield plain("the same at a bare view", "ms", bare)
    yield below("p95 of an answer against the bare view's", "×", [p95(ours) / p95(bare)], TIMES)
    yield all_of(f"{name}, some twice or cut off: stored once", min(stored), ANSWERS)
