from __future__ import annotations

from collections.abc import Iterator
from socket import socket
from typing import Any

import pytest

from tests.labs.conftest import Run
from tests.labs.host.made_up import Clock, observation, queued, stored
from tests.labs.observed import IMPATIENT, Q_CLUSTER, counts, lab, new_name, of, outcome, printed, the
from tests.observations import SENTINEL, WORKER
from tutor.labs.host.breakpoints import UNTIL_ASKED_S, Breakpoints
from tutor.labs.host.lab_host import LabHost
from tutor.protocol import wire
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention, Subject
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.when import When

ONE = "from django_q.tasks import async_task; async_task('math.copysign', 1, -1)"
TASKS = {
    "shop/tasks.py": """
        def bill(amount):
            doubled = amount * 2
            return doubled
        """
}
BILL = "from django_q.tasks import async_task; async_task('shop.tasks.bill', 21)"


class Process:
    """A process of a lab that asks its host what to do, without a lab. It is killed at the end."""

    def __enter__(self) -> Process:
        self.own: socket | None = None
        self.forgets: list[int] = []
        """The numbers of the breakpoints at which it need not ask again, as the last answer said."""
        return self

    def __exit__(self, *exception: object) -> None:
        self.die()

    def ask(self, breakpoints: Breakpoints, kind: str, in_transaction: bool = False, **payload: Any) -> None:
        """Stop at an event of the lane worker."""
        self.die()
        self.own, theirs = wire.pair()
        question = {"kind": kind, "lane": "worker", "pid": WORKER, "payload": payload}
        breakpoints.pause({**question, "in_transaction": in_transaction}, theirs)

    def answer(self, breakpoints: Breakpoints) -> list[dict[str, Any]] | None:
        """Return the orders that come with the answer; None if there is no answer yet."""
        breakpoints.answer()
        assert self.own
        if not wire.readable([self.own.fileno()], 0.0):
            return None
        received = wire.receive(self.own)
        if received is None:
            return None
        self.forgets = [number for each in received[0] if each["do"] == "forget" for number in each["breakpoints"]]
        return [each for each in received[0] if each["do"] != "forget"]

    def die(self) -> None:
        if self.own:
            self.own.close()


@pytest.fixture
def process() -> Iterator[Process]:
    with Process() as process:
        yield process


def test_a_process_without_a_gate_goes_on_at_once(process: Process) -> None:
    breakpoints = Breakpoints(LabSpec(""))
    process.ask(breakpoints, "started")
    assert process.answer(breakpoints) == []


def test_a_process_at_a_gate_is_told_to_wait_and_goes_on_after_the_event_that_opens_it(process: Process) -> None:
    breakpoints = Breakpoints(LabSpec("", gates=(Gate("both", When("picked"), When("stored", count=2)),)))
    process.ask(breakpoints, "picked")
    assert process.answer(breakpoints) == [{"do": "wait", "name": "both"}]
    assert process.answer(breakpoints) is None
    breakpoints.observe(stored())
    assert process.answer(breakpoints) is None
    breakpoints.observe(stored())
    assert process.answer(breakpoints) == [{"do": "go", "name": "both"}]


def test_a_process_need_not_ask_again_at_a_breakpoint_that_is_over(process: Process) -> None:
    slow = Intervention(When("started", count=2), "slow", 1.0)
    breakpoints = Breakpoints(
        LabSpec("", gates=(Gate("late", When("started"), When("stored")),), interventions=(slow,))
    )
    breakpoints.observe(stored())
    process.ask(breakpoints, "returned")
    process.answer(breakpoints)
    assert process.forgets == []
    process.ask(breakpoints, "started")
    process.answer(breakpoints)
    assert process.forgets == [0]
    process.ask(breakpoints, "started")
    process.answer(breakpoints)
    assert process.forgets == [0, 1]


def test_a_process_goes_on_at_once_through_an_open_gate(process: Process) -> None:
    breakpoints = Breakpoints(LabSpec("", gates=(Gate("late", When("picked"), When("stored")),)))
    breakpoints.observe(stored())
    process.ask(breakpoints, "picked")
    assert process.answer(breakpoints) == [{"do": "go", "name": "late"}]


def test_a_process_inside_a_transaction_ignores_a_gate(process: Process) -> None:
    breakpoints = Breakpoints(LabSpec("", gates=(Gate("never", When("picked"), When("stored")),)))
    process.ask(breakpoints, "picked", in_transaction=True)
    assert process.answer(breakpoints) == [{"do": "pass", "name": "never"}]


