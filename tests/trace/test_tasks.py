"""The tasks of a trace: what they are called, and how they are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import deleted, named, of_first_edition, picked, printed, queued, started
from tutor.trace.histories import TaskHistory
from tutor.trace.task_names import find_task

NAMES = st.sampled_from(["charge", "charge #2", "charge#2", "ship", ""])


def called(*names: str) -> dict[str, TaskHistory]:
    """Return the histories of tasks 0, 1, …, each called by a name, or by its function, `charge`, if that is empty."""
    events = [
        event("queued", "caller", **named(str(number), **({"task_name": name} if name else {})))
        for number, name in enumerate(names)
    ]
    return dict(trace_of([asked(), *events]).histories.tasks)


def labels(*names: str) -> list[str]:
    return [task.label for task in called(*names).values()]


def found(selector: str, *names: str) -> str | None:
    task = find_task(called(*names), selector)
    return task.id if task else None


def test_a_task_is_called_by_its_function_and_the_second_one_has_a_number() -> None:
    assert labels("", "") == ["charge", "charge #2"]


def test_a_task_with_a_name_of_its_own_is_called_by_it() -> None:
    assert labels("first", "", "first") == ["first", "charge", "first #2"]


@given(st.lists(NAMES, max_size=8))
def test_no_two_tasks_have_the_same_label(names: list[str]) -> None:
    assert len(set(labels(*names))) == len(names)


def test_tasks_are_in_the_order_in_which_they_appeared() -> None:
    tasks = trace_of([asked(), queued("b"), queued("a"), started("b")]).tasks
    assert [task.id for task in tasks] == ["b", "a"]


def test_a_task_is_found_by_its_id_its_label_its_name_or_its_function() -> None:
    for selector in ("1", "charge #2", "name of 1", "shop.tasks.charge", "charge", "charge#2"):
        assert found(selector, "", "") == "1"


def test_the_first_of_several_tasks_is_found_by_its_number() -> None:
    assert found("charge#1", "", "") == "0"
    assert found("shop.tasks.charge#1", "", "") == "0"


def test_a_name_with_a_number_in_it_means_the_task_of_that_name() -> None:
    assert found("mail #1", "mail #7", "mail #1", "mail") == "1"


@pytest.mark.parametrize("selector", ["", "#", "charge#0", "charge#3", "charge#x", "(not seen)"])
def test_nothing_else_is_found(selector: str) -> None:
    assert found(selector, "", "") is None


def test_a_task_of_unknown_function_is_not_found_by_an_empty_name() -> None:
    tasks = trace_of([asked(), replace(deleted(), payload={"task": "t1"})]).histories.tasks
    assert [task.label for task in tasks.values()] == ["task"]
    assert find_task(tasks, "") is None


def test_every_event_of_a_task_has_what_the_task_was_queued_with() -> None:
    printing = replace(printed("one\n"), payload={**printed("one\n").payload, "task": "t1"})
    trace = trace_of([asked(), queued("t1", args="('tea',)"), printing, started("t1")])
    assert trace.histories.tasks["t1"].description["args"] == "('tea',)"
    assert trace.steps[-1].payload["kwargs"] == "{}"


def test_a_task_of_the_first_edition_has_no_keyword_arguments_and_no_options() -> None:
    (task,) = trace_of([of_first_edition(each) for each in (asked(), queued(), picked(), started())]).tasks
    assert sorted(task.description) == ["args", "func", "name", "task"]
    assert (task.label, [each.lock_s for each in task.deliveries]) == ("charge", [None])


def test_an_event_that_names_no_task_makes_none() -> None:
    nameless: list[MadeUpEvent] = [replace(queued(), payload={**queued().payload, "task": id}) for id in ("", None)]
    assert trace_of([asked(), *nameless]).tasks == ()
