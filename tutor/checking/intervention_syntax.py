"""The syntax of an intervention on the command line: EVENT[:COUNT]=ACTION[:SECONDS]."""

from __future__ import annotations

import re

from tutor.lessons.errors import unknown
from tutor.protocol.events import KINDS
from tutor.protocol.interventions import Intervention
from tutor.protocol.when import When

SYNTAX = re.compile(r"(?P<event>[a-z_]+)(:(?P<count>\d{1,4}))?=(?P<action>[a-z-]+)(:(?P<seconds>\d{1,4}(\.\d{1,3})?))?")


def parse_intervention(text: str) -> Intervention:
    """Return the intervention that `text` describes. Raise ValueError if it is invalid."""
    match = SYNTAX.fullmatch(text)
    if match is None:
        raise ValueError("write EVENT[:COUNT]=ACTION, such as started=kill or started:2=slow:1.5")
    if match["event"] not in KINDS:
        raise ValueError(unknown("event", match["event"], KINDS))
    at = When(event=match["event"], count=int(match["count"] or 1))
    return Intervention(at=at, action=match["action"], seconds=float(match["seconds"] or 0))
