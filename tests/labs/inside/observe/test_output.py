from __future__ import annotations

import sys

import pytest

from tutor.labs.inside.observe.output import printing, replace_streams
from tutor.labs.inside.observe.probe import probe
from tutor.protocol.limits import Limits


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the events `printed`."""
    sent: list[str] = []
    monkeypatch.setattr(probe, "emit", lambda kind, payload: sent.append(payload["text"]))
    monkeypatch.setattr(probe, "limits", Limits(value_characters=10))
    return sent


def test_a_line_is_an_event_when_it_is_complete(sent: list[str]) -> None:
    stream = printing("stdout", "strict")
    print("one", end="", file=stream)
    assert sent == []
    print(" two", file=stream)
    assert sent == ["one two\n"]


def test_lines_that_are_written_together_are_one_event(sent: list[str]) -> None:
    stream = printing("stdout", "strict")
    stream.write("a\nb\nc")
    assert sent == ["a\nb\n"]


def test_a_line_without_end_is_sent_when_it_is_flushed_or_too_long(sent: list[str]) -> None:
    stream = printing("stdout", "strict")
    stream.write("half")
    stream.flush()
    stream.flush()
    stream.write("x" * 11)
    assert sent == ["half", "xxxxxxxxx…"]


def test_bytes_are_sent_as_text_even_if_they_are_none(sent: list[str]) -> None:
    stream = printing("stdout", "strict")
    assert stream.buffer.write("ü\n".encode()) == 3
    assert stream.buffer.write(memoryview(b"\xff\n")) == 2
    assert sent == ["ü\n", "�\n"]


def test_text_that_cannot_be_encoded_is_an_error_as_in_python() -> None:
    with pytest.raises(UnicodeEncodeError):
        print("\udcff", file=printing("stdout", "strict"))


def test_standard_error_shows_text_that_cannot_be_encoded_as_in_python(
    sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
        monkeypatch.setattr(sys, f"__{name}__", getattr(sys, f"__{name}__"))
    replace_streams()
    print("\udcff", file=sys.stderr)
    assert sent == ["\\udcff\n"]


def test_a_stream_that_is_closed_cannot_be_written_to(sent: list[str]) -> None:
    stream = printing("stdout", "strict")
    stream.write("half")
    stream.close()
    assert sent == ["half"]
    with pytest.raises(ValueError, match="closed file"):
        stream.write("more")
