"""Observations of the first lesson as a lab sends them, for tests that need no lab.

Times and pids are made up; kinds, payloads and causes are those of `tutor.lessons.events`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tutor.protocol.observation import Observation

TASK, NAME, ACK = "2be8b4c0", "green-four-lake-sad", 1
CALLER, PUSHER, WORKER, MONITOR, SENTINEL, KEEPER, HOST = 71, 72, 73, 74, 75, 70, 60
PIDS = {
    "caller": CALLER,
    "pusher": PUSHER,
    "worker": WORKER,
    "monitor": MONITOR,
    "sentinel": SENTINEL,
    "lab": KEEPER,
    "host": HOST,
}
PROGRAM = "program.py"


def rows(queued: int, stored: int) -> dict[str, Any]:
    """A snapshot with so many OrmQ and Task rows (0 or 1 each)."""
    waiting = {"id": ACK, "task": TASK, "name": NAME, "func": "math.copysign", "delivered": False}
    done = {"id": TASK, "name": NAME, "func": "math.copysign", "success": True, "result": "-1.0", "attempt_count": 1}
    return {
        "OrmQ": {"count": queued, "rows": [waiting] * queued},
        "Task": {"count": stored, "rows": [done] * stored},
    }


def line(line: int | None, ran: int | None, **names: str) -> tuple[str, str, dict[str, Any]]:
    payload = {"file": PROGRAM, "line": line, "ran": ran, "function": "<module>", "locals": names, "hits": 1}
    return "caller", "line", payload


def task(**payload: Any) -> dict[str, Any]:
    return {"task": TASK, "name": NAME, "func": "math.copysign", "args": "(1, -1)", "ack": ACK, **payload}


def first_lesson() -> list[Observation]:
    """One run of the first lesson, in order of time, a millisecond apart."""
    told = [
        ("lab", "opened", {"python": "3.11", "django": "5.2", "django_q": "1.11", "settings": "used"}),
        ("worker", "spawned", {}),
        ("sentinel", "ready", {"workers": 1}),
        line(1, None),
        line(4, 1),
        ("caller", "queued", task(rows=rows(1, 0))),
        line(7, 4),
        ("pusher", "picked", task(delivery=1, rows=rows(1, 0))),
        ("worker", "started", task(delivery=1, rows=rows(1, 0))),
        ("worker", "returned", task(delivery=1, error=None)),
        ("worker", "finished", task(delivery=1, success=True, result="-1.0", error=None)),
        (
            "monitor",
            "stored",
            task(success=True, result="-1.0", error=None, attempt_count=1, created=True, rows=rows(1, 1)),
        ),
        ("caller", "gate", {"name": "later", "waited_ns": 3_000_000}),
        ("monitor", "acknowledged", task(rows=rows(0, 1))),
        line(8, 7),
        line(9, 8, result="-1.0"),
        line(None, 9, result="-1.0", status="True"),
        ("caller", "program_ended", {"error": None, "locals": {"result": "-1.0", "status": "True"}}),
        ("lab", "idle", {"rows": rows(0, 1), "waiting": 0}),
        ("host", "ended", {"outcome": "finished", "reason": ""}),
    ]
    numbers: Counter[str] = Counter()
    observations = []
    for moment, (lane, kind, payload) in enumerate(told, 1):
        numbers[lane] += 1
        observations.append(Observation(numbers[lane], PIDS[lane], lane, moment * 1_000_000, kind, dict(payload)))
    # The caller reads the Task row with its line 8: whatever it sends next has seen it.
    read = next(each for each in observations if each.payload.get("ran") == 8)
    read.payload["read"] = [[TASK, 1]]
    return observations
