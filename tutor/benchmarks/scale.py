"""Benchmarks of long runs: what is stored of an event, what the last step and following the run cost, and how much of
each limit is used."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from tutor.labs.host.lab_host import LabHost
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import FULL_HITS
from tutor.runs.execution import record
from tutor.runs.models import Event, Run
from tutor.runs.recorder import Recorder

from .figures import Figure, against, below
from .following import following, growth
from .labs import lab_host
from .steps import last_step

EVENTS = (200, 2000, 4000, 8000)
"""About how many events the measured runs have."""
EVENTS_OF_A_TASK = 8000 / 60
ROUNDS = 5
"""The maximum number of runs of each length."""
FLAT = 1.2
"""How many times as many bytes an event, or a step, of one run may have as one of another run."""
MODELS = """
from django.db import models

class Mail(models.Model):
    number = models.IntegerField()
    sent = models.BooleanField(default=False)
"""
TASK = """
from mails.models import Mail

def send(number):
    mail = Mail.objects.create(number=number)
    letters = number
{lines}
    mail.sent = True
    mail.save()
    return f'sent {{letters}} letters'
"""
PROGRAM = """
from django_q.tasks import async_task

for number in range({tasks}):
    async_task('mails.tasks.send', number, task_name=f'mail {{number}}')
"""
OTHER_EVENTS, EVENTS_OF_A_RUN = 13, 16
"""Events of a task apart from those of the lines that make it long enough, and of a run apart from its tasks."""
SETTINGS = {"Q_CLUSTER": {"workers": 4, "timeout": 5, "retry": 60, "recycle": FULL_HITS - 1}}
"""A worker is replaced before it has run a line so often that not every time is an event."""


@dataclass
class LongRun:
    """A run of a program that queues many tasks at once, each of which writes to a table of its own."""

    wanted: int
    """About how many events it should have."""
    events: list[Event] = field(default_factory=list)
    stored_bytes: int = 0
    sent_bytes: int = 0
    shares: dict[str, float] = field(default_factory=dict)
    """Limit → the share of it that was used."""

    @property
    def tasks(self) -> int:
        return max(1, round(self.wanted / EVENTS_OF_A_TASK))

    def execute(self, host: LabHost, name: str) -> None:
        recorder = Recorder(Run(lesson="scale"), self.events.extend)
        with host.open(spec(self.tasks, self.wanted), name) as lab:
            record(lab, recorder)
            self.stored_bytes, self.sent_bytes = recorder.bytes, lab.usage.observed_bytes
            self.shares = lab.usage.shares
        if (end := self.events[-1].payload) != {"outcome": "finished", "reason": ""}:
            raise RuntimeError(f"A run of {self.tasks} tasks did not finish: {json.dumps(end)}")


def spec(tasks: int, events: int) -> LabSpec:
    """Return a lab whose run has about that many events."""
    long_enough = math.ceil((events - EVENTS_OF_A_RUN) / tasks) - OTHER_EVENTS
    lines = "\n".join(f"    letters += {number}" for number in range(long_enough))
    files = {"mails/models.py": MODELS, "mails/tasks.py": TASK.format(lines=lines)}
    return LabSpec(PROGRAM.format(tasks=tasks), files=files, apps=("mails",), settings=SETTINGS)


def scale(rounds: int) -> Iterator[Figure]:
    """What events, the last step and following cost in short and long runs, and the longest run's shares of limits."""
    averages, steps, followed = [], [], []
    with lab_host() as host:
        for wanted in EVENTS:
            runs = [LongRun(wanted) for _ in range(min(rounds, ROUNDS))]
            for number, each in enumerate(runs):
                each.execute(host, f"scale-{wanted}-{number}")
            stored = [each.stored_bytes / len(each.events) for each in runs]
            sent = [each.sent_bytes / len(each.events) for each in runs]
            averages.append(median(stored))
            yield against(f"bytes stored an event, of {len(runs[0].events):,}, against bytes sent", "B", stored, sent)
            program = PROGRAM.format(tasks=runs[0].tasks)
            steps.append(last_step(program, runs[0].events, rounds))
            yield from steps[-1].figures()
            followed.append(following(program, runs[0].events, rounds))
            yield from followed[-1].figures()
    sizes = [each.raw for each in steps]
    yield below("bytes of the last step: the most against the least", "×", [max(sizes) / min(sizes)], FLAT)
    changes = [each.changes for each in steps]
    yield below("bytes of the last message: the most against the least", "×", [max(changes) / min(changes)], FLAT)
    yield below("bytes stored an event: the most against the least", "×", [max(averages) / min(averages)], FLAT)
    yield growth(followed[0], followed[-1])
    yield from limits(runs)


def limits(runs: list[LongRun]) -> Iterator[Figure]:
    """Yield the share of each limit that runs used."""
    for name in runs[0].shares:
        shares = [100 * each.shares.get(name, 0) for each in runs]
        yield below(
            f"{runs[0].tasks} tasks, {len(runs[0].events):,} events: share of the limit {name}", "%", shares, 100
        )
