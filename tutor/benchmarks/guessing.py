"""How long somebody has to guess codes until one is that of a class, and whether a school can join meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from tutor.classroom.code import ALPHABET, LENGTH
from tutor.pages.guessing import PER_S, Guesses, expected_s

from .figures import Figure, above, all_of

ROOMS = 100
"""The classes that go on at the same time."""
CODES = len(ALPHABET) ** LENGTH
ADDRESSES = (1, 1000)
DAY, WEEKS = 86_400.0, 2
"""Seconds, and the goal."""
HOURS, WARM_UP_S = 6, 3600.0
"""How long the limits are simulated, and from when on."""
MEMBERS, MISTYPE, WITHIN_S = 1000, 10, 120.0
"""A class behind one address: its members, of whom one in this many mistypes, and the seconds in which they join."""


def guessing(rounds: int) -> Iterator[Figure]:
    """The expected time by the limits, beside one that follows from a simulation of them. It ignores the rounds."""
    for addresses in ADDRESSES:
        name = f"one of {ROOMS} classes is found by guessing, addresses: {addresses:,}"
        yield above(f"{name}, expected after", "days", [expected_s(ROOMS, addresses, CODES) / DAY], 7 * WEEKS)
        found = CODES / ROOMS / guesses_a_second(addresses)
        yield above(f"{name}, by a simulation", "days", [found / DAY], 7 * WEEKS)
    name = f"members of a class who join from one address within {WITHIN_S / 60:g} min"
    yield all_of(f"{name}, one in {MISTYPE} after a wrong code", joined(), MEMBERS)


def guesses_a_second(addresses: int) -> float:
    """Return how many codes a second can be tried in the long run, if each address tries again as soon as it may."""
    now = 0.0
    guesses, tried = Guesses(clock=lambda: now), 0
    tries = int(HOURS * 3600 * PER_S * addresses)
    for number, address in enumerate(islice(cycle(range(addresses)), tries), 1):
        now = number / (PER_S * addresses)
        while guesses.may_guess(str(address)):
            guesses.note_failure(str(address))
            tried += now > WARM_UP_S
    return tried / (now - WARM_UP_S)


def joined() -> int:
    """Return how many members of a class get in at their last try."""
    now = 0.0
    guesses, inside = Guesses(clock=lambda: now), 0
    for number in range(MEMBERS):
        now = WITHIN_S * number / MEMBERS
        if number % MISTYPE == 0:
            guesses.note_failure("a school")
        inside += guesses.may_guess("a school")  # The right code, which costs nothing.
    return inside
