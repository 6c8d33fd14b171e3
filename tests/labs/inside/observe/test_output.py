from __future__ import annotations

import pytest

from tutor.labs.inside.observe.output import Printed
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
    stream = Printed("stdout")
    print("one", end="", file=stream)
    assert sent == []
    print(" two", file=stream)
    assert sent == ["one two\n"]


def test_lines_that_are_written_together_are_one_event(sent: list[str]) -> None:
    stream = Printed("stdout")
    stream.write("a\nb\nc")
    assert sent == ["a\nb\n"]


def test_a_line_without_end_is_sent_when_it_is_flushed_or_too_long(sent: list[str]) -> None:
    stream = Printed("stdout")
    stream.write("half")
    stream.flush()
    stream.flush()
    stream.write("x" * 11)
    assert sent == ["half", "xxxxxxxxx…"]
