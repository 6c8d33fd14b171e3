from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tutor.labs.inside.observe.pipes import Pipes, read_characters
from tutor.protocol import wire


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    out, into = os.pipe()
    os.set_blocking(out, False)
    yield out, into
    os.close(out)
    os.close(into)


@pytest.fixture
def pipes(pipe: tuple[int, int]) -> Pipes:
    """Those of a process whose standard error nobody writes to any more."""
    other, into = os.pipe()
    os.close(into)
    return Pipes([pipe[0], other, os.memfd_create("task")], lambda text: iter([text]))


def test_what_was_written_belongs_to_the_task_that_was_worked_on(pipes: Pipes, pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b"before\n")
    assert list(pipes.read()) == [{"stream": "stdout", "text": "before\n"}]
    pipes.work_on("a")
    os.write(pipe[1], b"in it\n")
    assert list(pipes.read()) == [{"stream": "stdout", "text": "in it\n", "task": "a"}]
    pipes.work_on("")
    assert list(pipes.read()) == []


def test_a_stream_that_nobody_writes_to_is_forgotten(pipes: Pipes) -> None:
    list(pipes.read())
    assert list(pipes.streams.values()) == ["stdout"]


def test_one_process_reads_while_the_other_does_not(pipes: Pipes) -> None:
    with pipes.locked():
        if (pid := os.fork()) == 0:
            with pipes.locked(wait=False) as is_locked:
                os._exit(is_locked)
        assert os.waitpid(pid, 0)[1] == 0
    with pipes.locked(wait=False) as is_locked:
        assert is_locked


@pytest.mark.parametrize("text", ["ü", "€", "😀", "a", "a€"])
def test_a_character_whose_rest_is_written_while_its_reader_waits_is_read_whole(
    pipe: tuple[int, int], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, last = parts = [bytes([each]) for each in text.encode()]
    rest = iter([last])

    def waiting(*_: object) -> bool:
        os.write(pipe[1], next(rest))
        return True

    monkeypatch.setattr(wire, "readable", waiting)
    os.write(pipe[1], b"".join(parts[:-1]) or next(rest))
    assert read_characters(pipe[0]) == text.encode()


@pytest.mark.parametrize("written", [b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xff", b"\xbf\xbf\xbf\xbf"])
def test_half_a_character_does_not_keep_its_reader(pipe: tuple[int, int], written: bytes) -> None:
    os.write(pipe[1], written)
    assert read_characters(pipe[0]) == written
    assert read_characters(pipe[0]) is None
