"""A store that the first edition made: its links still open, each run at its own steps."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest
from django.test import Client

from tutor.runs.models import Event, Run

STORE = Path(__file__).parents[1] / "data/first-edition.sqlite3.gz"
STEPS = {"m5knd4mven": 6, "9bmmkpvehb": 8, "twhnscgj7s": 16, "6tbxd4kerg": 7, "9vtyb4na7h": 8}
"""Run → how many steps the first edition showed."""


@pytest.fixture
def first_edition(db: None, tmp_path: Path) -> None:
    """The runs of the first edition's store, copied into the tests' database."""
    path = tmp_path / "store.sqlite3"
    path.write_bytes(gzip.decompress(STORE.read_bytes()))
    store = sqlite3.connect(path)
    store.row_factory = sqlite3.Row
    for row in store.execute("SELECT * FROM runs_run").fetchall():
        values = {**row, "knobs": json.loads(row["knobs"]), "interventions": json.loads(row["interventions"])}
        Run.objects.create(**values)
    events = store.execute("SELECT * FROM runs_event").fetchall()
    Event.objects.bulk_create(Event(**{**row, "payload": json.loads(row["payload"])}) for row in events)
    store.close()


@pytest.mark.parametrize("run", STEPS)
def test_a_run_of_the_first_edition_opens_at_each_of_its_steps(first_edition: None, client: Client, run: str) -> None:
    page = client.get(f"/runs/{run}/?step={STEPS[run]}").content.decode()
    assert f'data-made="{STEPS[run]}" data-ended' in page
    assert f'data-row="{STEPS[run]}"' in page
    for step in range(1, STEPS[run] + 1):
        assert client.get(f"/runs/{run}/?step={step}").status_code == 200
