"""A limit on wrong codes and passwords, so that nobody finds a class, or signs in, by guessing.

Right codes cost nothing, so a class of 1,000 that joins from one address, a school's, spends only what it mistypes. An
address that has spent all isn't told of right codes either, since otherwise it could go on guessing. Browsers that are
in the class aren't concerned; see `lookup.py`.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

BURST, PER_S = 200.0, 1 / 30
"""How many wrong codes an address may send at once, and how many a second after that."""
SITE_BURST, SITE_PER_S = 2000.0, 2.0
"""The same for all addresses together."""
MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many wrong guesses an address, and all of them together, may send at once, and how many a second after."""

    burst: float
    per_s: float
    site_burst: float
    site_per_s: float


@dataclass(slots=True)
class Bucket:
    """Tokens that are spent, and come back as time passes."""

    burst: float
    per_s: float
    tokens: float
    at: float

    def has_one(self, now: float) -> bool:
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.per_s)
        self.at = now
        return self.tokens >= 1


@dataclass(slots=True)
class Guesses:
    """The wrong guesses that this process has been sent."""

    limits: Limits = Limits(BURST, PER_S, SITE_BURST, SITE_PER_S)
    clock: Callable[[], float] = time.monotonic
    lock: threading.Lock = field(default_factory=threading.Lock)
    buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)
    site: Bucket | None = None

    def may_guess(self, address: str) -> bool:
        """Return whether an address may guess."""
        with self.lock:
            now = self.clock()
            return self.bucket(address, now).has_one(now) and self.of_site(now).has_one(now)

    def note_failure(self, address: str) -> None:
        """Note that a guess was wrong."""
        with self.lock:
            now = self.clock()
            for bucket in (self.bucket(address, now), self.of_site(now)):
                bucket.has_one(now)
                bucket.tokens -= 1

    def bucket(self, address: str, now: float) -> Bucket:
        """Return the bucket of an address. Of too many, the one that was used least recently is forgotten."""
        found = self.buckets.setdefault(address, Bucket(self.limits.burst, self.limits.per_s, self.limits.burst, now))
        self.buckets.move_to_end(address)
        while len(self.buckets) > MOST_ADDRESSES:
            self.buckets.popitem(last=False)
        return found

    def of_site(self, now: float) -> Bucket:
        if self.site is None:
            self.site = Bucket(self.limits.site_burst, self.limits.site_per_s, self.limits.site_burst, now)
        return self.site


guesses = Guesses()
"""The codes of classes."""
passwords = Guesses(Limits(burst=10, per_s=1 / 30, site_burst=500, site_per_s=1))
"""The passwords of teachers."""


def expected_s(rooms: int, addresses: int, codes: int) -> float:
    """Return the expected seconds until one of `rooms` among `codes` is guessed from that many addresses."""
    at_once, per_s = min(addresses * BURST, SITE_BURST), min(addresses * PER_S, SITE_PER_S)
    return max(0.0, codes / rooms - at_once) / per_s
