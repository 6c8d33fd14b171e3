from __future__ import annotations

import pytest

from tutor.protocol.gates import Gate
from tutor.protocol.when import When


def test_a_gate_can_stand_where_a_process_can_be_stopped() -> None:
    gate = Gate("later", When("line", "caller"), When("finished"))
    assert gate.bound_s == 5.0


@pytest.mark.parametrize("event", ["finished", "logged", "idle"])
def test_a_gate_that_no_process_could_wait_at_is_refused(event: str) -> None:
    with pytest.raises(ValueError, match=f"A process can't wait at “{event}”"):
        Gate("never", When(event), When("stored"))
