from __future__ import annotations

import pytest

from tutor.checking.intervention_syntax import parse_intervention
from tutor.protocol.interventions import Intervention
from tutor.protocol.when import When


@pytest.mark.parametrize(
    ("text", "intervention"),
    [
        ("started=kill", Intervention(When("started"), "kill")),
        ("started:2=slow:1.5", Intervention(When("started", count=2), "slow", 1.5)),
        ("picked=half-minute", Intervention(When("picked"), "half-minute")),
    ],
)
def test_an_intervention_is_an_event_with_its_count_and_an_action(text: str, intervention: Intervention) -> None:
    assert parse_intervention(text) == intervention


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("started", r"write EVENT\[:COUNT\]=ACTION"),
        ("started:one=kill", r"write EVENT\[:COUNT\]=ACTION"),
        ("nothing=stop", 'unknown event "nothing"'),
        ("started:0=kill", "count"),
        ("started=explode", "explode"),
        ("started=slow:99", "seconds"),
    ],
)
def test_a_text_that_is_no_intervention_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_intervention(text)
