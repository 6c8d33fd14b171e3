"""An app that does to a plain project what a lesson asks for: gates at events, and interventions.

It has nothing of a lab: django-q2's own signals, a broker that waits, a line trace; the events go to a file, which all
processes append to. Only its line events carry what a gate may ask of them.
"""

import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path

from django.apps import AppConfig

HERE = Path(__file__).parent
INPUTS = json.loads((HERE / "inputs.json").read_text())
EVENTS = HERE / "events.jsonl"
PATIENCE_S = 20.0


def matches(moment, event):
    if moment["event"] != event["kind"] or moment["lane"] not in (None, event["lane"]):
        return False
    return all(event.get(name) == value for name, value in moment["where"].items())


def count(moment, events):
    return sum(matches(moment, event) for event in events)


def note(kind, lane, **fields):
    """Append an event; returns all that there are up to it."""
    with EVENTS.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps({"kind": kind, "lane": lane, "pid": os.getpid(), **fields}, default=str) + "\n")
        file.flush()
        file.seek(0)
        return [json.loads(line) for line in file]


def events():
    return [json.loads(line) for line in EVENTS.read_text().splitlines()]


def meet(kind, lane, **fields):
    """Something happens here and now: wait at its gates, and do what is to be done at it."""
    so_far = note(kind, lane, **fields)
    for gate in INPUTS["gates"]:
        if is_now(gate["at"], so_far):
            wait_for(gate["until"])
    for each in INPUTS["interventions"]:
        if is_now(each["at"], so_far):
            intervene(each)


def is_now(moment, so_far):
    return matches(moment, so_far[-1]) and count(moment, so_far) == moment["count"]


def wait_for(moment):
    until = time.monotonic() + PATIENCE_S
    while count(moment, events()) < moment["count"] and time.monotonic() < until:
        time.sleep(0.005)


def intervene(intervention):
    action = intervention["action"]
    note("intervened", "conductor", action=action)
    cluster = int((HERE / "cluster.pid").read_text())
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "slow":
        time.sleep(intervention["seconds"])
    elif action == "raise":
        raise RuntimeError("raised on purpose")
    elif action == "stop":
        os.kill(cluster, signal.SIGTERM)
    elif action == "stop-group":
        os.killpg(os.getpgid(cluster), signal.SIGTERM)
    elif action == "half-minute":
        from django_q.brokers import get_broker
        from django_q.scheduler import scheduler

        scheduler(broker=get_broker())


def file_of(frame):
    """The lesson's file that a frame is in, as its events call it; None for others."""
    path = frame.f_code.co_filename
    try:
        name = str(Path(path).relative_to(HERE))
    except ValueError:
        return None
    return name if name in INPUTS["watched"] else None


def trace(lane):
    """A trace function that meets each line of the lesson's files, before it runs."""
    last = {}

    def begin(frame, happens, value):
        file = file_of(frame)
        return step if file else None

    def step(frame, happens, value):
        ran = last.get(frame)
        if happens in ("line", "return"):
            line = frame.f_lineno if happens == "line" else None
            meet("line", lane, file=file_of(frame), line=line, ran=ran, function=frame.f_code.co_name)
            last[frame] = frame.f_lineno
        if happens == "return":
            last.pop(frame, None)
        return step

    return begin


def starts(sender, func, task, **kwargs):
    """A task is about to be executed, in a worker or, with sync, in the caller."""
    lane = "caller" if task.get("sync") else "worker"
    meet("started", lane, name=task["name"], func=str(task["func"]))
    if lane == "worker" and INPUTS["lines"]:
        sys.settrace(trace("worker"))


def ends(sender, func, task, **kwargs):
    if not task.get("sync"):
        sys.settrace(None)
    meet("returned", "worker", name=task["name"])


def saved(sender, instance, created, **kwargs):
    note("stored", "monitor", name=instance.name, success=instance.success, attempt_count=instance.attempt_count)


def queued(sender, instance, created, **kwargs):
    if created:
        note("queued", "caller", name=instance.name())


def spawned(sender, **kwargs):
    note("spawned", "worker")


class Conductor(AppConfig):
    name = "conductor"

    def ready(self):
        from django.db.models.signals import post_save
        from django_q.models import OrmQ, Task
        from django_q.signals import post_execute_in_worker, post_spawn, pre_execute

        pre_execute.connect(starts, weak=False)
        post_execute_in_worker.connect(ends, weak=False)
        post_spawn.connect(spawned, weak=False)
        post_save.connect(saved, sender=Task, weak=False)
        post_save.connect(queued, sender=OrmQ, weak=False)
