from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, trace_of
from tests.trace.life import acknowledged, of_first_edition, picked, queued, started
from tutor.trace.histories import Delivery


def deliveries(*events: MadeUpEvent) -> list[Delivery]:
    (task,) = trace_of([asked(), *events]).tasks
    return list(task.deliveries)


def test_each_delivery_has_its_number_its_moment_and_its_lock() -> None:
    found = deliveries(queued(), picked(lock_s=2), started(), picked(delivery=2, lock_s=2))
    assert [(each.number, each.picked.number, each.picked.lane, each.lock_s) for each in found] == [
        (1, 3, "pusher", 2),
        (2, 5, "pusher", 2),
    ]


def test_a_task_that_nobody_took_has_no_deliveries() -> None:
    assert deliveries(queued(), acknowledged()) == []


def test_the_lock_of_a_first_edition_run_is_not_known() -> None:
    assert [each.lock_s for each in deliveries(of_first_edition(picked()))] == [None]
