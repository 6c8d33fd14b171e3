"""Specs as the tests want them, and questions about what was observed."""

from __future__ import annotations

import secrets
import textwrap
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import psutil

from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation

Q_CLUSTER = {"workers": 1, "timeout": 1, "retry": 2, "max_attempts": 2}
"""The first lesson's."""
IMPATIENT = {**Q_CLUSTER, "retry": 1}
"""A task that was not acknowledged is delivered again after a second."""


def lab(program: str, q_cluster: Mapping[str, Any] = Q_CLUSTER, **more: Any) -> LabSpec:
    """A spec of `program`, which may be indented; `more` are the other fields of a spec."""
    settings = {"Q_CLUSTER": dict(q_cluster), **more.pop("settings", {})}
    files = {name: textwrap.dedent(text) for name, text in more.pop("files", {}).items()}
    return LabSpec(textwrap.dedent(program).lstrip("\n"), files=files, settings=settings, **more)


def new_name() -> str:
    return f"run-{secrets.token_hex(4)}"


def in_order(seen: Iterable[Observation]) -> list[Observation]:
    """By time, and within a process in its own order; `ended` stays the last."""
    *before, ended = seen
    assert ended.kind == "ended"
    return [*sorted(before, key=lambda each: each.at), ended]


def of(seen: Iterable[Observation], kind: str, lane: str | None = None, **payload: Any) -> list[Observation]:
    """Those of a kind, of a lane, with these values."""
    return [
        each
        for each in seen
        if each.kind == kind
        and lane in (None, each.lane)
        and all(each.payload.get(name) == value for name, value in payload.items())
    ]


def the(seen: Iterable[Observation], kind: str, lane: str | None = None, **payload: Any) -> Observation:
    """The only one of a kind."""
    (one,) = of(seen, kind, lane, **payload)
    return one


def counts(seen: Observation) -> tuple[int, int]:
    """How many rows OrmQ and Task had."""
    rows = seen.payload["rows"]
    return rows["OrmQ"]["count"], rows["Task"]["count"]


def printed(seen: Iterable[Observation], lane: str | None = None) -> str:
    return "".join(each.payload["text"] for each in of(seen, "printed", lane))


def outcome(seen: list[Observation]) -> str:
    return str(seen[-1].payload["outcome"])


def descriptors() -> int:
    """How many descriptors this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def soon(condition: Callable[[], Any], within_s: float = 3.0) -> Any:
    """What `condition` gives as soon as it is true; its last answer if it isn't within `within_s` seconds."""
    until = time.monotonic() + within_s
    while not (answer := condition()) and time.monotonic() < until:
        time.sleep(0.01)
    return answer
