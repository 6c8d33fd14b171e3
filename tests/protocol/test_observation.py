from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tutor.protocol.observation import Observation

SENT = Observation(1, 70, "caller", 2_000_000, "line", {"line": 1})


def test_an_observation_is_read_as_it_was_sent() -> None:
    assert Observation.from_json(asdict(SENT)) == SENT


@pytest.mark.parametrize(
    "wrong", [{"seq": "1"}, {"pid": []}, {"lane": 1}, {"at": None}, {"kind": {}}, {"payload": []}, {"more": 1}]
)
def test_an_observation_with_other_fields_or_values_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Observation.from_json({**asdict(SENT), **wrong})
