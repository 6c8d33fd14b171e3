from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from tests.labs.host.endings import run_and
from tests.labs.observed import descriptors, lab, lives, of, outcome
from tests.observations import CALLER
from tutor.labs.host.inbox import FromSupervisor, Inbox, LabSockets, Question, Settled, UnreadableMessage
from tutor.labs.host.lab_host import Lab, LabHost
from tutor.protocol import wire
from tutor.protocol.gates import Gate
from tutor.protocol.limits import Limits
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

SENT = {"seq": 1, "pid": CALLER, "lane": "caller", "at": 1, "kind": "spawned", "payload": {}}
ASKED = {"kind": "started", "lane": "worker", "pid": 1, "payload": {}, "in_transaction": False}
SOON = 0.05


@pytest.fixture
def ends() -> Iterator[tuple[Inbox, LabSockets]]:
    """The host's inbox, and the sockets that a lab would have."""
    own, theirs = zip(*(wire.pair() for _ in range(3)), strict=True)
    inbox, sockets = Inbox(LabSockets(*own)), LabSockets(*theirs)
    yield inbox, sockets
    inbox.close()
    sockets.close()


def test_a_lab_that_has_met_a_limit_keeps_nothing_of_what_still_comes(
    ends: tuple[Inbox, LabSockets], tmp_path: Path
) -> None:
    inbox, theirs = ends
    held = Lab(lab("", limits=Limits(events=1)), tmp_path, 0, inbox.sockets, lambda *_: None)
    for _ in range(2):
        wire.send(theirs.observations, SENT)
        wire.send(theirs.observations, SENT)
        held.drain()
    assert len(held.batch) == 1
    assert not held.inbox.has_observation()


def ask(end: socket, question: Any) -> None:
    mine, theirs = wire.pair()
    with mine, theirs:
        wire.send(end, question, [theirs.fileno()])


def test_observations_are_read_before_questions_and_these_before_messages_of_the_supervisor(
    ends: tuple[Inbox, LabSockets],
) -> None:
    """A question may be about what was observed just before, and an answer of the supervisor follows from both."""
    inbox, theirs = ends
    wire.send(theirs.lifeline, {"idle": True})
    ask(theirs.questions, ASKED)
    wire.send(theirs.questions, {"settled": "a"})
    wire.send(theirs.observations, SENT)
    observation, question, *rest = [inbox.receive(SOON) for _ in range(4)]
    assert observation == Observation.from_json(SENT)
    assert isinstance(question, Question)
    assert question.content == ASKED
    assert rest == [Settled("a"), FromSupervisor({"idle": True})]
    assert inbox.receive(0.0) is None


def test_a_batch_ends_when_nothing_more_comes(ends: tuple[Inbox, LabSockets]) -> None:
    inbox, theirs = ends
    for _ in range(3):
        wire.send(theirs.observations, SENT)
    assert len(list(inbox.messages(SOON))) == 3
    assert list(inbox.messages(0.0)) == []


def test_an_inbox_that_waits_can_be_woken_from_another_thread(ends: tuple[Inbox, LabSockets]) -> None:
    inbox, _ = ends
    began = time.monotonic()
    threading.Timer(SOON, inbox.wake).start()
    assert list(inbox.messages(20.0)) == []
    assert time.monotonic() - began < 10.0


def test_a_supervisor_that_is_gone_is_a_message(ends: tuple[Inbox, LabSockets]) -> None:
    inbox, theirs = ends
    theirs.lifeline.close()
    assert inbox.receive(SOON) == FromSupervisor(None)


def test_processes_that_are_gone_are_not_waited_for_in_a_loop(ends: tuple[Inbox, LabSockets]) -> None:
    inbox, theirs = ends
    theirs.observations.close()
    theirs.questions.close()
    assert inbox.receive(SOON) is None
    assert inbox.open == []
    assert list(inbox.drain()) == []
    wire.send(theirs.lifeline, {"gone": "cluster"})
    assert inbox.receive(SOON) == FromSupervisor({"gone": "cluster"})


@pytest.mark.parametrize("sent", [{}, [], {**SENT, "more": 1}, {**SENT, "pid": "1"}, "text"])
def test_an_observation_that_no_probe_would_send_cannot_be_read(ends: tuple[Inbox, LabSockets], sent: Any) -> None:
    inbox, theirs = ends
    wire.send(theirs.observations, sent)
    with pytest.raises(UnreadableMessage, match="cannot be read"):
        list(inbox.messages(SOON))


def test_a_question_without_a_socket_for_its_answer_cannot_be_read(ends: tuple[Inbox, LabSockets]) -> None:
    inbox, theirs = ends
    wire.send(theirs.questions, ASKED)
    with pytest.raises(UnreadableMessage):
        inbox.receive(SOON)


