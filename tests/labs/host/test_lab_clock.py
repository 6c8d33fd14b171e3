from __future__ import annotations

from tests.labs.host.made_up import Clock
from tutor.labs.host.lab_clock import LabClock


def test_time_in_which_the_host_was_stopped_does_not_count() -> None:
    seconds = Clock()
    clock = LabClock(seconds)
    began = clock()
    for _ in range(8):
        seconds.wait(0.25)
        clock()
    seconds.wait(60)
    assert clock() - began == 2.0
    seconds.wait(1)
    assert clock() - began == 3.0
