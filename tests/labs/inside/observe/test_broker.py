"""Tasks that are queued inside a transaction: when they are there, and when they were never there."""

from __future__ import annotations

from tests.labs.conftest import Run
from tests.labs.observed import counts, lab, of, outcome, printed, the


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


def test_a_task_queued_in_a_transaction_that_is_rolled_back_is_never_executed(run: Run) -> None:
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


def test_a_task_queued_in_a_transaction_that_the_database_broke_is_rolled_back(run: Run) -> None:
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


def test_a_task_that_only_its_program_can_read_is_known_by_its_name_everywhere(run: Run) -> None:
    program = """
    from django_q.tasks import async_task
    class Order: pass
    def hello(order): pass
    async_task(hello, Order(), task_name='mine')
    """
    seen = run(lab(program, deliveries=1))
    picked = the(seen, "picked").payload
    assert picked["task"] == the(seen, "queued").payload["task"]
    assert (picked["name"], picked["func"], picked["args"]) == ("mine", "__main__.hello", "(<__main__.Order>,)")
    assert [row["name"] for row in picked["rows"]["OrmQ"]["rows"]] == ["mine"]
    assert the(seen, "died").payload["process"] == "pusher"
    assert outcome(seen) == "finished", "its one delivery is over"


def test_with_one_attempt_at_most_a_row_is_said_to_be_deleted_once(run: Run) -> None:
    """django-q2 acknowledges a success twice then: as the last attempt, and as a success."""
    program = "from django_q.tasks import async_task, result\nresult(async_task('math.copysign', 1, -1), wait=2000)"
    seen = run(lab(program, {"workers": 1, "timeout": 5, "retry": 6, "max_attempts": 1}))
    assert [each.payload["because"] for each in of(seen, "acknowledged")] == ["success"]
