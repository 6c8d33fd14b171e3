"""Several clusters in a lab: each has its own settings and its own rows, and its events say whose they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, lab, of, outcome, the
from tutor.protocol.lab_spec import LabSpec

LONG = {"workers": 2, "timeout": 5, "retry": 6, "cached": 60}
TASKS = {
    "shop/tasks.py": """
        from django_q.conf import Conf

        def settings():
            return Conf.CLUSTER_NAME, Conf.WORKERS, Conf.TIMEOUT, Conf.RETRY, Conf.QUEUE_LIMIT
        """
}
PROGRAM = """
    from django_q.tasks import async_task, result
    here = async_task('shop.tasks.settings', task_name='here')
    there = async_task('shop.tasks.settings', cluster='long', task_name='there', cached=False)
    told = result(here, wait=5000), result(there, wait=5000)
"""


def two_clusters(program: str = PROGRAM, clusters: tuple[str, ...] = ("long",), **more: Any) -> LabSpec:
    settings = {**Q_CLUSTER, "ALT_CLUSTERS": {"long": LONG}}
    return lab(program, settings, files=TASKS, clusters=clusters, **more)


def test_each_cluster_executes_its_own_tasks_with_its_own_settings(run: Run) -> None:
    seen = run(two_clusters())
    told = the(seen, "program_ended").payload["locals"]["told"]
    assert told == "(('lab', 1, 1, 2, 1), ('long', 2, 5, 6, 4))"
    assert [each.payload["for_cluster"] for each in of(seen, "queued")] == ["lab", "long"]
    for name, lock in (("lab", 2), ("long", 6)):
        about = [each for each in seen if each.payload.get("cluster") == name]
        assert {each.lane for each in about} == {"sentinel", "pusher", "worker", "monitor"}
        (picked,) = of(about, "picked")
        assert picked.payload["lock_s"] == lock
        (stored,) = of(about, "stored")
        assert stored.payload["task"] == picked.payload["task"]
    assert len(of(seen, "ready")) == 2
    assert the(seen, "idle").payload["waiting"] == 0
    assert (outcome(seen), seen[-1].payload["reason"]) == ("finished", "")


def test_a_row_for_a_cluster_that_nobody_runs_is_not_due(run: Run) -> None:
    seen = run(two_clusters(PROGRAM.replace("wait=5000)\n", "wait=50)\n"), clusters=()))
    assert [each.payload.get("for_cluster") for each in of(seen, "queued")] == [None, "long"]
    assert the(seen, "idle").payload["left"] == "1 row left, for cluster long"
    assert (outcome(seen), seen[-1].payload["reason"]) == ("finished", "1 row left, for cluster long.")


def test_the_rows_that_are_left_are_told_by_cluster(run: Run) -> None:
    program = """
    from django_q.tasks import async_task
    for cluster in ('slow', 'slow', 'other'):
        async_task('math.sqrt', 4, cluster=cluster)
    """
    assert the(run(lab(program)), "idle").payload["left"] == "3 rows left: 1 for cluster other, 2 for cluster slow"


COMPARED = """
import json, os, sys
from pathlib import Path
name, mode, folder = sys.argv[1:]
if mode == "cold":
    os.environ["Q_CLUSTER_NAME"] = name
from tutor.labs.inside import lab_settings
long = {"workers": 3, "timeout": 5, "retry": 6, "cached": 60, "sync": True, "compress": True, "save_limit": 3}
main = {"workers": 1, "timeout": 1, "retry": 2, "max_attempts": 4, "ALT_CLUSTERS": {"long": long}}
lab_settings.configure({"Q_CLUSTER": main}, [], Path(folder))
import django
django.setup()
import django_q.cluster, django_q.tasks, django_q.monitor, django_q.pusher, django_q.signing, django_q.worker
from django_q.conf import Conf
if mode != "cold":
    from tutor.labs.inside.observe.clusters import use_settings_of
    use_settings_of(name)
values = {key: repr(value) for key, value in vars(Conf).items() if key.isupper() and key != "SECRET_KEY"}
for module in [each for key, each in sys.modules.items() if key.partition(".")[0] == "django_q"]:
    for each in vars(module).values():
        for member in vars(each).values() if isinstance(each, type) else [each]:
            function = getattr(member, "__func__", member)
            if str(getattr(function, "__module__", "")).startswith("django_q") and hasattr(function, "__defaults__"):
                values[f"{function.__module__}.{function.__qualname__}"] = repr(function.__defaults__)
print(json.dumps(values))
"""


def test_a_clusters_settings_are_those_of_a_fresh_import(tmp_path: Path) -> None:
    cold, switched = (
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", COMPARED, "long", mode, str(tmp_path)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=True,
        )
        for mode in ("cold", "switched")
    )
    expected, found = json.loads(cold.stdout), json.loads(switched.stdout)
    assert {key: found.get(key) for key in expected} == expected
    assert expected["CLUSTER_NAME"] == "'long'"
    assert expected["django_q.worker.worker"] == "(5,)"
