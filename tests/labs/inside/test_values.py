from __future__ import annotations

from tests.labs.conftest import Run
from tests.labs.observed import lab, of, outcome, the
from tutor.protocol.limits import Limits


def test_a_long_value_is_cut_and_says_so(run: Run) -> None:
    seen = run(lab("value = 'x' * 100_000\nvalues = list(range(10_000))\nprint(value)"))
    local = the(seen, "program_ended").payload["locals"]
    assert len(local["value"]) <= Limits().value_characters
    assert "..." in local["value"]
    assert local["values"].endswith("...]")
    assert of(seen, "printed")[0].payload["text"].endswith("…")
    assert outcome(seen) == "finished"


def test_many_large_locals_still_fit_into_a_datagram(run: Run) -> None:
    program = "\n".join(f"n{n} = 'é' * 1500 + '{n}'" for n in range(40)) + "\nprint('done')"
    seen = run(lab(program))
    assert the(seen, "printed").payload["text"] == "done\n"
    assert outcome(seen) == "finished"
