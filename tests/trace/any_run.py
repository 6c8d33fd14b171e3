"""Arbitrary runs: made-up events of several tasks and processes, in any order, possible or not."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, event, numbered

TASKS = st.sampled_from(["t1", "t2"])
DELIVERIES = st.sampled_from([1, 2])
PIDS = st.sampled_from([73, 83])
ABOUT_TASKS = st.one_of(
    st.builds(life.queued, TASKS),
    st.builds(life.uncommitted, TASKS),
    st.builds(life.rolled_back, TASKS),
    st.builds(life.picked, TASKS, DELIVERIES),
    st.builds(life.by, PIDS, st.builds(life.started, TASKS, DELIVERIES)),
    st.builds(life.by, PIDS, st.builds(life.returned, TASKS, DELIVERIES)),
    st.builds(life.by, PIDS, st.builds(life.finished, TASKS, DELIVERIES, success=st.booleans())),
    st.builds(life.started, TASKS, st.none(), st.just("caller")),
    st.builds(life.returned, TASKS, st.none(), st.just("caller"), st.sampled_from([None, "ValueError: no"])),
    st.builds(life.stored, TASKS, DELIVERIES, success=st.booleans(), attempt_count=DELIVERIES),
    st.builds(life.acknowledged, TASKS, DELIVERIES),
    st.builds(life.deleted, TASKS),
    st.builds(lambda *tasks: life.read(*((task, 1) for task in tasks)), TASKS, TASKS),
)
OTHERS = st.sampled_from(
    [
        asked(),
        life.line(4, 1),
        life.line(9, 8, locals={"result": "-1.0"}),
        life.line(None, 9, locals={"result": "-1.0", "status": "True"}),
        life.line(2, 1, "worker", file="shop/tasks.py", function="charge", task="t1"),
        life.program_ended(result="-1.0", status="True"),
        life.died(73),
        life.died(83),
        life.died(74, "monitor"),
        life.printed("one more\n"),
        event("warned", "worker", text="DeprecationWarning: old"),
        event("gate_reached", "caller", name="later"),
        event("gate", "caller", name="later", waited_ns=3_000_000),
        life.idle(),
        event("ended", "host", outcome="finished", reason=""),
    ]
)
RUNS: st.SearchStrategy[list[MadeUpEvent]] = st.lists(
    ABOUT_TASKS | ABOUT_TASKS.map(life.of_first_edition) | OTHERS, max_size=25
).map(numbered)
