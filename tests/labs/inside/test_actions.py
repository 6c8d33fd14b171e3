from __future__ import annotations

import os
import signal
import time

import pytest

from tutor.labs.inside import actions
from tutor.labs.inside.observe import alarms
from tutor.protocol.actions import ACTIONS, is_for_the_supervisor


def test_each_action_is_carried_out_by_one_function() -> None:
    assert set(actions.BY_THE_SUPERVISOR) == {name for name in ACTIONS if is_for_the_supervisor(name)}
    assert set(actions.IN_THE_PROCESS) == set(ACTIONS) - set(actions.BY_THE_SUPERVISOR)


def ended_by(action: str) -> int:
    """The signal that ends a process which does `action` to itself."""
    if (pid := os.fork()) == 0:
        os.setpgrp()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if action in actions.IN_THE_PROCESS:
            actions.IN_THE_PROCESS[action](0.0)
        else:
            actions.BY_THE_SUPERVISOR[action][1](os.getpid())
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    ("action", "number"),
    [
        ("kill", signal.SIGKILL),
        ("kill-caller", signal.SIGKILL),
        ("stop", signal.SIGTERM),
        ("stop-group", signal.SIGTERM),
        ("half-minute", signal.SIGUSR1),
    ],
)
def test_some_actions_are_signals(action: str, number: signal.Signals) -> None:
    assert ended_by(action) == -number


def test_an_error_is_raised_where_the_task_is() -> None:
    with pytest.raises(RuntimeError, match="as this run was asked to"):
        actions.IN_THE_PROCESS["raise"](0.0)


def test_a_slow_task_takes_its_seconds_longer() -> None:
    began = time.monotonic()
    actions.IN_THE_PROCESS["slow"](0.1)
    assert time.monotonic() - began >= 0.1


def test_a_slow_task_is_interrupted_by_its_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "postponed", [signal.SIGALRM])
    began = time.monotonic()
    actions.IN_THE_PROCESS["slow"](10.0)
    assert time.monotonic() - began < 5
