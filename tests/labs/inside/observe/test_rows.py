"""What processes of a lab see of the lesson's own tables, each through its own connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, lab, of, outcome, the
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation

MODELS = """
from django.db import models
class Order(models.Model):
    customer = models.CharField(max_length=400, unique=True)
"""
TASKS = """
from pathlib import Path
from time import sleep
from django_q.tasks import async_task
from shop.models import Order
def add():
    Order.objects.create(customer='Ben')
    return 'added'
def relay():
    wait_for('written')
    async_task('math.sqrt', 4)
    Path('relayed').touch()
def wait_for(file):
    while not Path(file).exists():
        sleep(0.01)
"""


def shop(program: str, models: str = MODELS, **more: Any) -> LabSpec:
    return lab(program, files={"shop/models.py": models, "shop/tasks.py": TASKS}, apps=("shop",), **more)


def lines(seen: Iterable[Observation]) -> dict[int | None, Any]:
    """Line of the program that has run → the snapshot with its event, if it has one."""
    caller = of(seen, "line", "caller", file="program.py")
    return {each.payload["ran"]: each.payload["rows"] for each in caller if "rows" in each.payload}


def orders(snapshot: Any) -> list[str]:
    return [row["customer"] for row in snapshot["Order"]["rows"]]


def test_a_line_that_wrote_is_followed_by_a_snapshot_and_no_other_line_is(run: Run) -> None:
    program = """
    from shop.models import Order
    Order.objects.count()
    ada = Order.objects.create(customer='Ada')
    list(Order.objects.all())
    Order.objects.filter(pk=ada.pk).update(customer='Eve')
    ada.delete()
    """
    seen = lines(run(shop(program)))
    assert {line: orders(snapshot) for line, snapshot in seen.items()} == {3: ["'Ada'"], 5: ["'Eve'"], 6: []}
    table = seen[3]["Order"]
    assert (table["count"], table["table"], table["database"]) == (1, "shop_order", "default")
    assert table["rows"] == [{"id": 1, "customer": "'Ada'"}]
    assert table["in_transaction"] is False


def test_a_line_after_a_save_says_to_which_table_even_if_the_row_is_as_it_was_before(run: Run) -> None:
    program = """
    from shop.models import Order
    ada = Order.objects.create(customer='Ada')
    Order.objects.get().customer
    ada.save()
    Order.objects.update(customer='Eve')
    """
    caller = of(run(shop(program)), "line", "caller", file="program.py")
    assert {each.payload["ran"]: each.payload["saved"] for each in caller if "saved" in each.payload} == {
        2: ["Order"],
        4: ["Order"],
    }


def test_an_uncommitted_row_is_seen_by_its_own_connection_alone(run: Run) -> None:
    program = """
    from pathlib import Path
    from django.db import transaction
    from django_q.tasks import async_task
    from shop.models import Order
    from shop.tasks import wait_for
    async_task('shop.tasks.relay')
    with transaction.atomic():
        Order.objects.create(customer='Ada')
        Path('written').touch()
        wait_for('relayed')
    """
    queue = {**Q_CLUSTER, "timeout": 9, "retry": 19, "orm": "queue"}
    seen = run(shop(program, q_cluster=queue, settings={"DATABASES": {"queue": {}}}))
    in_caller = lines(seen)[8]["Order"]
    assert (in_caller["count"], in_caller["in_transaction"]) == (1, True)
    in_worker = the(seen, "queued", "worker").payload["rows"]["Order"]
    assert (in_worker["count"], in_worker["in_transaction"]) == (0, False)


def test_a_commit_and_a_rollback_are_followed_by_a_snapshot(run: Run) -> None:
    program = """
    from django.db import transaction
    from shop.models import Order
    try:
        with transaction.atomic():
            Order.objects.create(customer='Ada')
            try:
                with transaction.atomic():
                    Order.objects.create(customer='Ben')
                    raise LookupError
            except LookupError:
                inner = 'rolled back'
            raise KeyError
    except KeyError:
        outer = 'rolled back'
    with transaction.atomic():
        Order.objects.create(customer='Eve')
    done = True
    """
    order = [
        (each.payload["rows"]["Order"]["in_transaction"], orders(each.payload["rows"]))
        for each in of(run(shop(program)), "line", "caller")
        if "rows" in each.payload
    ]
    both = ["'Ada'", "'Ben'"]
    assert order == [
        (True, ["'Ada'"]),
        (True, both),
        (True, ["'Ada'"]),
        (False, []),
        (True, ["'Eve'"]),
        (False, ["'Eve'"]),
    ]


def test_what_a_task_wrote_is_seen_in_its_worker(run: Run) -> None:
    seen = run(shop("from django_q.tasks import async_task\nasync_task('shop.tasks.add')\n"))
    [snapshot] = [each.payload["rows"] for each in of(seen, "line", "worker") if "rows" in each.payload]
    assert orders(snapshot) == orders(the(seen, "stored").payload["rows"]) == ["'Ben'"]
    assert orders(the(seen, "started").payload["rows"]) == []


def test_a_broken_transaction_cannot_be_looked_into(run: Run) -> None:
    program = """
    from django.db import IntegrityError, transaction
    from shop.models import Order
    with transaction.atomic():
        Order.objects.create(customer='Ada')
        try:
            Order.objects.create(customer='Ada')
        except IntegrityError:
            transaction.set_rollback(True)
        Order.objects.model
        broken = True
    after = Order.objects.count()
    """
    seen = run(shop(program))
    assert outcome(seen) == "finished"
    assert [snapshot and orders(snapshot) for snapshot in lines(seen).values()] == [["'Ada'"], []]


def test_a_connection_that_was_closed_in_its_transaction_cannot_be_looked_through(run: Run) -> None:
    program = """
    from django.db import connection, transaction
    from shop.models import Order
    with transaction.atomic():
        Order.objects.create(customer='Ada')
        connection.close()
        closed = True
    over = Order.objects.count()
    """
    seen = run(shop(program))
    assert outcome(seen) == "finished"
    assert {line: snapshot and orders(snapshot) for line, snapshot in lines(seen).items()} == {4: ["'Ada'"], 5: None}


def test_a_table_that_cannot_be_read_leaves_the_others_as_they_are(run: Run) -> None:
    program = """
    from django.db import connection
    from django_q.tasks import async_task
    with connection.cursor() as cursor:
        cursor.execute('DROP TABLE shop_order')
    async_task('math.sqrt', 4)
    """
    rows = the(run(shop(program)), "queued").payload["rows"]
    assert (rows["Order"], rows["OrmQ"]["count"], rows["Task"]["count"]) == (None, 1, 0)


def test_of_a_long_table_the_first_rows_are_sent_with_their_number_and_long_values_are_cut(run: Run) -> None:
    program = """
    from shop.models import Order
    Order.objects.bulk_create(Order(customer=f'{number:02}' + 300 * 'x') for number in range(60))
    """
    [snapshot] = lines(run(shop(program))).values()
    assert snapshot["Order"]["count"] == 60
    assert [row["id"] for row in snapshot["Order"]["rows"]] == list(range(1, 11))
    assert orders(snapshot)[0] == "'00" + 56 * "x" + "…"


def test_a_model_with_the_name_of_one_of_django_q2s_has_its_apps_name_too(run: Run) -> None:
    models = """
    from django.db import models
    class Task(models.Model):
        code = models.CharField(primary_key=True, max_length=9)
    """
    program = "from shop.models import Task\nTask.objects.create(code='a')\ndone = True\n"
    spec = lab(program, files={"shop/models.py": models}, apps=("shop",))
    [snapshot] = lines(run(spec)).values()
    assert snapshot["shop.Task"]["rows"] == [{"id": "'a'", "code": "'a'"}]
    assert snapshot["Task"]["rows"] == []
