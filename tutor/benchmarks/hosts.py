"""Hosts as processes of their own: each executes runs of the measured lesson on demand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .asking_process import READY
from .measured_process import Process
from .store import Store


class Host(Process):
    """A process that executes runs and stores them in `store`, with leases of `lease_s` seconds."""

    def __init__(self, store: Store, lease_s: float) -> None:
        super().__init__("asking_process", environment={**store.environment, "TUTOR_LEASE_S": str(lease_s)})
        assert self.read() == READY

    def start_run(self) -> str:
        """Start a run that lasts for seconds; return its public id."""
        return self.ask()

    def close(self) -> None:
        """End the process, unless it has been killed, by ending its input."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def hosts(store: Store, number: int, lease_s: float) -> Iterator[list[Host]]:
    """Yield `number` hosts that share a store. End them afterwards."""
    with ExitStack() as ending:
        started = []
        for _ in range(number):
            started.append(Host(store, lease_s))
            ending.callback(started[-1].close)
        yield started
