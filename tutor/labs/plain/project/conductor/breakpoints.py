"""Gates and interventions: what a process does when it reaches an event."""

import time

from django.conf import settings

from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.when import When

from .actions import ACTIONS
from .events import count, matches, record, recorded

GATES = [
    Gate(each["name"], When.from_json(each["at"]), When.from_json(each["until"]))
    for each in settings.CONDUCTOR["gates"]
]
INTERVENTIONS = [Intervention.from_json(each) for each in settings.CONDUCTOR["interventions"]]
GATE_TIMEOUT_S = 20.0


def reach(kind, lane, **payload):
    """Record an event of this process, wait at the gates there, and carry out the interventions there."""
    events = record(kind, lane, **payload)
    due = [each for each in INTERVENTIONS if is_last(each.moment, events)]
    for gate in GATES:
        if is_last(gate.at, events) and not any(each.action == "skip-gate" for each in due):
            wait_for(gate.until)
    for intervention in due:
        record("intervened", lane, action=intervention.action)
        ACTIONS[intervention.action](intervention)


def is_last(when, events):
    """Return whether the last of `events` is the one that `when` names."""
    return matches(when, events[-1]) and count(when, events) == when.count


def wait_for(when):
    """Wait until the event that `when` names is recorded, but not longer than GATE_TIMEOUT_S."""
    deadline = time.monotonic() + GATE_TIMEOUT_S
    while count(when, recorded()) < when.count and time.monotonic() < deadline:
        time.sleep(0.005)
