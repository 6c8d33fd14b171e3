"""A play of chaos: the load begins, one disturbance follows the other, and then everything is counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from ..fleet.network import namespaces_are_possible
from ..fleet.whole import Fleet, fleet
from ..lesson import failing_knobs, measured_lesson
from ..served_site import Browser
from ..taught_class import Presenter
from .disturbances import Disturbance, disturbances
from .load import AWAY, MEMBERS, RETRY_S, Load
from .verdict import Verdict, verdict

WEB, LABS = 2, 3
RIGHT_S = 10.0
"""Maximum seconds from a repair until all members show the step of their class."""
CALM_S = 4.0
"""Seconds between the disturbances."""
STEP_EVERY_S = 1.0
ENDED_S = 15.0
"""Maximum seconds until the runs of a host that is gone have ended: a lease, and five."""
GIVE_UP_S = 60.0

Tell = Callable[[str], object]


@dataclass
class Play:
    """A load on a fleet, and what is done to it."""

    fleet: Fleet
    load: Load
    presenter: Presenter
    tell: Tell
    operator: ThreadPoolExecutor
    """One thread: what it starts ends when it does."""
    deviations: list[str] = field(default_factory=list)
    disturbed: set[str] = field(default_factory=set)
    """The names of the hosts that something was done to."""
    step: int = 0
    """The step at which the class stands, as it was acknowledged."""

    async def go_on(self, seconds: float) -> None:
        """Disturb the fleet again and again for so long."""
        until = time.monotonic() + seconds
        for each in disturbances(self.fleet):
            if time.monotonic() > until:
                return
            await self.walk(CALM_S)
            await self.disturb(each)

    async def walk(self, seconds: float) -> None:
        """Take the class a step further every second."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await self.next_step()
            await asyncio.sleep(STEP_EVERY_S)

    async def next_step(self) -> None:
        """Take the class a step further; send the command until it is acknowledged."""
        step, key = next(self.presenter.walk), token_hex(12)
        while True:
            try:
                await asyncio.to_thread(self.presenter.command, f"go {step}", key=key)
            except AWAY as error:
                await self.load.try_again(error)
            else:
                self.step = step
                return

    async def disturb(self, disturbance: Disturbance) -> None:
        """Do something to the fleet while the load goes on; then see that all members are right in time."""
        names = names_of(disturbance.host.environment["TUTOR_VAR"]) if disturbance.host else set()
        self.disturbed |= names
        doing = asyncio.get_running_loop().run_in_executor(self.operator, disturbance.do)
        ending = asyncio.create_task(self.end_of_runs(names))
        while not doing.done():
            await self.next_step()
            await asyncio.wait([doing], timeout=STEP_EVERY_S)
        await doing
        repaired = time.monotonic()
        await self.next_step()
        while not self.all_right and time.monotonic() < repaired + GIVE_UP_S:
            await asyncio.sleep(0.02)
        took = time.monotonic() - repaired
        said = f"{disturbance.what}: all members are right {took:.1f} s after the repair"
        ended_s = await ending
        self.tell(f"{said}, its runs ended {ended_s:.1f} s after it" if names else said)
        if took > RIGHT_S or ended_s > ENDED_S:
            self.deviations.append(
                f"{disturbance.what}: {took:.1f} s until members are right, {ended_s:.1f} s for runs"
            )

    async def end_of_runs(self, hosts: Set[str]) -> float:
        """Return the seconds until the runs have ended that these hosts now have."""
        if not hosts:
            return 0.0
        began = time.monotonic()
        running = "SELECT count(*) FROM runs_run WHERE state = 'running' AND host = ANY(?) AND id <= ?"
        ((last,),) = await asyncio.to_thread(self.load.site.read, "SELECT max(id) FROM runs_run")
        while time.monotonic() < began + GIVE_UP_S:
            if await asyncio.to_thread(self.load.site.read, running, list(hosts), last) == [(0,)]:
                break
            await asyncio.sleep(0.2)
        return time.monotonic() - began

    @property
    def all_right(self) -> bool:
        """Whether each member shows the step of the class."""
        return len(self.load.shown) == MEMBERS and set(self.load.shown.values()) == {self.step}


def names_of(var: str) -> set[str]:
    """Return the names of the hosts whose folder is below that of a process."""
    return {each.name for each in (Path(var) / "labs").glob("*/")}


def chaos(minutes: float, tell: Tell) -> Verdict:
    """Disturb a fleet under load for some minutes; return what has come of it."""
    environment = {"TUTOR_REFERENCE_RUNS": "0", "TUTOR_RUNS_PER_MINUTE": "1000"}
    with (
        ThreadPoolExecutor(1) as operator,
        fleet(WEB, LABS, namespaces=namespaces_are_possible(), environment=environment) as whole,
    ):
        site = whole.site
        undisturbed = [Browser(site).press(knobs) for knobs in ({}, failing_knobs(measured_lesson()))]
        presenter = Presenter(site)
        presenter.begin()
        play = Play(whole, Load(site, f"{site.base}/runs/{undisturbed[0]}/"), presenter, tell, operator)
        asyncio.run(played(play, minutes * 60))
        found = verdict(site, play.load, play.disturbed, set(undisturbed))
    found.counts["times that something had to be tried again"] = play.load.away
    return Verdict([*play.deviations, *found.deviations], found.counts)


async def played(play: Play, seconds: float) -> None:
    """Begin the load, disturb the fleet, and let the load finish what it has begun."""
    path = f"/{play.presenter.socket.split('/', 3)[3]}"
    members = [asyncio.create_task(play.load.attend(path, number)) for number in range(MEMBERS)]
    load = [asyncio.create_task(each) for each in play.load.tasks()]
    try:
        await play.go_on(seconds)
        play.load.over = True
        await asyncio.wait_for(asyncio.gather(*load), 4 * GIVE_UP_S)
        await asyncio.sleep(RETRY_S)
    finally:
        for each in (*members, *load):
            each.cancel()
