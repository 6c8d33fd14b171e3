"""“Half a minute passes”: the sentinel asks django-q2's scheduler now, as its guard does every 30 s.

It is the same function, called by the same process with the same broker, between two rounds of the guard; only the
waiting is left out. Asked for by SIGUSR1, to the cluster's process, which passes it on.
"""

from __future__ import annotations

import signal
from typing import Any

from django_q import cluster

from . import probe


class StopEvent:
    """The sentinel's stop event. While its guard waits for that, and only then, the scheduler may be asked."""

    def __init__(self, event: Any, broker: Any) -> None:
        self.event, self.broker = event, broker
        self.asked = 0
        self.waiting = False
        signal.signal(signal.SIGUSR1, self.hear)

    def hear(self, *_: object) -> None:
        self.asked += 1
        if self.waiting:
            self.ask_scheduler()

    def wait(self, timeout: float | None = None) -> bool:
        self.ask_scheduler()
        self.waiting = True
        try:
            return bool(self.event.wait(timeout))
        finally:
            self.waiting = False

    def ask_scheduler(self) -> None:
        waiting, self.waiting = self.waiting, False
        while self.asked:
            self.asked -= 1
            cluster.scheduler(broker=self.broker)
            probe.emit("scheduled", {}, stoppable=False)
        self.waiting = waiting

    def __getattr__(self, name: str) -> Any:
        return getattr(self.event, name)
