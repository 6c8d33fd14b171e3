"""The run that a class has seen before, beside the one that it sees now: what both have at a step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.styles.drawing.row_places import LONG_MS
from tutor.styles.drawing.table_changes import counts
from tutor.styles.inputs import deeds_of, differences, name_of
from tutor.styles.moment import Moment
from tutor.styles.templatetags.times import ms
from tutor.trace.comparison import keyed
from tutor.trace.model import Step

NOTHING_DONE = "nothing done"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a step in both runs."""

    label: str
    before: str
    now: str
    is_different: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """A step of a run beside the one in the run before that it corresponds to."""

    before: str
    """What the run before is called; if something was done to the run now alone, that nothing was."""
    now: str
    """What the run now is called: its case, or what was done to it."""
    knobs: tuple[tuple[str, str, str], ...]
    """The knobs in which the runs differ: label, value before, value now."""
    step: Step | None
    """The step of the run before; None without any."""
    has_ended: bool
    """Whether the class has seen the run before to its end, so that the step can't come any more."""
    facts: tuple[Fact, ...]
    only_before: tuple[Step, ...]
    """The steps that the run before had made until then, and the run now hasn't."""

    @property
    def is_same(self) -> bool:
        """Whether the row of the step says the same in both runs."""
        return bool(self.facts) and not any(fact.is_different for fact in self.facts)


def beside(before: Moment, now: Moment) -> Beside:
    """Return what the run `before` has beside the moment `now`, whatever its own position is.

    It has only the steps that the class has seen: the others would tell what comes.
    """
    mine, theirs = keyed(now.reached), keyed(before.trace)
    step = theirs.get(next(reversed(mine))) if mine else None
    return Beside(
        NOTHING_DONE if deeds_of(now.run) and not deeds_of(before.run) else name_of(before),
        name_of(now),
        tuple(differences(before, now)),
        step,
        before.trace.ended is not None,
        tuple(facts(before, step, now)) if step else (),
        tuple(each for key, each in theirs.items() if key not in mine and each.number < step.number) if step else (),
    )


def facts(before: Moment, step: Step, now: Moment) -> Iterator[Fact]:
    """Yield what the row of a step says in both runs."""
    runs = (before, step), (now, now.steps[-1])
    old, new = (each.at_ms - moment.trace.zero_ms for moment, each in runs)
    yield Fact("Time", f"+{ms(old)}", f"+{ms(new)}", abs(old - new) >= LONG_MS)
    for label, text in (("Process", process), ("Task status", status), ("Result stored", result), ("Rows", rows)):
        was, is_now = (text(moment, each) for moment, each in runs)
        yield Fact(label, was, is_now, was != is_now)


def process(moment: Moment, step: Step) -> str:
    return step.process_label


def status(moment: Moment, step: Step) -> str:
    unsettled = (f"delivery {each} {'ended' if each in step.unstored else 'not over'}" for each in step.unsettled)
    return ", ".join((step.status, *unsettled))


def result(moment: Moment, step: Step) -> str:
    return step.result


def rows(moment: Moment, step: Step) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts(moment.trace, step.number).items())
