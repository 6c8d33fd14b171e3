"""Benchmark of a class whose members are at two web processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .figures import Figure, against, plain
from .followers import LONGEST, WARM_UP, allow_files, member_sockets, next_arrivals
from .long_lesson import SLUG
from .press import long_lesson
from .served_site import Site
from .several import several
from .taught_class import Presenter

MEMBERS = 1000


@dataclass(frozen=True, slots=True)
class SharedClass:
    """A class at two web processes. Its presenter is at the first one."""

    presenter: Presenter
    webs: tuple[Site, Site]

    def arrivals(self, webs: Sequence[Site], steps: int) -> list[list[float]]:
        """Have half of the members be at each of `webs`.

        Return for each step the milliseconds from the press to the last member of either half.
        """
        first, second = map(self.presenter.socket_at, webs)
        with member_sockets(first, MEMBERS, other=second) as sockets:
            for each in sockets:
                each.read()  # All have got what the class shows now.
            return [next_arrivals(self.presenter.ask, sockets) for _ in range(WARM_UP + steps)][WARM_UP:]


def two_webs(rounds: int) -> Iterator[Figure]:
    """From a press to the step at the last of 1,000 members, half of them at each of two web processes."""
    allow_files()
    steps = max(1, min(rounds, LONGEST))
    with shared_class() as shared:
        one, other = shared.webs
        halves = shared.arrivals((one, other), steps)
        at_one = [max(each) for each in shared.arrivals((one, one), steps)]
    name = f"{MEMBERS} members"
    yield plain(f"{name} at one of two web processes: press to the step at the last one", "ms", at_one)
    yield against(f"{name}, half of them at each: the same", "ms", [max(each) for each in halves], at_one)
    yield plain("  the half at the presenter's", "ms", [each[0] for each in halves])
    yield plain("  the half at the other one", "ms", [each[-1] for each in halves])


@contextmanager
def shared_class() -> Iterator[SharedClass]:
    """Have two web processes and a lab host serve a class that has begun, whose run is over."""
    with long_lesson() as lessons, several() as site, site.web(lessons) as one, site.web(lessons) as other:
        with site.lab_host(lessons):
            presenter = Presenter(one, f"{one.base}/lessons/{SLUG}/")
            presenter.begin()
        yield SharedClass(presenter, (one, other))
