"""What runs and events contain comes back from the store as it was."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.runs.event_store import store
from tutor.runs.models import Event, Run

pytestmark = pytest.mark.django_db(transaction=True)
KNOBS = {"x": 1, "wait": True, "function": "math.sqrt", "y": -0.5}


def stored(run: Run, **payload: Any) -> Event:
    """Store an event as that of a lab; return it as it is read."""
    number = run.events.count() + 1
    store([Event(run=run, number=number, kind="asked", lane="host", pid=1, at=number, payload=payload)])
    return run.events.get(number=number)


def test_keys_keep_their_order(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(knobs=KNOBS)
    assert list(Run.objects.get(pk=run.pk).knobs) == list(KNOBS)
    assert list(stored(run, locals=KNOBS).payload["locals"]) == list(KNOBS)


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\udc00\ud800", "\uffff", '"', "\\u0000", "😀", ""])
def test_a_program_may_print_every_character(run: Run, text: str) -> None:
    assert stored(run, text=text).payload == {"text": text}
    others = [
        Event(run=run, number=2 + each, kind="line", lane="host", pid=1, at=9, payload={text: text}) for each in (0, 1)
    ]
    store(others)
    assert [each.payload for each in run.events.filter(number__gt=1)] == [{text: text}] * 2


@pytest.mark.parametrize("value", ["print(1)", "{", ""])
def test_a_key_is_read_as_it_was(run: Run, value: str) -> None:
    stored(run, program=value, number=3, none=None)
    found = run.events.values_list("payload__program", "payload__number", "payload__none", "payload__missing")
    assert list(found) == [(value, 3, None, None)]


def test_a_value_that_is_no_json_is_refused(run: Run) -> None:
    with pytest.raises(TypeError):
        stored(run, text=object())