def test_a_gate_expires_when_a_process_has_waited_for_its_bound(process: Process) -> None:
    clock = Clock()
    gate = Gate("never", When("picked"), When("stored"), bound_s=3.0)
    breakpoints = Breakpoints(LabSpec("", gates=(gate,)), clock)
    assert breakpoints.due_in() == UNTIL_ASKED_S
    process.ask(breakpoints, "picked")
    clock.wait(2.0)
    assert breakpoints.due_in() == 1.0
    assert breakpoints.expired_gate() is None
    clock.wait(1.0)
    assert breakpoints.expired_gate() == gate


def test_a_process_that_was_killed_while_it_waited_waits_no_longer(process: Process) -> None:
    clock = Clock()
    breakpoints = Breakpoints(LabSpec("", gates=(Gate("never", When("picked"), When("stored")),)), clock)
    process.ask(breakpoints, "picked")
    process.die()
    clock.wait(60.0)
    assert breakpoints.expired_gate() is None
    assert breakpoints.due_in() == UNTIL_ASKED_S


def test_an_intervention_of_a_worker_is_its_answer_at_the_hit_that_it_names(process: Process) -> None:
    slow = Intervention(When("started", count=2), "slow", 0.5)
    breakpoints = Breakpoints(LabSpec("", interventions=(slow,)))
    process.ask(breakpoints, "started")
    assert process.answer(breakpoints) == []
    process.ask(breakpoints, "started")
    order = {"do": "slow", "event": "started", "count": 2, "seconds": 0.5}
    assert process.answer(breakpoints) == [order]
    assert breakpoints.take_supervisor_orders() == []


def test_an_intervention_of_the_cluster_is_ordered_once_and_not_before_the_cluster_runs(process: Process) -> None:
    breakpoints = Breakpoints(LabSpec("", interventions=(Intervention(When("spawned"), "stop"),)))
    process.ask(breakpoints, "spawned")
    assert process.answer(breakpoints) == []
    assert breakpoints.take_supervisor_orders() == []
    breakpoints.observe(observation("ready", SENTINEL, workers=1))
    assert [order["do"] for order in breakpoints.take_supervisor_orders()] == ["stop"]
    assert breakpoints.take_supervisor_orders() == []


def test_half_minutes_pass_in_the_order_of_their_events_whatever_their_order_in_the_spec() -> None:
    passing = tuple(Intervention(When("line", where={"line": line}), "half-minute") for line in (9, 4))
    breakpoints = Breakpoints(LabSpec("", interventions=passing))
    scheduled = observation("scheduled", SENTINEL)
    for line in (4, 9):
        with Process() as process:
            process.ask(breakpoints, "line", line=line)
            assert process.answer(breakpoints) is None
            breakpoints.observe(scheduled)
            assert process.answer(breakpoints) == []


def test_only_events_about_its_subject_count_for_an_intervention(process: Process) -> None:
    second = Intervention(When("started"), "kill", subject=Subject("task", 2))
    breakpoints = Breakpoints(LabSpec("", interventions=(second,)))
    for each in (queued("a"), queued("b")):
        breakpoints.observe(each)
    process.ask(breakpoints, "started", task="a")
    assert process.answer(breakpoints) == []
    process.ask(breakpoints, "started", task="b")
    assert [order["do"] for order in process.answer(breakpoints) or []] == ["kill"]


def stopped_at(event: str, action: str, seconds: float = 0.0, program: str = ONE, **when: object) -> LabSpec:
    intervention = Intervention(When(event, **when), action, seconds)  # type: ignore[arg-type]
    return lab(program, IMPATIENT, interventions=(intervention,), files=TASKS)


def test_a_worker_killed_at_started_is_inside_the_task_and_the_task_comes_again(run: Run) -> None:
    seen = run(stopped_at("started", "kill"))
    first, second = of(seen, "started")
    killed = the(seen, "died")
    assert killed.payload == {
        "process": "worker",
        "died_pid": first.pid,
        "signal": "SIGKILL",
        "exitcode": None,
        "task": first.payload["task"],
    }
    assert [each.kind for each in seen if each.pid == first.pid and each.at >= first.at] == ["started", "intervened"]
    task = first.payload["task"]
    assert the(seen, "intervened").payload == {"task": task, "action": "kill", "event": "started", "count": 1}
    assert (first.payload["delivery"], second.payload["delivery"]) == (1, 2)
    assert second.pid != first.pid
    assert len(of(seen, "finished")) == 1
    assert the(seen, "stored").payload["attempt_count"] == 1
    assert counts(the(seen, "idle")) == (0, 1)
    assert outcome(seen) == "finished"


