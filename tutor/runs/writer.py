"""A thread that stores the events of one run, so that its lab never waits for the store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import Self

from django.db import connections

from .event_store import patiently
from .models import Event

Store = Callable[[list[Event]], object]
"""Stores the next events of a run."""


class Writer:
    """Stores batches in their order, as a context manager: on exit, all of them are stored.

    While the store fails, batches wait in memory. The limits of the lab bound their size (`protocol/limits.py`).
    An error of `store` is raised by the next `add`, or on exit. No batch is stored after one that failed.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.batches: SimpleQueue[list[Event] | None] = SimpleQueue()
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self.work, name="writer", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, raised: type[BaseException] | None, *_: object) -> None:
        self.batches.put(None)
        self.thread.join()
        if self.error and raised is None:
            raise self.error

    def add(self, events: list[Event]) -> None:
        """Store `events` soon. Doesn't block."""
        if self.error:
            raise self.error
        self.batches.put(events)

    def work(self) -> None:
        """Store batches until `batches` yields None."""
        is_last = False
        try:
            while not is_last:
                events, is_last = self.waiting()
                if events:
                    patiently(partial(self.store, events))
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()

    def waiting(self) -> tuple[list[Event], bool]:
        """Wait for a batch. Return the events of all waiting batches, and whether they are the last ones."""
        events: list[Event] = []
        batch = self.batches.get()
        while batch is not None:
            events += batch
            try:
                batch = self.batches.get_nowait()
            except Empty:
                return events, False
        return events, True
