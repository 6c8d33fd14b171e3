"""A fleet as benchmarks see a site: its addresses, its store, and how to trust its certificate."""

from __future__ import annotations

import json
import ssl
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from tutor.runs.models import Event

from ..fleet.whole import Fleet
from ..lesson import measured_lesson


class FleetSite:
    """The site of a fleet, for `served_site.Browser` and `taught_class.Presenter`."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet

    @property
    def base(self) -> str:
        return self.fleet.base

    @property
    def port(self) -> int:
        return self.fleet.proxy.port

    @property
    def lesson(self) -> str:
        """The address of the measured lesson."""
        return f"{self.base}/lessons/{measured_lesson().slug}/"

    @property
    def certificate(self) -> Path:
        return self.fleet.proxy.certificate

    @cached_property
    def ssl(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query, whose parameters are question marks."""
        with psycopg.connect(self.fleet.database.address, autocommit=True) as store:
            return store.execute(query.replace("?", "%s").encode(), values).fetchall()

    def events(self, run: str) -> list[Event]:
        """Return the events of a run (its public id) in order of number."""
        rows = self.read(
            "SELECT number, kind, lane, pid, at, payload FROM runs_event JOIN runs_run ON run_id = runs_run.id"
            " WHERE public_id = ? ORDER BY number",
            run,
        )
        names = ("number", "kind", "lane", "pid", "at", "payload")
        events = [Event(**dict(zip(names, row, strict=True))) for row in rows]
        for each in events:
            if isinstance(each.payload, str):
                each.payload = json.loads(each.payload)
        return events
