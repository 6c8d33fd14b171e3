"""Campaigns: one promise of labs, kept some hundred times while every core is busy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

from .labs import default_spec, gates_ms, host, run
from .load import busy_cores, threads

AT_ONCE = 2
BOUND_S, LATE_S = 0.5, 3.0
"""The bound of the gate that is never answered, and how much later its run may end under load."""
Check = Callable[[LabSpec, list[Observation]], str | None]
"""What deviates in a run of a spec, or None."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One promise."""

    says: str
    spec: Callable[[], LabSpec]
    check: Check


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of a campaign."""

    deviation: str | None
    gates_ms: list[float]
    """How long each of its gates was stood at."""


CAMPAIGNS: dict[str, Campaign] = {}


def campaign(name: str, says: str, spec: Callable[[], LabSpec]) -> Callable[[Check], Check]:
    """Register a check under `name`, with what it promises and how its runs are asked for."""

    def register(check: Check) -> Check:
        CAMPAIGNS[name] = Campaign(says, spec, check)
        return check

    return register


def killed() -> LabSpec:
    return replace(default_spec(), interventions=(Intervention(When("started"), "kill"),))


def never_opened() -> LabSpec:
    spec = default_spec()
    return replace(spec, gates=(replace(spec.gates[0], until=When("rolled_back"), bound_s=BOUND_S),))


@campaign("kill", "killed at `started`, the worker dies inside the task's function, and the task comes again", killed)
def dies_inside_the_function(spec: LabSpec, seen: list[Observation]) -> str | None:
    starts = [one for one in seen if one.kind == "started"]
    if not starts:
        return "no worker entered the task's function"
    first = starts[0]
    own = [one.kind for one in seen if one.pid == first.pid and one.lane == "worker"]
    if own[-2:] != ["started", "intervened"]:
        return f"the worker's last events were {own[-3:]}"
    deaths = [one.payload for one in seen if one.kind == "died"]
    if [(death["died_pid"], death["signal"]) for death in deaths] != [(first.pid, "SIGKILL")]:
        return f"who died was {[(death['process'], death['signal']) for death in deaths]}"
    deliveries = [(one.payload["task"], one.payload["delivery"]) for one in starts]
    task = first.payload["task"]
    if deliveries != [(task, 1), (task, 2)]:
        return f"the deliveries were {[number for _, number in deliveries]}"
    outcome = seen[-1].payload.get("outcome")
    return None if outcome == "finished" else f"the run ended as {outcome}"


@campaign("later", "the program that waits at “later” reads what was stored", default_spec)
def reads_what_was_stored(spec: LabSpec, seen: list[Observation]) -> str | None:
    stored = next((one.payload for one in seen if one.kind == "stored"), None)
    ended = next((one.payload for one in seen if one.kind == "program_ended"), None)
    if stored is None or ended is None:
        return f"the run ended without it: {seen[-1].payload}"
    right = {"result": stored["result"], "status": str(stored["success"])}
    return None if ended["locals"] == right else f"it read {ended['locals']} and ended with {ended['error']}"


@campaign("expired", "a gate that is never answered ends the run after its bound, and an event says so", never_opened)
def ends_after_its_bound(spec: LabSpec, seen: list[Observation]) -> str | None:
    (gate,) = spec.gates
    told = [(one.kind, one.payload.get("name"), one.payload.get("outcome")) for one in seen[-2:]]
    if told != [("gate_expired", gate.name, None), ("ended", None, "stopped")]:
        return f"it ended with {told}"
    stood = next(one.at for one in seen if gate.at.matches(one.kind, one.lane, one.payload))
    seconds = (seen[-2].at - stood) / 1e9
    return None if gate.bound_s <= seconds < gate.bound_s + LATE_S else f"it ended after {seconds:.1f} s"


def carry_out(name: str, runs: int) -> Iterator[Outcome]:
    """Do so many runs of a campaign, two at a time, with every core busy; gives each run's outcome as it comes."""
    chosen = CAMPAIGNS[name]
    spec = chosen.spec()

    def judged(number: int) -> Outcome:
        try:
            seen = run(labs, spec, f"{name}-{number}")[1]
            return Outcome(chosen.check(spec, seen), gates_ms(seen))
        except Exception as error:
            return Outcome(f"{type(error).__name__}: {error}", [])

    with busy_cores(), host() as labs, threads(AT_ONCE) as pool:
        yield from pool.map(judged, range(runs))
