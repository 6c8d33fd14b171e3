"""What a lab guarantees at one moment of its run: three promises about gates and interventions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

from ..labs import gates_ms, lab_host, run
from ..lesson import default_spec, measured_lesson
from ..load import busy_cores, threads
from .trial import Campaign, Trial

AT_ONCE = 2
BOUND_S, LATE_S = 0.5, 3.0
"""The bound of the gate that never opens, and how much later its run may end under load."""


Deviation = Callable[[LabSpec, list[Observation]], str | None]
"""Returns how a run of a lab deviates from a promise; None if it doesn't."""


def promise(text: str, spec_of: Callable[[], LabSpec], deviation: Deviation) -> Campaign:
    """Return the campaign that tests a promise in runs of a lab, two at a time, with every core busy."""

    def carry_out(tries: int) -> Iterator[Trial]:
        spec = spec_of()

        def outcome(number: int) -> Trial:
            try:
                began, observations = run(host, spec, f"campaign-{number}")
                seconds = (observations[-1].at - began) / 1e9
                return Trial(deviation(spec, observations), seconds=seconds, gates_ms=tuple(gates_ms(observations)))
            except Exception as error:
                return Trial(f"{type(error).__name__}: {error}")

        with busy_cores(), lab_host() as host, threads(AT_ONCE) as pool:
            yield from pool.map(outcome, range(tries))

    return Campaign(text, carry_out)


def plain_run() -> LabSpec:
    return default_spec(measured_lesson())


def killed_run() -> LabSpec:
    return replace(plain_run(), interventions=(Intervention(When("started"), "kill"),))


def stuck_run() -> LabSpec:
    spec = plain_run()
    return replace(spec, gates=(replace(spec.gates[0], until=When("rolled_back"), bound_s=BOUND_S),))


def dies_inside_the_function(spec: LabSpec, observations: list[Observation]) -> str | None:
    starts = [each for each in observations if each.kind == "started"]
    if not starts:
        return "no worker entered the task's function"
    first = starts[0]
    kinds = [each.kind for each in observations if each.pid == first.pid and each.lane == "worker"]
    if kinds[-2:] != ["started", "intervened"]:
        return f"the worker's last events were {kinds[-3:]}"
    deaths = [each.payload for each in observations if each.kind == "died"]
    if [(death["died_pid"], death["signal"]) for death in deaths] != [(first.pid, "SIGKILL")]:
        return f"these died: {[(death['process'], death['signal']) for death in deaths]}"
    task = first.payload["task"]
    deliveries = [(each.payload["task"], each.payload["delivery"]) for each in starts]
    if deliveries != [(task, 1), (task, 2)]:
        return f"the deliveries were {[number for _, number in deliveries]}"
    outcome = observations[-1].payload.get("outcome")
    return None if outcome == "finished" else f"the run ended as {outcome}"


def reads_what_was_stored(spec: LabSpec, observations: list[Observation]) -> str | None:
    stored = next((each.payload for each in observations if each.kind == "stored"), None)
    ended = next((each.payload for each in observations if each.kind == "program_ended"), None)
    if stored is None or ended is None:
        return f"the run ended without it: {observations[-1].payload}"
    if set(ended["locals"].values()) == {stored["result"], str(stored["success"])}:
        return None
    return f"it read {ended['locals']} and ended with {ended['error']}"


def ends_after_its_bound(spec: LabSpec, observations: list[Observation]) -> str | None:
    (gate,) = spec.gates
    last = [(each.kind, each.payload.get("name"), each.payload.get("outcome")) for each in observations[-2:]]
    if last != [("gate_expired", gate.name, None), ("ended", None, "stopped")]:
        return f"it ended with {last}"
    reached = next(each.at for each in observations if gate.at.matches(each.kind, each.lane, each.payload))
    seconds = (observations[-2].at - reached) / 1e9
    return None if gate.bound_s <= seconds < gate.bound_s + LATE_S else f"it ended after {seconds:.1f} s"


PROMISES = {
    "inside": promise(
        "killed at `started`, the worker dies inside the task's function, and the task comes again",
        killed_run,
        dies_inside_the_function,
    ),
    "later": promise(
        "the program that waits at “later” reads what was stored",
        plain_run,
        reads_what_was_stored,
    ),
    "expired": promise(
        "a gate that never opens ends the run after its bound, and an event says so",
        stuck_run,
        ends_after_its_bound,
    ),
}
"""Name → campaign."""
