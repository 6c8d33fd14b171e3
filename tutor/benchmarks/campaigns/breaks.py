"""Breaking runs: what is aimed at a moment of one run hits the same moment of another, however busy the machine is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

from tutor.labs.host.lab_host import LabHost
from tutor.labs.host.subjects import Subjects
from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.lesson import Lesson
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation
from tutor.runs.aims import aimed
from tutor.runs.causal_order import CausalOrder
from tutor.runs.models import Event
from tutor.trace.chances import TITLES, chances_at
from tutor.trace.projector import project

from ..labs import lab_host, run
from ..lesson import default_spec
from ..load import busy_cores, threads
from .trial import Campaign, Trial

LESSONS = 5
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Target:
    """Something to do to a lesson's run."""

    spec: LabSpec
    intervention: Intervention


def carry_out(tries: int) -> Iterator[Trial]:
    """Break the runs of the first five lessons in every way that is possible in them, one after the other."""
    lessons = list(catalogue_of((CONTENT,)).read().lessons.values())[:LESSONS]
    with lab_host() as host:
        targets = [target for lesson in lessons for target in targets_of(lesson, host)]
        with busy_cores(), threads(AT_ONCE) as pool:
            wanted = list(islice(enumerate(cycle(targets)), tries))
            yield from pool.map(lambda each: outcome(host, each[0], each[1]), wanted)


def targets_of(lesson: Lesson, host: LabHost) -> Iterator[Target]:
    """Yield one target for each action that is possible in a run of the lesson, at the first step where it is."""
    spec = default_spec(lesson)
    _, observations = run(host, spec, f"before-{lesson.slug}")
    events = events_of(lesson, observations)
    trace = project(lesson, events)
    for action in TITLES:
        for step in trace.steps:
            found = next(each for each in chances_at(trace, step.number, spec.settings) if each.action == action)
            if found.at:
                yield Target(spec, aimed(events, found.at, action, found.seconds))
                break


def events_of(lesson: Lesson, observations: Sequence[Observation], added: Sequence[Intervention] = ()) -> list[Event]:
    """Return the observations of a run as the events that its recorder would store.

    `added` are the interventions that aren't the lesson's own.
    """
    order = CausalOrder()
    sorted_ = [*order.push(observations), *order.flush()]
    given = {"knobs": lesson.defaults, "interventions": [each.to_json() for each in added]}
    asked = Observation(0, 0, Lane.HOST, 0, "asked", given)
    return [
        Event(number=number, kind=each.kind, lane=each.lane, pid=each.pid, at=each.at, payload=each.payload)
        for number, each in enumerate([asked, *sorted_], 1)
    ]


def outcome(host: LabHost, number: int, target: Target) -> Trial:
    """Return what came of one try."""
    spec = target.spec
    try:
        began, observations = run(
            host, replace(spec, interventions=(*spec.interventions, target.intervention)), f"break-{number}"
        )
        seconds = (observations[-1].at - began) / 1e9
        return Trial(deviation(target.intervention, observations), seconds=seconds)
    except Exception as error:
        return Trial(f"{type(error).__name__}: {error}")


def deviation(aim: Intervention, observations: Sequence[Observation]) -> str | None:
    """Return how a run deviates from what was aimed at; None if it doesn't."""
    done = [each for each in observations if each.kind == "intervened" and each.payload["action"] == aim.action]
    if len(done) != 1:
        return f"{aim.action} at {aim.at.event}: done {len(done)} times"
    wrong = HITS[aim.action](aim, done[0], observations)
    return wrong and f"{aim.action} at {aim.at.event}: {wrong}"


def in_the_function(aim: Intervention, done: Observation, observations: Sequence[Observation]) -> str | None:
    """Return what is wrong if the process that did it wasn't in the function of the task, in that delivery."""
    subjects = Subjects()
    before = [each for each in observations if (each.pid, each.seq) < (done.pid, done.seq) or each.pid != done.pid]
    for each in before:
        if each.at <= done.at:
            subjects.observe(each)
    payload = {"task": done.payload.get("task")}
    if aim.subject and not subjects.is_about(aim.subject, done.lane, done.pid, payload):
        return f"it was about another task or delivery: {payload}"
    after = [each for each in observations if each.pid == done.pid and each.seq > done.seq]
    return {"kill": none_after, "raise": has_raised, "slow": has_timed_out}[aim.action](done, after, observations)


def none_after(done: Observation, after: Sequence[Observation], observations: Sequence[Observation]) -> str | None:
    died = [each for each in observations if each.kind == "died" and each.payload["died_pid"] == done.pid]
    if after or [each.payload["signal"] for each in died] != ["SIGKILL"]:
        return f"its process went on with {[each.kind for each in after]}"
    return None


def has_raised(done: Observation, after: Sequence[Observation], observations: Sequence[Observation]) -> str | None:
    ended = next((each for each in after if each.kind == "finished"), None)
    return None if ended and not ended.payload["success"] else "its task didn't fail"


def has_timed_out(done: Observation, after: Sequence[Observation], observations: Sequence[Observation]) -> str | None:
    died = any(each.kind == "died" and each.payload["died_pid"] == done.pid for each in observations)
    return None if died or has_raised(done, after, observations) is None else "its task wasn't ended by its timeout"


def caller_is_dead(aim: Intervention, done: Observation, observations: Sequence[Observation]) -> str | None:
    died = [each.payload for each in observations if each.kind == "died" and each.payload["process"] == Lane.CALLER]
    if [each["signal"] for each in died] != ["SIGKILL"]:
        return f"these died: {died}"
    return "its program came to its end" if any(each.kind == "program_ended" for each in observations) else None


def cluster_is_stopped(aim: Intervention, done: Observation, observations: Sequence[Observation]) -> str | None:
    late = [each for each in observations if each.kind == "spawned" and each.at > done.at and each.lane == Lane.WORKER]
    return f"{len(late)} workers were started afterwards" if len(late) > 1 else None


def has_not_waited(aim: Intervention, done: Observation, observations: Sequence[Observation]) -> str | None:
    waited = [each for each in observations if each.kind == "gate_reached" and each.pid == done.pid]
    return "it waited at the gate" if any(abs(each.seq - done.seq) == 1 for each in waited) else None


def scheduler_was_asked(aim: Intervention, done: Observation, observations: Sequence[Observation]) -> str | None:
    asked = any(each.kind == "scheduled" and each.at > done.at for each in observations)
    return None if asked else "the scheduler wasn't called"


HITS = {
    "kill": in_the_function,
    "raise": in_the_function,
    "slow": in_the_function,
    "kill-caller": caller_is_dead,
    "stop": cluster_is_stopped,
    "skip-gate": has_not_waited,
    "half-minute": scheduler_was_asked,
}
"""Action → a function that returns what is wrong with a run in which it was done; None if it hit its target."""
BREAKS = {
    "breaks": Campaign("what is aimed at a moment of a run hits the same moment of another run", carry_out, tries=1400)
}
"""Name → campaign."""
