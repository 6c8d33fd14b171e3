"""What a class sees of the run before, beside the step at which it stands."""

from __future__ import annotations

from dataclasses import replace

from tests.trace.events import MadeUpEvent, asked, event, lesson, numbered
from tests.trace.life import died, idle, picked, queued, started, stored
from tutor.classroom.beside import Beside, beside
from tutor.runs.models import Run
from tutor.styles.moment import Moment
from tutor.trace.projector import project

ENDED = event("ended", "host", outcome="finished", reason="")
OTHER = {"x": 7.0}


def moment(*events: MadeUpEvent, later_ms: int = 0, **knobs: object) -> Moment:
    """Return the last step of a run, whose last event came that much later."""
    made = numbered([asked(**knobs), *events])
    made[-1] = replace(made[-1], at=made[-1].at + later_ms * 1_000_000)
    run = Run(pk=1, public_id="abcdefghjk", lesson=lesson().slug, knobs={**lesson().defaults, **knobs})
    trace = project(lesson(), made)
    return Moment(lesson(), run, trace, trace.number, len(trace.steps))


def different(found: Beside) -> dict[str, tuple[str, str]]:
    return {fact.label: (fact.before, fact.now) for fact in found.facts if fact.is_different}


def test_a_step_is_beside_the_one_of_the_same_rule_and_task_whatever_their_numbers() -> None:
    before = moment(queued(), picked(), started(), stored(), ENDED)
    now = moment(queued(), stored())
    found = beside(before, now)
    assert found.step
    assert (found.step.id, found.step.number, now.position) == ("stored", 3, 2)
    assert [each.id for each in found.only_before] == ["started"]


def test_the_second_start_of_a_task_is_beside_its_second_start() -> None:
    again = (queued(), picked(), started(), picked(delivery=2), started(delivery=2))
    found = beside(moment(*again, ENDED), moment(*again))
    assert found.step
    assert found.step.number == 3
    assert not found.only_before


def test_a_step_of_another_task_is_none_of_this_one() -> None:
    found = beside(moment(queued(func="shop.tasks.ship"), ENDED), moment(queued()))
    assert found.step is None


def test_a_step_that_the_run_before_never_made_has_none_beside_it_and_one_that_goes_on_may_still_make_it() -> None:
    now = moment(queued(), picked(), started(), stored())
    for events, has_ended in (((queued(), ENDED), True), ((queued(),), False)):
        found = beside(moment(*events), now)
        assert found.step is None
        assert found.has_ended is has_ended
        assert not found.facts


def test_only_the_facts_that_differ_are_marked() -> None:
    before = moment(queued(), picked(), started(), stored())
    same = beside(before, moment(queued(), picked(), started(), stored()))
    assert different(same) == {}
    assert same.is_same
    another = moment(queued(), picked(), started(), stored(result="7.0"))
    assert different(beside(before, another)) == {"Result stored": ("-1.0", "7.0")}
    late = beside(before, moment(queued(), picked(), started(), stored(), later_ms=300))
    assert different(late).keys() == {"Time"}
    assert not late.is_same
    soon = beside(before, moment(queued(), picked(), started(), stored(), later_ms=20))
    assert different(soon) == {}


def test_knobs_in_which_the_runs_differ_are_told() -> None:
    found = beside(moment(queued()), moment(queued(), **OTHER))
    assert [(label, now) for label, _, now in found.knobs] == [("x", "7.0")]


def test_a_run_is_called_by_what_was_done_to_it_and_the_one_before_by_that_nothing_was() -> None:
    before, broken, twice = moment(queued()), moment(queued()), moment(queued())
    subject = {"kind": "task", "func": "shop.tasks.add", "ordinal": 1, "delivery": 1}
    deeds = [{"at": {"event": "started"}, "action": each, "subject": subject} for each in ("kill", "raise")]
    assert broken.run
    assert twice.run
    broken.run.interventions, twice.run.interventions = deeds[:1], deeds
    found = beside(before, broken)
    killed = "As it stands · kill its worker"
    assert (found.before, found.now) == ("nothing done", killed)
    found = beside(broken, twice)
    assert (found.before, found.now) == (killed, f"{killed} · make it raise")


def test_a_run_that_has_made_no_step_has_nothing_beside_it() -> None:
    found = beside(moment(queued()), moment(died(1)))
    assert (found.step, found.facts) == (None, ())
    assert beside(moment(queued()), moment(idle())).step is None
