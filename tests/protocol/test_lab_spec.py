from __future__ import annotations

import json

from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import Limits
from tutor.protocol.when import When


def test_a_process_asks_at_gates_and_interventions_alone() -> None:
    spec = LabSpec(
        "",
        gates=(Gate("later", When("line", "caller", where={"line": 7}), When("stored")),),
        interventions=(Intervention(When("started"), "kill"),),
    )
    assert spec.breakpoints() == [
        {"event": "line", "lane": "caller", "count": 1, "where": {"line": 7}},
        {"event": "started", "lane": "worker", "count": 1, "where": {}},
    ]


def test_the_configuration_is_all_that_a_template_is_made_for_and_can_be_written_as_json() -> None:
    spec = LabSpec(
        "print()", {"shop/tasks.py": "x = 1"}, ("shop",), {"Q_CLUSTER": {"workers": 2}}, limits=Limits(wall_s=1)
    )
    expected = {"settings": {"Q_CLUSTER": {"workers": 2}}, "apps": ["shop"], "files": {"shop/tasks.py": "x = 1"}}
    assert json.loads(json.dumps(spec.configuration)) == expected
