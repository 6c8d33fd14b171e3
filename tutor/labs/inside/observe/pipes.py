"""The pipes behind a process's standard output and error, for what doesn't go through Python's own streams.

Subprocesses, `os.system` and C code write to descriptors 1 and 2. Every process of a lab has a pipe for each. It reads
them before it sends an observation, so that what was written earlier also comes earlier. The supervisor reads them the
rest of the time: a writer never waits for long, and what a process writes just before it dies is not lost. A lock lets
only one of the two read and send at a time.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from tutor.protocol import wire

STREAMS = {"stdout": 1, "stderr": 2}
"""Name → descriptor."""
READ_BYTES = 64 * 1024
"""Maximum number of bytes that are read from a pipe at a time, so that a flood doesn't keep its reader."""
REST_S = 0.005
"""Maximum seconds to wait for the rest of a character of which only the first bytes have been written."""
TASK_BYTES = 64


class Pipes:
    """The pipes of one process, in that process or in the supervisor, and what both must know.

    `descriptors` are the pipe of each stream, in the order of `STREAMS`, and a file in memory with the id of the task
    that the process works on. The file also carries the lock, which the kernel releases when its holder dies.
    `divided` divides a text into those that fit into events.
    """

    def __init__(self, descriptors: Sequence[int], divided: Callable[[str], Iterator[str]]) -> None:
        self.descriptors, self.divided = descriptors, divided
        *pipes, self.file = descriptors
        self.streams = dict(zip(pipes, STREAMS, strict=True))
        """Descriptor → name of the stream, for the pipes that a process can still write to."""

    @classmethod
    def redirect(cls, divided: Callable[[str], Iterator[str]]) -> Self:
        """Let this process and the programs that it starts write to new pipes instead of descriptors 1 and 2."""
        return cls([*map(new_pipe, STREAMS.values()), os.memfd_create("task")], divided)

    @contextmanager
    def locked(self, *, wait: bool = True) -> Iterator[bool]:
        """Keep the other process from reading meanwhile; yield whether the lock is held. With `wait`, it always is."""
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.lockf(self.file, fcntl.LOCK_UN)

    def read(self) -> Iterator[dict[str, str]]:
        """Yield what has been written, as payloads of `printed` events. The lock must be held."""
        for pipe, stream in list(self.streams.items()):
            written = read_characters(pipe)
            if written == b"":
                del self.streams[pipe]
            if written:
                task = self.task()
                for text in self.divided(written.decode(errors="replace")):
                    yield {"stream": stream, "text": text, **({"task": task} if task else {})}

    def task(self) -> str:
        return os.pread(self.file, TASK_BYTES, 0).rstrip(b"\0").decode(errors="replace")

    def work_on(self, task: str) -> None:
        """Note the id of the task that the process works on, for what it writes from now on; empty for none."""
        os.pwrite(self.file, task.encode(errors="replace")[:TASK_BYTES].ljust(TASK_BYTES, b"\0"), 0)

    def close(self) -> None:
        wire.close_all(self.descriptors)


def new_pipe(descriptor: int) -> int:
    """Let `descriptor` write to a new pipe; return the end to read from."""
    out, into = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(out, False)
    os.dup2(into, descriptor)
    os.close(into)
    return out


def read_characters(pipe: int) -> bytes | None:
    """Return up to about `READ_BYTES` from `pipe`, ending with a whole character if its rest comes soon.

    Return b"" if nobody can write to it any more, and None if nothing has been written.
    """
    try:
        written = os.read(pipe, READ_BYTES)
        while ends_within_a_character(written) and wire.readable([pipe], REST_S) and (more := os.read(pipe, 3)):
            written += more
    except BlockingIOError:
        return None
    return written


def ends_within_a_character(text: bytes) -> bool:
    """Return whether the last bytes of `text` are the beginning of a character in UTF-8."""
    last = text[-3:]
    start = next((n for n in range(1, len(last) + 1) if last[-n] & 0b1100_0000 != 0b1000_0000), 0)
    return bool(start) and last[-start] >= (0b1100_0000, 0b1110_0000, 0b1111_0000)[start - 1]
