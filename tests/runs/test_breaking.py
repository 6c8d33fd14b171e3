"""Runs that are broken on purpose: a real lab does what was aimed at, where it was aimed at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.db import SessionStore

from tests.pages.waiting_queue import WaitingQueue, queue  # noqa: F401
from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.protocol.interventions import Subject
from tutor.runs.aims import Impossible, aimed, done_at
from tutor.runs.breaking import MOST_INTERVENTIONS, TooManyInterventions, broken, chain_of, own_interventions
from tutor.runs.execution import execute
from tutor.runs.models import Breaking, Event, Run
from tutor.runs.reaiming import reaimed
from tutor.runs.versions import lesson_of, version_of
from tutor.styles.moment import newest_of
from tutor.trace.chances import Chance, chances_at

pytestmark = pytest.mark.django_db(transaction=True)
LESSON = "the-worker-that-died"
LIVES = "lives"
"""The case in which nobody dies."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabHost]:
    host = LabHost(tmp_path_factory.mktemp("labs"))
    yield host
    host.close()


def executed(host: LabHost, origin: Run | None = None, slug: str = LESSON, **more: object) -> Run:
    """Return a run that has ended: of a lesson's case in which nothing goes wrong, or `origin` with other inputs."""
    lesson = lesson_of(origin) if origin else catalogue.get(slug)
    case = next((each for each in lesson.cases if each.name == LIVES), lesson.cases[0])
    inputs = {"knobs": lesson.case_knobs(case), "interventions": [], "host": host.name, **more}
    run = Run.objects.create(lesson=lesson.slug, version=version_of(lesson), state=Run.State.RUNNING, **inputs)
    execute(run, lesson, host)
    return run


def events_of(run: Run, kind: str) -> list[Event]:
    return list(run.events.filter(kind=kind))


def chance(run: Run, event: str, action: str) -> Chance:
    """Return what can be done at the first step that an event of that kind makes."""
    moment = newest_of(run)
    number = next(step.number for step in moment.trace.steps if step.event == event)
    found = chances_at(moment.trace, number, moment.lesson.lab_settings(run.knobs))
    return next(each for each in found if each.action == action)


def again_with(host: LabHost, run: Run, event: str, action: str) -> Run:
    """Return the run once more, with the action at its first step of that event."""
    where = chance(run, event, action)
    assert where.at, where.reason
    intervention = aimed(list(run.events.all()), where.at, action, where.seconds)
    return executed(host, run, knobs=run.knobs, interventions=[*run.interventions, intervention.to_json()])


@pytest.fixture
def run(host: LabHost) -> Run:
    return executed(host)


def test_what_is_aimed_at_an_event_of_a_task_names_the_task_and_its_delivery(run: Run) -> None:
    events = list(run.events.all())
    begun = next(each for each in events if each.kind == "started")
    found = aimed(events, begun.number, "kill")
    assert (found.at.event, found.at.lane, found.at.count) == ("started", "worker", 1)
    assert found.subject == Subject("task", 1, begun.payload["func"], 1)


def test_a_worker_dies_in_the_function_of_the_task(host: LabHost, run: Run) -> None:
    again = again_with(host, run, "started", "kill")
    [died] = events_of(again, "died")
    [first, second] = events_of(again, "started")
    assert (died.payload["signal"], died.payload["died_pid"]) == ("SIGKILL", first.pid)
    assert (died.payload["task"], second.payload["delivery"]) == (first.payload["task"], 2)


@pytest.mark.thorough
def test_a_second_intervention_is_aimed_at_the_delivery_that_the_first_one_caused(host: LabHost, run: Run) -> None:
    once = again_with(host, run, "started", "kill")
    moment = newest_of(once)
    second = [each for each in events_of(once, "started") if each.payload["delivery"] == 2]
    step = next(each.number for each in moment.trace.steps if each.event_number == second[0].number)
    assert any(each.action == "kill" and each.at for each in chances_at(moment.trace, step, {}))
    more = aimed(list(once.events.all()), second[0].number, "kill")
    twice = executed(host, once, knobs=once.knobs, interventions=[*once.interventions, more.to_json()])
    assert [each.payload["delivery"] for each in events_of(twice, "started")] == [1, 2, 3]
    assert len(events_of(twice, "died")) == 2


def test_a_task_is_ended_by_its_timeout_or_by_an_exception(host: LabHost, run: Run) -> None:
    raised, slow = (again_with(host, run, "started", action) for action in ("raise", "slow"))
    assert "Raised on purpose" in events_of(raised, "stored")[0].payload["result"]
    assert "exceeded maximum timeout" in events_of(slow, "stored")[0].payload["result"]


@pytest.mark.parametrize("action", ["kill", "raise", "slow", "kill-caller", "stop", "skip-gate"])
def test_what_was_done_is_found_in_the_events_and_not_in_those_of_the_run_without_it(
    host: LabHost, action: str
) -> None:
    first = executed(host, slug="task-results-and-status") if action == "skip-gate" else executed(host)
    again = again_with(host, first, "queued" if action == "skip-gate" else "started", action)
    [done], deed = events_of(again, "intervened"), own_interventions(again.interventions)[-1]
    assert done_at(list(again.events.all()), deed) == done.number
    assert done_at(list(first.events.all()), deed) is None


