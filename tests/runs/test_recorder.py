from __future__ import annotations

from typing import Any

from django.conf import settings

from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation
from tutor.runs.models import Event, Run
from tutor.runs.recorder import Recorder


def recorded(kind: str, payload: dict[str, Any]) -> Event:
    events: list[Event] = []
    recorder = Recorder(Run(lesson="none"), events.extend)
    recorder.write([Observation(0, 1, Lane.HOST, recorder.began, kind, payload)])
    return events[0]


def test_no_event_tells_a_path_of_the_server() -> None:
    reason = f"The lab could not start: [Errno 28] No space left on device: '{settings.VAR}/labs/1/2'"
    shown = recorded("ended", {"outcome": "lost", "reason": reason}).payload["reason"]
    assert shown == "The lab could not start: [Errno 28] No space left on device: '…/labs/1/2'"


def test_a_program_is_stored_byte_for_byte() -> None:
    program = f"print('{settings.BASE_DIR}')"
    assert recorded("asked", {"program": program}).payload == {"program": program}
