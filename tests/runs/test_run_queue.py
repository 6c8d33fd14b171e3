"""Who has a turn when, and that each run has one owner, whoever takes it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from tests.recording import SLUG
from tutor.runs.event_store import end_run
from tutor.runs.models import Event, Host, Run
from tutor.runs.run_queue import Waiting, cancel, fair_order, place_in_queue, take

pytestmark = pytest.mark.django_db(transaction=True)
NEWER = "A newer run took its place."

queues = st.lists(
    st.builds(Waiting, st.integers(1, 1000), st.sampled_from("abcd"), st.booleans()), unique_by=lambda each: each.key
)
labs = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 5))


@given(queues, labs)
def test_each_run_has_one_turn_and_those_that_go_first_are_before_all_others(
    waiting: list[Waiting], running: dict[str, int]
) -> None:
    order = fair_order(waiting, running)
    assert sorted(order) == sorted(each.key for each in waiting)
    first = {each.key for each in waiting if each.goes_first}
    assert set(order[: len(first)]) == first


@given(queues, labs)
def test_runs_of_one_owner_are_in_the_order_of_arrival(waiting: list[Waiting], running: dict[str, int]) -> None:
    order = fair_order(waiting, running)
    for owner in "abcd":
        own = [each.key for each in waiting if each.owner == owner and not each.goes_first]
        assert [key for key in order if key in own] == sorted(own)


@given(queues, labs)
def test_whoever_has_had_the_fewest_turns_has_the_next_one(waiting: list[Waiting], running: dict[str, int]) -> None:
    by_key = {each.key: each for each in waiting}
    rest = [by_key[key] for key in fair_order(waiting, running)]
    had = Counter(running)
    while rest:
        rivals = {each.owner for each in rest if each.goes_first == rest[0].goes_first}
        assert had[rest[0].owner] == min(had[owner] for owner in rivals)
        had[rest.pop(0).owner] += 1


def test_a_class_of_forty_delays_a_learner_elsewhere_by_one_turn() -> None:
    school = [Waiting(key, "192.0.2.1") for key in range(1, 41)]
    assert fair_order([*school, Waiting(41, "192.0.2.2")], {}).index(41) == 1
    assert fair_order([*school, Waiting(41, "192.0.2.2")], {"192.0.2.1": 4}).index(41) == 0


@pytest.fixture(autouse=True)
def hosts() -> None:
    """The hosts that take runs in these tests."""
    Host.objects.bulk_create(Host(name=name, folder="any") for name in ("here", "there", *"0123"))


def stored(address: str, *, goes_first: bool = False) -> Run:
    return Run.objects.create(lesson=SLUG, address=address, goes_first=goes_first)


def test_runs_are_taken_in_the_order_of_their_places() -> None:
    school = [stored("192.0.2.1") for _ in range(3)]
    learner, room = stored("192.0.2.2"), stored("192.0.2.1", goes_first=True)
    order = [room, learner, school[0], school[1], school[2]]
    assert [place_in_queue(run) for run in order] == [1, 2, 3, 4, 5]
    taken = [take("here") for _ in range(6)]
    assert taken == [*order, None]
    assert {(run.host, run.state) for run in Run.objects.all()} == {("here", Run.State.RUNNING)}
    assert [place_in_queue(run) for run in Run.objects.all()] == [None] * 5


def test_without_a_host_that_has_labs_no_place_is_told(settings: Any) -> None:
    run = stored("192.0.2.1")
    settings.TUTOR_ROLE = "web"
    Host.objects.create(name="pages", folder="any", labs=0)
    assert place_in_queue(run) == 0
    Host.objects.create(name="labs", folder="any", labs=2)
    assert place_in_queue(run) == 1


def test_a_run_that_belongs_to_a_host_is_not_in_the_queue() -> None:
    Run.objects.create(lesson=SLUG, host="another")
    assert take("here") is None


def test_a_host_that_was_given_up_gets_no_run_until_it_knows_that() -> None:
    run = stored("192.0.2.1")
    Host.objects.filter(name="here").delete()
    assert take("here") is None
    assert take("there") == run


def test_many_that_take_at_once_never_get_the_same_run() -> None:
    runs = [stored(f"192.0.2.{number % 3}") for number in range(24)]

    def take_all(host: int) -> list[int]:
        taken = []
        while run := take(str(host)):
            taken.append(run.pk)
        connections.close_all()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for each in pool.map(take_all, range(4)) for key in each]
    assert sorted(taken) == [run.pk for run in runs]


def test_a_waiting_run_that_is_cancelled_has_ended_and_is_never_taken() -> None:
    run = stored("192.0.2.1")
    cancel(run, NEWER)
    assert Event.objects.get(run=run).payload == {"outcome": "stopped", "reason": NEWER}
    assert take("here") is None


def test_the_host_of_a_run_is_asked_to_end_it() -> None:
    run = stored("192.0.2.1")
    assert take("there") == run
    cancel(run, NEWER)
    run.refresh_from_db()
    assert (run.state, run.stop_reason) == (Run.State.RUNNING, NEWER)


def test_cancelling_a_run_that_has_ended_changes_nothing() -> None:
    run = stored("192.0.2.1")
    end_run(run, "finished", "")
    cancel(run, NEWER)
    run.refresh_from_db()
    assert run.stop_reason == ""
