from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, counts, lab, of, outcome, printed, the
from tutor.protocol.gates import Gate
from tutor.protocol.when import When

QUEUE = """
from django_q.tasks import async_task
async_task({})
"""
MATH = "'math.fmod', 1, 0"


def test_a_failed_task_is_delivered_again_until_its_attempts_are_used_up(run: Run) -> None:
    seen = run(lab(QUEUE.format(MATH)))
    assert [each.payload["delivery"] for each in of(seen, "picked")] == [1, 2]
    assert [each.payload["delivery"] for each in of(seen, "started")] == [1, 2]
    stored = of(seen, "stored")
    assert [each.payload["attempt_count"] for each in stored] == [1, 2]
    assert [each.payload["created"] for each in stored] == [True, False]
    assert {each.payload["error"] for each in stored} == {"ValueError: math domain error"}
    assert {each.payload["success"] for each in stored} == {False}
    assert "Traceback" in stored[0].payload["result"]
    assert counts(the(seen, "acknowledged")) == (0, 1)
    assert outcome(seen) == "failed"
    assert len(of(seen, "logged", level="ERROR")) == 2


def test_a_run_ends_after_the_deliveries_that_its_lesson_declares(run: Run) -> None:
    seen = run(lab(QUEUE.format(MATH), {**Q_CLUSTER, "max_attempts": 0}, deliveries=1))
    assert len(of(seen, "started")) == 1
    assert the(seen, "idle").payload["waiting"] == 1
    assert outcome(seen) == "failed"


def test_a_function_that_does_not_exist_is_a_failure_of_the_task(run: Run) -> None:
    seen = run(lab(QUEUE.format("'shop.tasks.nothing'"), {**Q_CLUSTER, "max_attempts": 1}))
    assert the(seen, "stored").payload["error"] == "ValueError: Function shop.tasks.nothing is not defined"
    assert the(seen, "started").payload["func"] == "shop.tasks.nothing"


def test_a_program_that_raises_is_told_from_its_own_first_line_on(run: Run) -> None:
    seen = run(
        lab("""
        from django_q.models import Task
        print("before")
        Task.objects.last().result
        """)
    )
    raised = the(seen, "raised").payload
    assert raised["error"] == "AttributeError: 'NoneType' object has no attribute 'result'"
    assert raised["traceback"].startswith("Traceback")
    assert "program.py" in raised["traceback"]
    assert "caller.py" not in raised["traceback"]
    assert the(seen, "program_ended").payload["error"] == raised["error"]
    assert printed(seen) == "before\n"
    assert outcome(seen) == "failed"


def test_a_program_that_is_no_python_is_told_as_python_tells_it(run: Run) -> None:
    seen = run(lab("for"))
    assert the(seen, "raised").payload["error"] == "SyntaxError: invalid syntax"
    assert outcome(seen) == "failed"


def test_sys_exit_with_nothing_is_no_failure(run: Run) -> None:
    assert outcome(run(lab("import sys; sys.exit()"))) == "finished"
    assert the(run(lab("import sys; sys.exit(3)")), "program_ended").payload["error"] == "SystemExit: 3"


def test_a_gate_can_hold_a_pickup_until_the_program_has_read_too_early(run: Run) -> None:
    program = """
    from django_q.tasks import async_task, result
    print(result(async_task('math.sqrt', 4)))
    """
    seen = run(lab(program, gates=(Gate("too-early", When("picked"), When("program_ended")),)))
    assert printed(seen, "caller") == "None\n"
    assert the(seen, "gate").lane == "pusher"
    assert the(seen, "stored").payload["result"] == "2.0"
    assert outcome(seen) == "finished"


def test_labs_side_by_side_have_rows_of_their_own(run: Run) -> None:
    specs = [lab(QUEUE.format(f"'math.copysign', {x}, -1") * x) for x in (1, 2, 3)]
    with ThreadPoolExecutor(3) as threads:
        runs = list(threads.map(run, specs))
    for x, seen in enumerate(runs, 1):
        assert counts(the(seen, "idle")) == (0, x)
        assert {each.payload["result"] for each in of(seen, "stored")} == {f"-{x}.0"}


def test_what_is_printed_is_told_with_its_stream_and_process(run: Run) -> None:
    program = """
    import sys
    from django_q.tasks import async_task
    print("one", "two", sep="\\n")
    print("wrong", file=sys.stderr)
    print("no newline", end="")
    async_task(print, "from the task")
    """
    seen = run(lab(program))
    assert printed(seen, "caller").replace("wrong\n", "") == "one\ntwo\nno newline"
    assert [each.payload["text"] for each in of(seen, "printed", stream="stderr")] == ["wrong\n"]
    assert printed(seen, "worker") == "from the task\n"


