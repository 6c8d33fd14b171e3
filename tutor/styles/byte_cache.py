"""A cache that is bounded in bytes."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class ByteCache(Generic[V]):
    """The values that were used last, up to a number of bytes. Its methods can be called from any thread.

    The value that was put last is kept whatever its size, as it is still in use.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.lock = threading.Lock()
        self.entries: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        """Key → value and its bytes, the least recently used first."""
        self.bytes = 0

    def get(self, key: Hashable) -> V | None:
        """Return the value of `key`; None if there is none."""
        with self.lock:
            if key not in self.entries:
                return None
            self.entries.move_to_end(key)
            return self.entries[key][0]

    def put(self, key: Hashable, value: V, size: int) -> None:
        """Keep `value`, of `size` bytes, for `key`; drop the least recently used values if there are too many bytes."""
        with self.lock:
            self.drop(key)
            self.entries[key] = value, size
            self.bytes += size
            while self.bytes > self.max_bytes and len(self.entries) > 1:
                self.drop(next(iter(self.entries)))

    def get_or_set(self, key: Hashable, make: Callable[[], V], size: Callable[[V], int] = sys.getsizeof) -> V:
        """Return the value of `key`; without one, keep that which `make` returns. Two threads may both make it."""
        if (value := self.get(key)) is None:
            value = make()
            self.put(key, value, size(value))
        return value

    def drop(self, key: Hashable) -> None:
        _, size = self.entries.pop(key, (None, 0))
        self.bytes -= size

    def clear(self) -> None:
        """Drop all values."""
        with self.lock:
            self.entries.clear()
            self.bytes = 0