def test_an_intervention_can_name_the_second_event_of_a_kind(run: Run) -> None:
    seen = run(stopped_at("started", "kill", count=2, program=f"{ONE}\nasync_task('math.sqrt', 4)"))
    second = of(seen, "started")[1]
    assert the(seen, "died").payload["task"] == second.payload["task"]
    assert the(seen, "intervened").payload["count"] == 2


def test_a_worker_can_be_killed_at_a_line_of_the_task(run: Run) -> None:
    seen = run(stopped_at("line", "kill", program=BILL, where={"file": "shop/tasks.py", "line": 4}))
    killed = the(seen, "died").payload["died_pid"]
    lines = [each.payload["line"] for each in of(seen, "line", function="bill") if each.pid == killed]
    assert lines == [3, 4]
    assert the(seen, "stored").payload["result"] == "42"


@pytest.mark.parametrize("event", ["finished", "returned"])
def test_a_worker_killed_at_finished_dies_on_leaving_the_task_and_its_result_is_lost(run: Run, event: str) -> None:
    seen = run(stopped_at(event, "kill"))
    first, second = of(seen, "returned")
    assert the(seen, "died").payload["died_pid"] == first.pid
    assert the(seen, "finished").pid == second.pid
    assert the(seen, "stored").payload["attempt_count"] == 1
    assert outcome(seen) == "finished"


@pytest.mark.parametrize("program", [ONE, BILL])
def test_a_task_can_be_made_to_raise(run: Run, program: str) -> None:
    seen = run(stopped_at("started", "raise", program=program))
    failed, succeeded = of(seen, "stored")
    assert failed.payload["error"] == "RuntimeError: Raised on purpose, as this run was asked to"
    assert succeeded.payload["success"]
    assert succeeded.payload["attempt_count"] == 2
    assert of(seen, "died") == []
    assert outcome(seen) == "finished"


def test_a_task_can_be_made_slow(run: Run) -> None:
    seen = run(stopped_at("started", "slow", 0.3))
    assert the(seen, "finished").at - the(seen, "intervened").at > 0.29e9
    assert the(seen, "intervened").payload["seconds"] == 0.3
    assert outcome(seen) == "finished"


def test_a_slow_task_is_interrupted_by_its_timeout_as_any_other(run: Run) -> None:
    slow = Intervention(When("started"), "slow", 5.0)
    seen = run(lab(ONE, interventions=(slow,)))
    first = of(seen, "finished")[0]
    assert "Timeout" in first.payload["error"]
    assert [each.payload["success"] for each in of(seen, "stored")] == [False, True]


def test_the_cluster_can_be_stopped_and_what_it_had_taken_is_finished(run: Run) -> None:
    seen = run(stopped_at("started", "stop", program=f"{BILL}\nasync_task('math.sqrt', 4)"))
    assert of(seen, "died") == []
    assert of(seen, "stored", task=of(seen, "started")[0].payload["task"])
    assert outcome(seen) == "finished"


def test_tasks_queued_after_the_cluster_was_stopped_stay_in_the_queue(run: Run) -> None:
    """Nothing that the lab tells says when the cluster has gone, so that the program itself waits for its end."""
    program = """
    import os, psutil, select
    from django_q.tasks import async_task
    children = {child.pid for child in psutil.Process(os.getppid()).children()}
    (cluster,) = children - {os.getpid()}
    ended = os.pidfd_open(cluster)
    select.select([ended], [], [])
    async_task('math.sqrt', 4)
    """
    stop = Intervention(When("line", "caller", where={"line": 6}), "stop")
    gate = Gate("stopped", When("line", "caller", where={"line": 6}), When("intervened"))
    seen = run(lab(program, gates=(gate,), interventions=(stop,)))
    assert the(seen, "gate").payload["name"] == "stopped"
    assert of(seen, "died") == of(seen, "picked") == of(seen, "acknowledged") == []
    assert counts(the(seen, "idle")) == (1, 0)
    assert the(seen, "idle").payload["waiting"] == 1


@pytest.mark.parametrize("event", ["opened", "spawned", "ready"])
def test_a_cluster_that_is_stopped_as_it_starts_has_not_died(run: Run, event: str) -> None:
    seen = run(stopped_at(event, "stop"))
    assert of(seen, "died") == []
    assert the(seen, "intervened").payload["action"] == "stop"
    assert "died" not in seen[-1].payload["reason"]


