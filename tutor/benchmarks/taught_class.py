"""A class at a measured site: its presenter, who sends commands over HTTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle

import psutil

from tutor.runs.models import Run

from .long_lesson import SLUG
from .press import long_lesson
from .served_site import TIMEOUT_S, Browser, Site, new_site, serving

NOTHING: Mapping[str, str] = {}
HTMX = {"HX-Request": "true"}
TYPED = {"text": "How long does it take?", "options": "Not long\nA second\nTen seconds\nIt never ends"}
"""A question of the presenter's own."""


class Presenter:
    """A device that leads a class on the measured lesson, or on that of another address."""

    def __init__(self, site: Site, lesson: str = "") -> None:
        lesson = lesson or site.lesson
        self.site, self.browser = site, Browser(site, lesson)
        self.page = self.browser.post(f"{lesson}teach/", {})
        self.code = self.page.split("/")[-3]
        ((self.secret,),) = site.read("SELECT secret FROM classroom_room WHERE code = ?", self.code)
        self.number = 0
        """The number of the last command."""
        self.steps: list[int] = []
        """The steps to which `ask` has led the class."""

    @property
    def step(self) -> int:
        """The step at which the class stands."""
        return int(str(self.stored("step")))

    def stored(self, column: str) -> object:
        """Return what is stored of the room."""
        ((value,),) = self.site.read(f"SELECT {column} FROM classroom_room WHERE secret = ?", self.secret)  # noqa: S608
        return value

    @property
    def socket(self) -> str:
        """The address of the websocket of a member."""
        return self.socket_at(self.site)

    def socket_at(self, site: Site) -> str:
        """Return the address of the websocket of a member at this web process."""
        return f"{site.base.replace('http', 'ws', 1)}/ws/rooms/{self.code}/?style=step_by_step"

    @property
    def member_page(self) -> str:
        return f"{self.site.base}/rooms/{self.code}/"

    def command(self, do: str, more: Mapping[str, str] = NOTHING, *, key: str = "") -> None:
        """Send a command once. Raises urllib.error.URLError if it is refused, or the site can't be reached."""
        form = {"do": do, "saw": str(self.number), "key": key or secrets.token_hex(12), **more}
        self.browser.post(f"{self.site.base}/teach/{self.secret}/commands/", form, HTMX)
        self.number += 1

    def begin(self) -> None:
        """Begin once the run has ended, with all of its steps seen."""
        until = time.monotonic() + TIMEOUT_S
        query = "SELECT state FROM runs_run WHERE id = (SELECT run_id FROM classroom_room WHERE secret = ?)"
        while self.site.read(query, self.secret) != [(Run.State.ENDED,)]:
            if time.monotonic() > until:
                raise TimeoutError("The run of the class did not end.")
            time.sleep(0.05)
        self.command("begin")
        self.command("go 999")
        last = self.step
        self.command("go 1")
        self.walk = cycle([*range(2, last + 1), *range(last - 1, 0, -1)])

    def ask(self) -> str:
        """Go one step further, or back after the last one; return the monotonic nanosecond before that."""
        self.steps.append(next(self.walk))
        moment = time.monotonic_ns()
        self.command(f"go {self.steps[-1]}")
        return str(moment)


@dataclass(frozen=True, slots=True)
class TaughtClass:
    """A site with a class."""

    presenter: Presenter
    process: psutil.Process
    """The process that serves the site."""


@contextmanager
def taught_class(module: str = "tutor.serve") -> Iterator[TaughtClass]:
    """Have a module serve a new site with a class that has begun, whose run is over and has more steps than are shown.

    So no step has been shown before the class gets to it.
    """
    with long_lesson() as lessons, new_site() as site, serving(site, lessons, module=module) as process:
        presenter = Presenter(site, f"{site.base}/lessons/{SLUG}/")
        presenter.begin()
        yield TaughtClass(presenter, psutil.Process(process.pid))
