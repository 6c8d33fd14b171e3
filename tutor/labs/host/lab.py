"""One lab as its host sees it: what comes out of it, what it is told, and its end."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from socket import socket
from typing import Any

from tutor.protocol import wire
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import BATCH_S
from tutor.protocol.observation import Observation

from .breakpoints import Breakpoints
from .completion import Completion
from .sweep import end_lab
from .usage import Usage

UNREADABLE = (ValueError, TypeError, LookupError, RecursionError, wire.CutDatagram)
"""What reading raises, and looking into what was read, where no probe has sent it."""
Ending = tuple[str, str]
"""How a run ended: outcome and reason."""


class Lab:
    """A lab at work: iterate over it for its observations, in batches of a few milliseconds, until it has ended.

    The last batch ends with the host's own observation `ended`. A context manager: leaving it ends the lab, whatever
    its state, and leaves no process and no folder.
    """

    def __init__(
        self,
        spec: LabSpec,
        folder: Path,
        supervisor: int,
        observations: socket,
        asks: socket,
        lifeline: socket,
        *,
        began: float,
        release: Callable[[], None],
    ) -> None:
        self.spec, self.folder, self.supervisor, self.began = spec, folder, supervisor, began
        self.observations, self.asks, self.lifeline = observations, asks, lifeline
        self.release = release
        self.completion = Completion(spec.deliveries)
        self.breakpoints = Breakpoints(spec)
        self.usage = Usage(spec.limits, supervisor, folder)
        self.silent = False
        """Whether no process is left that could send something."""
        self.seq = 0
        self.batch: list[Observation] = []
        self.asked_to_stop = ""
        self.wake_out, self.wake_in = os.pipe()
        self.closing = threading.Lock()
        self.closed = False

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def stop(self, reason: str) -> None:
        """Let the lab end as soon as it can, saying why; from any thread."""
        with self.closing:
            if not self.closed:
                self.asked_to_stop = reason
                os.write(self.wake_in, b".")

    def __iter__(self) -> Iterator[list[Observation]]:
        ending = None
        while ending is None:
            self.collect(self.patience())
            ending = self.ending()
            if self.batch:
                batch, self.batch = self.batch, []
                yield batch
        self.close()
        self.tell("ended", {"outcome": ending[0], "reason": ending[1]})
        yield self.batch

    def collect(self, patience: float) -> None:
        """Wait up to `patience` seconds for something, then take what comes within a batch's time."""
        until = time.monotonic() + patience
        began = False
        observations, asks, wake = self.observations.fileno(), self.asks.fileno(), self.wake_out
        while (left := until - time.monotonic()) > 0 or not began:
            heard = [observations, asks] if not self.silent else []
            readable = wire.readable([*heard, self.lifeline.fileno(), wake], max(0.0, left))
            if not readable:
                return
            if wake in readable:
                return
            try:
                if observations in readable:
                    self.observe()  # What was sent before a question or the supervisor's word is read before it.
                elif asks in readable:
                    self.be_asked()
                elif not self.hear():
                    return
            except UNREADABLE as error:
                self.asked_to_stop = f"A process of the lab sent what cannot be read: {error}"
                return
            self.answer_and_look()
            if not began:
                began, until = True, min(until, time.monotonic() + BATCH_S)

    def observe(self) -> None:
        """Take the next observation. Who dies while the lab is being taken down is no death of the run."""
        if (received := wire.receive(self.observations)) is None:
            self.silent = True
            return
        seen = Observation.from_json(received[0])
        if seen.kind == "died" and (self.closed or not self.completion.name_the_dead(seen.payload)):
            return
        self.completion.see(seen)
        self.breakpoints.see(seen)
        self.usage.count(seen)
        self.batch.append(seen)

    def be_asked(self) -> None:
        """Take a question, or the word that a result is settled."""
        said, descriptors = wire.receive(self.asks, 1) or ({}, [])
        ends = list(map(wire.as_socket, descriptors))
        if "settled" in said:
            self.completion.settle(said["settled"])
        elif said:
            self.breakpoints.ask(said, ends[0])

    def say(self, order: dict[str, Any]) -> None:
        """Tell the supervisor something; if that is gone the run ends with it."""
        try:
            wire.send(self.lifeline, order)
        except OSError:
            self.completion.supervisor_gone = True

    def hear(self) -> bool:
        """Take what the supervisor says; False if it is gone."""
        said = wire.receive(self.lifeline)
        if said is None:
            self.completion.supervisor_gone = True
            return False
        self.completion.hear(said[0])
        return True

    def answer_and_look(self) -> None:
        """Answer whoever asked and can go on; do to the cluster what is wanted; look if all is over."""
        for order in self.breakpoints.due():
            told = {"action": order["do"], "event": order["event"], "count": order["count"]}
            self.breakpoints.see(self.tell("intervened", told))
            self.completion.see_intervention(order["do"])
            self.say({"do": order["do"]})
        self.breakpoints.answer()
        if (question := self.completion.question()) is not None:
            self.say(question)

    def patience(self) -> float:
        """Seconds until something has to be done even if nothing comes."""
        return max(0.001, min(self.usage.due_in(), self.breakpoints.due_in(), self.completion.due_in()))

    def ending(self) -> Ending | None:
        """How the lab ends, if it does now; tells of a limit or gate that is the reason."""
        if self.asked_to_stop:
            return "stopped", self.asked_to_stop
        if gate := self.breakpoints.expired():
            self.tell("gate_expired", {"name": gate.name, "bound_s": gate.bound_s})
            return "stopped", f"The gate “{gate.name}” was not opened within {gate.bound_s:g} s."
        if self.completion.supervisor_gone:
            return "lost", "The lab's own first process died, and the lab with it."
        if self.completion.over:
            return "lost", self.completion.loss()
        if self.completion.idle:
            return self.completion.outcome()
        if met := self.usage.met():
            self.tell("limit", met)
            return "stopped", f"It met its limit of {met['value']:g} {met['unit']} ({met['limit']})."
        self.answer_and_look()
        return None

    def tell(self, kind: str, payload: dict[str, Any]) -> Observation:
        """Add an observation of the host's own."""
        self.seq += 1
        told = Observation(self.seq, os.getpid(), "host", time.monotonic_ns(), kind, payload)
        self.batch.append(told)
        return told

    def close(self) -> None:
        """End every process of the lab and remove its folder; what was sent before is still taken. Idempotent."""
        with self.closing:
            if self.closed:
                return
            self.closed = True
        if not end_lab(self.lifeline, self.supervisor, self.drain):
            self.usage.kill_known()
        self.drain()
        for end in (self.observations, self.asks, self.lifeline):
            end.close()
        self.breakpoints.close()
        os.close(self.wake_in)
        os.close(self.wake_out)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.release()

    def drain(self) -> None:
        """Take the observations that are there."""
        while not self.silent and wire.readable([self.observations.fileno()], 0):
            with suppress(*UNREADABLE):
                self.observe()