def test_a_descriptor_that_comes_with_what_cannot_be_read_is_closed(ends: tuple[Inbox, LabSockets]) -> None:
    inbox, theirs = ends
    before = descriptors()
    ask(theirs.questions, 3)
    with pytest.raises(UnreadableMessage):
        inbox.receive(SOON)
    assert descriptors() == before


def test_draining_skips_what_cannot_be_read(ends: tuple[Inbox, LabSockets]) -> None:
    inbox, theirs = ends
    for each in (SENT, {}, SENT):
        wire.send(theirs.observations, each)
    assert len(list(inbox.drain())) == 2


def test_a_bounded_number_of_messages_is_drained_or_discarded_at_once(
    ends: tuple[Inbox, LabSockets], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise processes that send without end would keep the host."""
    monkeypatch.setattr("tutor.labs.host.inbox.DRAINED", 3)
    inbox, theirs = ends
    for number in range(1, 11):
        wire.send(theirs.observations, {**SENT, "seq": number} if number % 2 else {})
    assert [each.seq for each in inbox.drain()] == [1, 3]
    inbox.discard()
    assert [each.seq for each in inbox.drain()] == [7, 9]


def test_a_program_that_writes_garbage_to_the_labs_sockets_ends_its_own_run_alone(host: LabHost) -> None:
    program = """
    import os, socket
    for name in os.listdir("/proc/self/fd"):
        try:
            socket.socket(fileno=int(name)).send(b"{garbage")
        except OSError:
            pass
    import time
    time.sleep(20)
    """
    seen = run_and(host, lab(program), "ready", lambda *_: None)
    assert outcome(seen) == "stopped"
    assert "cannot be read" in seen[-1].payload["reason"]


@pytest.mark.parametrize(
    "sent",
    [
        '{"seq": 1, "pid": 1, "lane": "caller", "at": 1, "kind": "queued", "payload": {}}',
        '{"seq": 1, "pid": 1, "lane": "caller", "at": 1, "kind": "died", "payload": {"process": "worker"}}',
        '{"seq": 1, "pid": 1, "lane": "caller", "at": 1, "kind": "line", "payload": []}',
        '{"seq": 1, "pid": [], "lane": "caller", "at": 1, "kind": "line", "payload": {}}',
        '{"kind": "line", "lane": "caller", "payload": [], "in_transaction": false}',
        "[1, 2]",
        "[" * 30_000,
    ],
    ids=["no ack", "no pid", "a list for a payload", "a list for a pid", "a list asked about", "a list", "depth"],
)
def test_json_that_no_probe_would_send_ends_the_run_that_sent_it(host: LabHost, sent: str) -> None:
    """Whatever it is, and whichever of the lab's sockets it comes through."""
    program = f"""
    import os, socket, time
    for name in os.listdir("/proc/self/fd"):
        try:
            socket.send_fds(socket.socket(fileno=int(name)), [{sent!r}.encode()], [0, 0])
        except OSError:
            pass
    time.sleep(20)
    """
    spec = lab(program, gates=(Gate("never", When("line", where={"line": 99}), When("line")),))
    host.warm_up(spec)
    before = descriptors()
    seen = run_and(host, spec, "ready", lambda *_: None)
    assert outcome(seen) == "stopped"
    assert "cannot be read" in seen[-1].payload["reason"]
    assert all(each.payload for each in of(seen, "queued") + of(seen, "died"))
    assert descriptors() == before


def test_a_program_that_passes_descriptors_to_the_host_leaves_none_there(host: LabHost) -> None:
    program = """
    import os
    from tutor.labs.inside.observe.probe import probe
    from tutor.protocol import wire
    seen = {"seq": 1, "pid": os.getpid(), "lane": "caller", "at": 1, "kind": "printed", "payload": {"text": "here"}}
    wire.send(probe.observations, seen, [0, 0, 0, 0])
    wire.send(probe.questions, {"settled": "nothing"}, [0, 0, 0, 0])
    """
    host.warm_up(lab(program))
    before = descriptors()
    seen = run_and(host, lab(program), "printed", lambda *_: None)
    assert "isn't a socket" in seen[-1].payload["reason"]
    assert descriptors() == before


def test_a_program_that_leaves_no_room_for_the_hosts_answer_does_not_block_the_host(host: LabHost) -> None:
    program = """
    import socket
    import time
    from tutor.labs.inside.observe.probe import probe
    from tutor.protocol import wire
    mine, theirs = wire.pair()
    try:
        while True:
            theirs.send(b"full", socket.MSG_DONTWAIT)
    except BlockingIOError:
        question = {"kind": "line", "lane": "caller", "pid": 1, "payload": {}, "in_transaction": False}
        wire.send(probe.questions, question, [theirs.fileno()])
    print("asked")
    time.sleep(20)
    """

    def do(printed: Observation, opened: Lab, _: list[Observation]) -> None:
        assert lives(printed.pid)
        opened.stop("The host goes on.")

    seen = run_and(host, lab(program), "printed", do)
    assert seen[-1].payload["reason"] == "The host goes on."
