from __future__ import annotations

from tutor.runs.code_hash import code_of_labs


def test_the_code_of_labs_is_that_of_the_protocol_and_of_both_sides_of_a_lab() -> None:
    files = {path.parent.name for path in code_of_labs()}
    assert files >= {"protocol", "inside", "observe", "host", "runs"}
    assert not files & {"plain", "project", "checking"}