def test_the_lessons_own_files_are_followed_with_their_locals_and_nothing_else_is(run: Run) -> None:
    files = {
        "shop/models.py": """
            from django.db import models

            class Order(models.Model):
                total = models.IntegerField()
            """,
        "shop/tasks.py": """
            from shop.models import Order

            def bill(amount):
                order = Order.objects.create(total=amount)
                return order.total * 2
            """,
    }
    seen = run(lab(QUEUE.format("'shop.tasks.bill', 21"), files=files, apps=("shop",)))
    lines = of(seen, "line", "worker", function="bill")
    assert [(each.payload["ran"], each.payload["line"]) for each in lines] == [(None, 5), (5, 6), (6, None)]
    assert lines[0].payload["locals"] == {"amount": "21"}
    assert lines[1].payload["locals"]["order"] == "<Order: Order object (1)>"
    assert lines[-1].payload["returned"] == "42"
    assert {each.payload["task"] for each in lines} == {the(seen, "queued").payload["task"]}
    assert {each.payload["file"] for each in of(seen, "line")} <= {"program.py", "shop/tasks.py", "shop/models.py"}
    assert the(seen, "stored").payload["result"] == "42"


def test_a_task_queued_in_a_transaction_is_queued_at_its_commit(run: Run) -> None:
    program = """
    from django.db import transaction
    from django_q.tasks import async_task
    with transaction.atomic():
        async_task('math.sqrt', 4)
        print("still inside")
    """
    kinds = [
        each.kind for each in run(lab(program)) if each.kind in ("uncommitted", "printed", "queued", "rolled_back")
    ]
    assert kinds == ["uncommitted", "printed", "queued"]


def test_a_task_queued_in_a_transaction_that_is_rolled_back_was_never_there(run: Run) -> None:
    program = """
    from django.db import transaction
    from django_q.tasks import async_task
    try:
        with transaction.atomic():
            async_task('math.sqrt', 4)
            with transaction.atomic():
                async_task('math.sqrt', 9)
            raise LookupError
    except LookupError:
        pass
    async_task('math.sqrt', 16)
    """
    seen = run(lab(program))
    rolled_back = {each.payload["task"] for each in of(seen, "rolled_back")}
    assert len(rolled_back) == len(of(seen, "rolled_back")) == 2
    assert rolled_back == {each.payload["task"] for each in of(seen, "uncommitted")}
    assert the(seen, "queued").payload["args"] == "(16,)"
    assert counts(the(seen, "idle")) == (0, 1)
    assert outcome(seen) == "finished"


def test_only_the_inner_part_of_a_transaction_can_be_rolled_back(run: Run) -> None:
    program = """
    from django.db import transaction
    from django_q.tasks import async_task
    with transaction.atomic():
        async_task('math.sqrt', 4)
        try:
            with transaction.atomic():
                async_task('math.sqrt', 9)
                raise LookupError
        except LookupError:
            pass
    """
    seen = run(lab(program))
    assert [each.payload["args"] for each in of(seen, "rolled_back")] == ["(9,)"]
    assert the(seen, "queued").payload["args"] == "(4,)"


def test_a_transaction_that_the_database_broke_tells_what_it_can(run: Run) -> None:
    program = """
    from django.db import IntegrityError, transaction
    from django_q.models import OrmQ
    from django_q.tasks import async_task
    try:
        with transaction.atomic():
            async_task('math.sqrt', 4)
            OrmQ.objects.create(pk=OrmQ.objects.first().pk, key="lab", payload="")
    except IntegrityError:
        print("broken")
    """
    seen = run(lab(program))
    assert printed(seen) == "broken\n"
    the(seen, "rolled_back")
    assert counts(the(seen, "idle")) == (0, 0)
    assert outcome(seen) == "finished"


def test_sync_runs_the_task_in_the_caller_which_is_still_followed_afterwards(run: Run) -> None:
    program = """
    from django_q.tasks import async_task, result
    done = async_task('math.sqrt', 4, sync=True)
    value = result(done)
    """
    seen = run(lab(program))
    assert {the(seen, kind).lane for kind in ("started", "finished", "stored")} == {"caller"}
    assert [each.payload["line"] for each in of(seen, "line", "caller")] == [1, 2, 3, None]
    assert the(seen, "program_ended").payload["locals"]["value"] == "2.0"
    assert outcome(seen) == "finished"


def test_a_task_that_raises_under_sync_raises_in_the_caller(run: Run) -> None:
    seen = run(lab(QUEUE.format(MATH + ", sync=True")))
    assert the(seen, "raised").payload["error"] == "ValueError: math domain error"
    assert of(seen, "stored") == []
    assert "tutor/labs" not in the(seen, "raised").payload["traceback"]
    assert outcome(seen) == "failed"
