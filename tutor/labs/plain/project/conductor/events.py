"""The events of a plain project: a file of JSON lines that all of its processes append to."""

import fcntl
import json
import os

from django.conf import settings

PATH = settings.BASE_DIR / "events.jsonl"


def record(kind, lane, **payload):
    """Append an event; return all events up to and with it."""
    with PATH.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        event = {"kind": kind, "lane": lane, "payload": payload, "pid": os.getpid()}
        file.write(json.dumps(event, default=str) + "\n")
        file.flush()
        file.seek(0)
        return [json.loads(line) for line in file]


def recorded():
    """Return all events so far."""
    return [json.loads(line) for line in PATH.read_text().splitlines()]


def count(when, events):
    """Return how many of `events` are matched by `when`."""
    return sum(matches(when, event) for event in events)


def matches(when, event):
    return when.matches(event["kind"], event["lane"], event["payload"])
