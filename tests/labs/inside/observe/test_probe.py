"""A probe without a lab: it has sockets to a host, and a host answers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from socket import socket
from typing import Any

import pytest

from tutor.labs.inside.observe.probe import Probe
from tutor.protocol import wire
from tutor.protocol.lanes import Lane
from tutor.protocol.limits import Limits
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

KILL = When("started", "worker", where={"func": "math.sqrt"})
STARTED = {"func": "math.sqrt", "args": "(4,)", "rows": {"OrmQ": {"count": 0, "rows": []}}}


class Host:
    """The other end of a probe: it reads what is sent, and answers each question with `orders`."""

    def __init__(self) -> None:
        self.observations, self.theirs = wire.pair()
        self.questions, self.asking = wire.pair()
        self.asked: list[Any] = []
        self.done: list[float] = []
        self.orders: list[dict[str, Any]] = []
        self.has_to_wait = False

    def probe(self, *breakpoints: When) -> Probe:
        probe = Probe()
        probe.connect(self.theirs, self.asking, Limits(), breakpoints, {"slow": self.done.append})
        probe.enter(Lane.WORKER)
        return probe

    def sent(self) -> list[Observation]:
        """The observations that have been sent since the last look."""
        found = []
        while wire.readable([self.observations.fileno()], 0):
            received = wire.receive(self.observations)
            assert received
            found.append(Observation.from_json(received[0]))
        return found

    def answer(self) -> None:
        """Answer the next question."""
        question, (end,) = wire.receive(self.questions, 1) or (None, [0])
        self.asked.append(question)
        with socket(fileno=end) as asker:
            if self.has_to_wait:
                wire.send(asker, [{"do": "wait", "name": "later"}])
            wire.send(asker, self.orders)

    def close(self) -> None:
        for end in (self.observations, self.theirs, self.questions, self.asking):
            end.close()


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


def test_an_observation_says_which_process_saw_it_and_when(host: Host) -> None:
    probe = host.probe()
    before = time.monotonic_ns()
    probe.emit("spawned", {})
    probe.emit("queued", {"task": "1"}, at=before)
    first, second = host.sent()
    assert (first.seq, first.pid, first.lane, first.kind, first.payload) == (1, os.getpid(), "worker", "spawned", {})
    assert first.at >= before
    assert (second.seq, second.at, second.payload) == (2, before, {"task": "1"})


def test_a_probe_that_is_not_connected_sends_nothing() -> None:
    Probe().emit("spawned", {})


def test_a_fork_counts_from_one_and_forgets_what_the_other_one_read(host: Host) -> None:
    probe = host.probe()
    probe.emit("spawned", {})
    probe.rows_read.append(("1", 1))
    probe.forked()
    probe.emit("spawned", {})
    assert [(each.seq, each.payload) for each in host.sent()] == [(1, {}), (1, {})]


def test_tables_that_were_saved_to_come_once_with_the_next_observation(host: Host) -> None:
    probe = host.probe()
    probe.tables_saved += ["Chair", "Order", "Chair"]
    probe.emit("printed", {"text": "a"})
    probe.emit("printed", {"text": "b"})
    assert [each.payload.get("saved") for each in host.sent()] == [["Chair", "Order"], None]


def test_rows_that_were_read_come_once_with_the_next_observation(host: Host) -> None:
    probe = host.probe()
    probe.rows_read += [("1", 1), ("1", 1), ("2", 2)]
    probe.emit("printed", {"text": "a"})
    probe.emit("printed", {"text": "b"})
    assert [each.payload.get("read") for each in host.sent()] == [[["1", 1], ["2", 2]], None]


def test_an_observation_that_had_to_wait_is_followed_by_one_that_says_so(host: Host) -> None:
    probe = host.probe()
    reading = threading.Timer(0.2, host.sent)
    reading.start()
    text = {"text": "x" * 1000}
    while not probe.blocked_ns:
        probe.emit("printed", text)
    reading.join()
    host.sent()
    probe.emit("printed", text)
    probe.emit("printed", text)
    after, later = host.sent()
    assert after.payload["blocked_ns"] > 0
    assert "blocked_ns" not in later.payload


def test_an_observation_that_is_too_long_is_sent_with_shorter_texts(host: Host) -> None:
    host.probe().emit("program_ended", {"locals": {f"name_{n}": "é" * 1500 for n in range(40)}})
    (sent,) = host.sent()
    assert len(sent.payload["locals"]) == 40
    assert all(text.endswith("é…") for text in sent.payload["locals"].values())


def test_an_observation_that_no_shorter_texts_make_fit_is_sent_without_its_nested_values(host: Host) -> None:
    host.probe().emit("program_ended", {"error": "e" * 99, "locals": {f"name_{n}": "é" for n in range(10_000)}})
    (sent,) = host.sent()
    assert (sent.kind, sent.payload) == ("program_ended", {"error": "eeeeeeeee…"})


def test_a_name_that_is_too_long_is_shortened_like_a_text(host: Host) -> None:
    host.probe().emit("line", {"line": 1, "locals": {"n" * 33_000: "1", "x": "2"}})
    (sent,) = host.sent()
    assert sent.payload == {"line": 1, "locals": {f"{'n' * 399}…": "1", "x": "2"}}


def test_a_breakpoint_is_where_the_host_is_asked_what_to_do(host: Host) -> None:
    probe = host.probe(KILL)
    host.orders = [{"do": "go", "name": "later"}, {"do": "slow", "event": "started", "count": 1, "seconds": 0.5}]
    answering = threading.Thread(target=host.answer)
    answering.start()
    probe.emit("started", STARTED)
    answering.join()
    assert host.asked == [
        {
            "kind": "started",
            "lane": "worker",
            "pid": os.getpid(),
            "payload": {"func": "math.sqrt", "args": "(4,)"},
            "in_transaction": False,
        }
    ]
    started, gate, intervened = host.sent()
    assert (started.kind, gate.kind, intervened.kind) == ("started", "gate", "intervened")
    assert gate.payload["name"] == "later"
    assert gate.payload["waited_ns"] > 0
    assert intervened.payload == {"action": "slow", "event": "started", "count": 1, "seconds": 0.5}
    assert host.done == [0.5]


def test_a_process_says_that_it_waits_at_a_gate_before_it_goes_on(host: Host) -> None:
    probe = host.probe(KILL)
    host.has_to_wait, host.orders = True, [{"do": "go", "name": "later"}]
    answering = threading.Thread(target=host.answer)
    answering.start()
    probe.emit("started", {**STARTED, "task": "t1"})
    answering.join()
    _, reached, passed = host.sent()
    assert (reached.kind, reached.payload) == ("gate_reached", {"task": "t1", "name": "later"})
    assert (passed.kind, passed.payload["name"]) == ("gate", "later")


def test_a_gate_that_would_hold_a_transaction_open_is_ignored_with_a_warning(host: Host) -> None:
    probe = host.probe(KILL)
    host.orders = [{"do": "pass", "name": "later"}]
    answering = threading.Thread(target=host.answer)
    answering.start()
    probe.emit("started", STARTED)
    answering.join()
    _, logged = host.sent()
    assert (logged.kind, logged.payload["level"]) == ("logged", "WARNING")


def test_nobody_is_asked_at_a_breakpoint_that_is_over(host: Host) -> None:
    probe = host.probe(KILL, When("returned"))
    host.orders = [{"do": "forget", "breakpoints": [0]}]
    answering = threading.Thread(target=host.answer)
    answering.start()
    probe.emit("started", STARTED)
    answering.join()
    probe.emit("started", STARTED)
    assert wire.readable([host.questions.fileno()], 0) == []
    assert probe.breakpoints == {1: When("returned")}


@pytest.mark.parametrize(
    ("kind", "payload"), [("started", {"func": "math.fmod"}), ("finished", {"func": "math.sqrt"}), ("spawned", {})]
)
def test_nobody_is_asked_elsewhere(host: Host, kind: str, payload: dict[str, Any]) -> None:
    host.probe(KILL, When("finished")).emit(kind, payload)
    assert wire.readable([host.questions.fileno()], 0) == []


def test_a_result_is_settled_without_an_event(host: Host) -> None:
    host.probe().settle("2be8b4c0")
    assert wire.receive(host.questions) == ({"settled": "2be8b4c0"}, [])
    assert host.sent() == []


def test_a_process_ends_when_its_host_is_gone(host: Host) -> None:
    probe = host.probe()
    host.observations.close()
    if (pid := os.fork()) == 0:
        probe.emit("spawned", {})
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
