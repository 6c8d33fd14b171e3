"""A supervisor without a lab: it has a socket to a host and children that do nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from socket import socket
from typing import Any

import pytest

from tests.labs.observed import soon
from tutor.labs.inside import actions
from tutor.labs.inside.observe.clusters import MAIN
from tutor.labs.inside.observe.probe import probe
from tutor.labs.inside.pipe_reader import PipeReader
from tutor.labs.inside.supervisor import Supervisor, wake_at_deaths
from tutor.protocol import wire
from tutor.protocol.lanes import Lane

QUEUED = {"OrmQ": {"count": 2, "rows": []}, "Task": {"count": 0, "rows": []}}
EMPTY = {"OrmQ": {"count": 0, "rows": []}, "Task": {"count": 2, "rows": []}}


class Table:
    """What the supervisor sees in its tables."""

    rows: dict[str, Any] | None = EMPTY
    by_cluster: dict[str, int] = {MAIN: 2}


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def ends() -> Iterator[tuple[socket, socket]]:
    mine, theirs = wire.pair()
    with mine, theirs:
        yield mine, theirs


@pytest.fixture
def host(ends: tuple[socket, socket]) -> socket:
    return ends[0]


@pytest.fixture
def own(ends: tuple[socket, socket], table: Table) -> Supervisor:
    announcements, _ = wire.pair()
    return Supervisor(ends[1], {}, lambda: table.rows, PipeReader(announcements), lambda: dict(table.by_cluster))


@pytest.fixture
def emitted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What is sent as observations."""
    sent: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(probe, "emit", lambda kind, payload: sent.append((kind, payload)))
    return sent


@pytest.fixture
def handlers() -> Iterator[None]:
    """The signal handlers of this process come back afterwards."""
    before = signal.getsignal(signal.SIGCHLD)
    yield
    os.close(signal.set_wakeup_fd(-1))
    signal.signal(signal.SIGCHLD, before)


def said(host: socket) -> Any:
    message, _ = wire.receive(host) or (None, [])
    return message


def child(exits_with: int = 0, killed_by: signal.Signals | None = None) -> int:
    """A child that has ended and was not reaped."""
    if (pid := os.fork()) == 0:
        if killed_by:
            os.kill(os.getpid(), killed_by)
        os._exit(exits_with)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return pid


def test_it_is_told_to_end(own: Supervisor, host: socket) -> None:
    wire.send(host, {"do": "end"})
    assert own.hear() is False


def test_it_ends_when_its_host_is_gone(own: Supervisor, host: socket) -> None:
    host.close()
    assert own.hear() is False


@pytest.mark.parametrize(("rows", "waiting"), [(QUEUED, 2), (EMPTY, 0), (None, None)])
def test_it_counts_the_rows_that_wait(
    own: Supervisor, host: socket, table: Table, rows: dict[str, Any] | None, waiting: int | None
) -> None:
    table.rows = rows
    wire.send(host, {"do": "count"})
    assert own.hear()
    assert said(host) == {"waiting": waiting}


@pytest.mark.parametrize(
    ("rows", "even_if_waiting", "idle"),
    [(EMPTY, False, True), (QUEUED, False, False), (QUEUED, True, True), (None, False, False), (None, True, True)],
)
def test_a_lab_is_idle_when_nothing_waits_or_nothing_is_waited_for(
    own: Supervisor,
    host: socket,
    table: Table,
    emitted: list[tuple[str, dict[str, Any]]],
    rows: dict[str, Any] | None,
    even_if_waiting: bool,
    idle: bool,
) -> None:
    table.rows = rows
    wire.send(host, {"do": "look", "even_if_waiting": even_if_waiting})
    assert own.hear()
    assert said(host) == {"idle": idle}
    waiting = rows["OrmQ"]["count"] if rows else None
    left = {"left": "2 rows left"} if rows == QUEUED else {}
    assert emitted == ([("idle", {"rows": rows, "waiting": waiting, **left})] if idle else [])


def test_rows_of_clusters_that_nobody_runs_are_not_due(
    own: Supervisor, host: socket, table: Table, emitted: list[tuple[str, dict[str, Any]]]
) -> None:
    table.rows, table.by_cluster = QUEUED, {"long": 2}
    for order in ({"do": "count"}, {"do": "look", "even_if_waiting": False}):
        wire.send(host, order)
        assert own.hear()
    left = "2 rows left, for cluster long"
    assert (said(host), said(host)) == ({"waiting": 0}, {"idle": True, "left": left})
    assert emitted == [("idle", {"rows": QUEUED, "waiting": 2, "left": left})]


@pytest.mark.parametrize("action", actions.BY_THE_SUPERVISOR)
def test_an_action_is_done_to_the_process_that_it_is_for(
    own: Supervisor, host: socket, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    done: list[int] = []
    target, _ = actions.BY_THE_SUPERVISOR[action]
    monkeypatch.setattr(actions, "BY_THE_SUPERVISOR", {action: (target, done.append)})
    own.children = {71: Lane.CALLER, 72: Lane.CLUSTER}
    wire.send(host, {"do": action})
    assert own.hear()
    assert done == [71 if action == "kill-caller" else 72]


def test_an_action_that_comes_when_the_cluster_has_ended_does_nothing(own: Supervisor, host: socket) -> None:
    wire.send(host, {"do": "stop"})
    assert own.hear()


def test_the_host_is_told_which_of_its_processes_have_ended(
    own: Supervisor, host: socket, emitted: list[tuple[str, dict[str, Any]]]
) -> None:
    own.children = {child(): Lane.CALLER}
    own.reap()
    assert said(host) == {"gone": "caller"}
    assert own.children == {}
    assert emitted == []


def test_a_death_is_an_event_before_the_host_is_told(
    own: Supervisor, host: socket, emitted: list[tuple[str, dict[str, Any]]]
) -> None:
    pid = child(killed_by=signal.SIGKILL)
    own.children = {pid: Lane.CLUSTER}
    own.reap()
    payload = {"process": "cluster", "died_pid": pid, "signal": "SIGKILL", "exitcode": None}
    assert emitted == [("died", payload)]
    assert said(host) == {"gone": "cluster"}


def test_the_death_of_an_orphan_is_an_event_whose_lane_the_host_fills_in(
    own: Supervisor, emitted: list[tuple[str, dict[str, Any]]]
) -> None:
    pid = child(exits_with=3)
    own.reap()
    assert emitted == [("died", {"process": "", "died_pid": pid, "signal": None, "exitcode": 3})]


@pytest.mark.usefixtures("handlers")
def test_deaths_wake_it_up() -> None:
    deaths = wake_at_deaths()
    assert wire.readable([deaths], 0) == []
    os.waitpid(child(), 0)
    assert soon(lambda: wire.readable([deaths], 0)) == [deaths]
    os.close(deaths)


@pytest.mark.usefixtures("handlers")
def test_it_reports_who_had_died_before_it_began_and_serves_its_host_until_that_ends_the_lab(
    own: Supervisor, host: socket
) -> None:
    own.children = {child(): Lane.CALLER}
    wire.send(host, {"do": "count"})
    wire.send(host, {"do": "end"})
    own.supervise()
    assert said(host) == {"gone": "caller"}
    assert said(host) == {"waiting": 0}
