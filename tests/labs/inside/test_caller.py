"""The program: its lines, what it prints, how it ends, and tasks that it executes itself."""

from __future__ import annotations

from tests.labs.conftest import Run
from tests.labs.observed import lab, of, outcome, printed, the

QUEUE = """
from django_q.tasks import async_task
async_task({})
"""


def test_the_traceback_of_a_program_begins_at_its_own_first_line(run: Run) -> None:
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


def test_a_program_that_is_not_python_fails_with_a_syntax_error(run: Run) -> None:
    seen = run(lab("for"))
    assert the(seen, "raised").payload["error"] == "SyntaxError: invalid syntax"
    assert outcome(seen) == "failed"


def test_a_program_that_exits_without_a_code_has_not_failed(run: Run) -> None:
    assert outcome(run(lab("import sys; sys.exit()"))) == "finished"
    assert the(run(lab("import sys; sys.exit(3)")), "program_ended").payload["error"] == "SystemExit: 3"


def test_a_printed_line_is_an_event_with_its_stream_and_process(run: Run) -> None:
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


def test_only_the_lessons_own_files_are_traced_with_their_locals(run: Run) -> None:
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


def test_sync_executes_the_task_in_the_caller_which_is_still_traced_afterwards(run: Run) -> None:
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
    seen = run(lab(QUEUE.format("'math.fmod', 1, 0, sync=True")))
    assert the(seen, "raised").payload["error"] == "ValueError: math domain error"
    assert of(seen, "stored") == []
    assert "tutor/labs" not in the(seen, "raised").payload["traceback"]
    assert outcome(seen) == "failed"