def test_a_gate_that_is_never_opened_ends_the_run_after_its_bound(run: Run) -> None:
    gate = Gate("never", When("started"), When("rolled_back"), bound_s=0.3)
    seen = run(lab(ONE, gates=(gate,)))
    assert the(seen, "gate_expired").payload == {"name": "never", "bound_s": 0.3}
    assert outcome(seen) == "stopped"
    assert "never" in seen[-1].payload["reason"]
    assert of(seen, "finished") == []


def test_a_gate_that_no_process_reaches_has_no_effect(run: Run) -> None:
    gate = Gate("unused", When("rolled_back"), When("stored"), bound_s=0.1)
    assert outcome(run(lab(ONE, gates=(gate,)))) == "finished"


def test_a_gate_and_a_kill_at_the_same_moment_happen_one_after_the_other(run: Run) -> None:
    gate = Gate("program-over", When("started"), When("program_ended"))
    kill = Intervention(When("started"), "kill")
    seen = run(lab(ONE, IMPATIENT, gates=(gate,), interventions=(kill,)))
    happened = [each.kind for each in seen if each.kind in ("program_ended", "gate", "intervened", "died")]
    assert happened == ["program_ended", "gate", "intervened", "died"]


def test_no_gate_holds_a_transaction_open(run: Run) -> None:
    program = """
    from django.db import transaction
    from django_q.tasks import async_task
    with transaction.atomic():
        async_task('math.sqrt', 4)
        inside = True
    """
    gate = Gate("inside", When("line", "caller", where={"line": 5}), When("stored"), bound_s=0.5)
    seen = run(lab(program, gates=(gate,)))
    assert "inside a transaction" in the(seen, "logged").payload["text"]
    assert of(seen, "gate") == []
    assert outcome(seen) == "finished"


def test_a_worker_can_be_killed_inside_a_transaction_which_then_comes_to_nothing(run: Run) -> None:
    files = {
        "shop/tasks.py": """
            from django.db import transaction
            from django_q.tasks import async_task

            def order():
                with transaction.atomic():
                    async_task('math.sqrt', 4)
                    done = True
            """
    }
    kill = Intervention(When("line", where={"file": "shop/tasks.py", "line": 8}), "kill")
    program = "from django_q.tasks import async_task; async_task('shop.tasks.order')"
    seen = run(lab(program, IMPATIENT, files=files, interventions=(kill,)))
    assert the(seen, "died").payload["signal"] == "SIGKILL"
    assert len(of(seen, "uncommitted")) == 2
    assert len(of(seen, "queued")) == 2
    assert counts(the(seen, "idle")) == (0, 2)


def test_the_program_goes_on_when_the_stored_result_is_there_even_in_a_busy_lab(run: Run) -> None:
    program = """
    from django_q.tasks import async_task
    for n in range(5):
        async_task('math.sqrt', n)
    from django_q.models import Task
    print(Task.objects.count())
    """
    gate = Gate("later", When("line", "caller", where={"line": 4}), When("stored", count=5))
    seen = run(lab(program, {**Q_CLUSTER, "workers": 2}, gates=(gate,)))
    assert printed(seen) == "5\n"


def test_the_host_sleeps_while_a_task_passes_a_line_again_and_again_at_which_it_was_stopped_once(host: LabHost) -> None:
    files = {
        "shop/tasks.py": """
            def work():
                total = 0
                for n in range(5000):
                    total += n
                return total
            """
    }
    slow = Intervention(When("line", "worker", where={"line": 5}), "slow", 0.01)
    program = "from django_q.tasks import async_task; async_task('shop.tasks.work')"
    asked = 0
    with host.open(lab(program, files=files, interventions=(slow,)), new_name()) as opened:
        pause = opened.breakpoints.pause

        def counted(*question: Any) -> None:
            nonlocal asked
            asked += 1
            pause(*question)

        opened.breakpoints.pause = counted
        seen = [each for batch in opened for each in batch]
    assert the(seen, "intervened").payload["action"] == "slow"
    assert the(seen, "stored").payload["result"] == "12497500"
    assert asked == 1


def test_with_several_clusters_an_order_waits_until_all_are_ready_and_half_a_minute_passes_in_each() -> None:
    half_minute = Intervention(When("started", count=1), "half-minute")
    breakpoints = Breakpoints(LabSpec("", interventions=(half_minute,), clusters=("long",)))
    with Process() as process:
        process.ask(breakpoints, "started")
        for is_ready in (False, True):
            breakpoints.observe(observation("ready", SENTINEL))
            assert bool(breakpoints.take_supervisor_orders()) is is_ready
        for is_over in (False, True):
            breakpoints.observe(observation("scheduled", SENTINEL))
            assert (process.answer(breakpoints) is not None) is is_over
