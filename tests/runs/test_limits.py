"""The limit of a run's bytes counts what is stored, not what its processes send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.recording import SLUG
from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import Limits
from tutor.runs import execution
from tutor.runs.execution import execute
from tutor.runs.models import Event, Run
from tutor.trace.tables import Tables


@pytest.fixture
def host(tmp_path: Path) -> Iterator[LabHost]:
    host = LabHost(tmp_path)
    yield host
    host.close()


def events_of(host: LabHost, monkeypatch: pytest.MonkeyPatch, program: str, limits: Limits) -> list[Event]:
    """The events of a run of `program`, in place of a lesson's own, in a lab with these limits."""
    settings = {"Q_CLUSTER": {"workers": 1, "timeout": 2, "retry": 9}}
    monkeypatch.setattr(execution, "lab_spec", lambda *_: LabSpec(program, settings=settings, limits=limits))
    events: list[Event] = []
    execute(Run(lesson=SLUG), catalogue.get(SLUG), host, store=events.extend)
    return events


def bytes_of(payloads: list[dict[str, Any]]) -> int:
    return sum(len(json.dumps(each)) for each in payloads)


def test_a_run_that_stores_too_much_meets_the_limit_of_its_bytes(
    host: LabHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "while True: print('x' * 1000)"
    events = events_of(host, monkeypatch, program, Limits(run_bytes=20_000))
    [limit] = [each.payload for each in events if each.kind == "limit"]
    assert (limit["limit"], limit["value"], events[-1].payload["outcome"]) == ("run_bytes", 20_000, "stopped")
    before = [each.payload for each in events if each.kind not in ("limit", "ended")]
    assert limit["seen"] <= bytes_of(before)


def test_snapshots_count_as_the_changes_that_are_stored(host: LabHost, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "from django_q.tasks import async_task\nfor number in range(20): async_task('math.sqrt', number)\n"
    events = events_of(host, monkeypatch, program, Limits(run_bytes=50_000))
    tables = Tables()
    in_full = [tables.add(each).payload for each in events]
    assert bytes_of([each.payload for each in events]) < 50_000 < bytes_of(in_full)
    assert events[-1].payload["outcome"] == "finished"