@pytest.mark.thorough
def test_of_two_deaths_at_the_same_event_each_is_found_by_its_delivery(host: LabHost, run: Run) -> None:
    once = again_with(host, run, "started", "kill")
    second = next(each for each in events_of(once, "started") if each.payload["delivery"] == 2)
    more = aimed(list(once.events.all()), second.number, "kill")
    twice = executed(host, once, knobs=once.knobs, interventions=[*once.interventions, more.to_json()])
    events = list(twice.events.all())
    found = [done_at(events, each) for each in own_interventions(twice.interventions)]
    assert found == [each.number for each in events_of(twice, "intervened")]
    assert len(set(found)) == 2


def test_the_caller_is_killed_and_the_task_is_stored_all_the_same(host: LabHost, run: Run) -> None:
    again = again_with(host, run, "started", "kill-caller")
    assert [each.payload["process"] for each in events_of(again, "died")] == ["caller"]
    assert len(events_of(again, "stored")) == 1


def test_a_program_that_passes_its_gate_reads_too_early(host: LabHost) -> None:
    first = executed(host, slug="task-results-and-status")
    again = again_with(host, first, "queued", "skip-gate")
    assert [each.payload["action"] for each in events_of(again, "intervened")] == ["skip-gate"]
    assert events_of(again, "gate") == []


def test_what_the_lesson_notes_of_runs_without_it_is_not_said_after_it(host: LabHost, run: Run) -> None:
    again = newest_of(again_with(host, run, "started", "raise")).trace
    number = next(each.number for each in again.steps if each.event == "started")
    before, after = again.steps[:number], again.steps[number:]
    assert any(each.note for each in before)
    assert after
    assert not any(each.note or each.more or each.closing for each in after)
    assert all(each.headline == each.action[:90] for each in after)


def test_nothing_is_aimed_at_a_task_where_no_worker_is_inside_it(run: Run) -> None:
    stored = events_of(run, "stored")[0].number
    with pytest.raises(Impossible, match="No worker is inside a task's function at this step"):
        aimed(list(run.events.all()), stored, "kill")


def test_a_broken_run_remembers_what_was_done_and_from_which_run_it_was_made(
    run: Run,
    queue: WaitingQueue,  # noqa: F811
) -> None:
    session = SessionStore()
    chain = [run]
    for _ in range(2):
        where = chance(run, "started", "kill")
        new = broken(run, 2, where, session=session, address=None)
        Breaking.objects.filter(run=new).update(origin=chain[-1])
        chain.append(new)
    assert chain_of(chain[2]) == [(chain[1], chain[0]), (chain[2], chain[1])]
    assert len(chain[1].interventions) == 1


def test_only_so_many_things_can_be_done_to_one_run(run: Run) -> None:
    where = chance(run, "started", "kill")
    more = aimed(list(run.events.all()), where.at, "kill").to_json()
    run.interventions = [more] * MOST_INTERVENTIONS
    with pytest.raises(TooManyInterventions, match="At most 5 things can be done to a run"):
        broken(run, 2, where, session=SessionStore(), address=None)


@pytest.mark.thorough
def test_a_repair_with_another_function_does_the_same_at_the_same_line_of_that_function(host: LabHost) -> None:
    lesson = catalogue.get("safe-to-run-twice")
    blind = {"function": "shop.tasks.book_blindly", "die": False}
    run = executed(host, slug=lesson.slug, knobs=blind)
    killed = again_with(host, run, "printed", "kill")
    safe = {**blind, "function": "shop.tasks.book"}
    interventions = reaimed(killed.interventions, lesson, blind, safe)
    repaired = executed(host, run, knobs=safe, interventions=interventions)
    assert done_at(list(repaired.events.all()), own_interventions(interventions)[-1])
    assert bookings(killed) == 2
    assert bookings(repaired) == 1


def bookings(run: Run) -> int:
    return newest_of(run).trace.steps[-1].state.tables["Booking"].count


def test_what_was_aimed_at_another_function_stays_there() -> None:
    lesson = catalogue.get("safe-to-run-twice")
    where = {"file": "shop/tasks.py", "line": 25, "function": "confirm"}
    at = {"event": "line", "lane": "worker", "count": 1, "where": where}
    subject = {"kind": "task", "ordinal": 1, "func": "shop.tasks.book", "delivery": 1}
    stored = {"at": at, "action": "kill", "seconds": 0.0, "subject": subject}
    [same] = reaimed([stored], lesson, {"die": True}, {"die": False})
    assert same == stored
    [inside] = reaimed([stored], lesson, {"function": "shop.tasks.book"}, {"function": "shop.tasks.book_blindly"})
    assert inside["at"] == at
    assert inside["subject"]["func"] == "shop.tasks.book_blindly"
