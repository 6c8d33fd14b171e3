from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.live.browser_state import BrowserState

VALID = {"step": 3, "follow": True, "made": 5, "ended": False, "place": 2, "edition": "1f-2e", "line": 9, "room": "3d"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text() | st.sampled_from(list(VALID)), values),
)


def test_a_message_has_these_values() -> None:
    state = BrowserState(3, True, 5, False, 2, "1f-2e", 9, "3d")
    assert BrowserState.from_message(json.dumps(VALID)) == state
    assert BrowserState.from_message(json.dumps({**VALID, "of a later build": 1})) == state


def test_a_page_of_an_earlier_build_does_not_know_its_place_and_edition() -> None:
    earlier = {name: VALID[name] for name in ("step", "follow", "made", "ended")}
    assert BrowserState.from_message(json.dumps(earlier)) == BrowserState(3, True, 5, False, None, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "3"},
        {"step": -1},
        {"step": True},
        {"step": 1.0},
        {"follow": 1},
        {"made": None},
        {"ended": "no"},
        {"place": False},
        {"place": ""},
        {"edition": None},
        {"line": None},
        {"edition": "x" * 101},
        {"edition": "\ud800"},
        {"room": 1},
        {"room": "x" * 101},
    ],
)
def test_a_value_of_another_type_is_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be (whole|true|texts)"):
        BrowserState.from_message(json.dumps({**VALID, **wrong}))


@pytest.mark.parametrize("text", [None, "", "{", "null", "[]", '"step"', '{"step": 1}', "[" * 16_000])
def test_a_text_that_is_no_state_is_an_error(text: str | None) -> None:
    with pytest.raises(ValueError, match="step, follow, made and ended"):
        BrowserState.from_message(text)


@given(JSON)
def test_any_json_is_a_state_or_a_value_error(data: Any) -> None:
    try:
        state = BrowserState.from_message(json.dumps(data))
    except ValueError:
        return
    assert state.step >= 0
