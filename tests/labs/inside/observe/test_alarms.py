"""A timeout that comes while something is observed, without a lab."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tutor.labs.inside.observe import alarms, tracebacks


class TimedOut(BaseException):
    pass


def raise_timeout(*_: object) -> None:
    raise TimedOut


@pytest.fixture(autouse=True)
def timeout() -> Iterator[None]:
    """SIGALRM raises, as django-q2's timeout does; in observers it is postponed."""
    before = signal.signal(signal.SIGALRM, raise_timeout)
    alarms.postpone_in_observers()
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


observed: list[str] = []


@alarms.undisturbed
def observe() -> None:
    observed.append("begin")
    signal.raise_signal(signal.SIGALRM)
    observed.append("end")


def work() -> None:
    observe()
    while True:
        pass


def test_a_timeout_in_a_task_is_raised_at_once() -> None:
    with pytest.raises(TimedOut):
        signal.raise_signal(signal.SIGALRM)


def test_a_timeout_in_an_observer_is_raised_when_the_task_goes_on() -> None:
    observed.clear()
    with pytest.raises(TimedOut) as raised:
        work()
    assert observed == ["begin", "end"]
    assert [entry.name for entry in raised.traceback][1:] == ["work", "postpone_or_raise", "raise_timeout"]
    assert "observe/alarms.py" not in tracebacks.formatted(raised.value)


def test_a_timeout_of_any_moment_is_raised_in_the_task() -> None:
    def task(seconds: float) -> int:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        n = 0
        while True:
            observe_quickly()
            n += 1

    @alarms.undisturbed
    def observe_quickly() -> list[int]:
        return sorted(range(20))

    for delay in range(50):
        with pytest.raises(TimedOut) as raised:
            task(0.001 + delay * 0.00001)
        assert raised.traceback[-3].name == "task"


def test_an_observer_returns_what_it_returns_and_raises_what_it_raises() -> None:
    assert alarms.undisturbed(len)([1, 2]) == 2
    with pytest.raises(TypeError):
        alarms.undisturbed(len)(2)
