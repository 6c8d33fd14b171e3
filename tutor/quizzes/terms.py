"""What decides a run of a case besides its program and its settings, in words. Nothing of a run is in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tutor.lessons.format.cases import Case
from tutor.lessons.format.lab_rules import GateRule, InterventionRule
from tutor.lessons.lesson import Lesson
from tutor.protocol.actions import ACTIONS
from tutor.protocol.lanes import Lane
from tutor.protocol.when import When
from tutor.trace.notices import MOMENTS

from .generators.wording import code, listed, ordinal


def terms_of(lesson: Lesson, case: Case) -> tuple[str, ...]:
    """Return its interventions and gates. A knob that is in neither program nor settings switches some of them."""
    knobs = lesson.case_knobs(case)
    interventions = (*lesson.interventions_for(knobs), *case.interventions)
    gates = dict.fromkeys(says_of(each) for each in (*lesson.gates_for(knobs), *case.gates))
    return (*interventions_in_words(interventions), *gates)


def says_of(rule: GateRule) -> str:
    """Return the sentence of a gate. A lesson shows it at its line, so that it may say "this line"."""
    at = rule.at.when.where
    return rule.says.replace("this line", f"line {at.get('line')} of {code(str(at.get('file')))}")


def interventions_in_words(rules: tuple[InterventionRule, ...]) -> Iterator[str]:
    """Yield a sentence for each intervention, and one for those that differ only in their turn."""
    for (moment, done), same in groupby(rules, key=lambda rule: (moment_of(rule.at.when), done_in(rule))):
        turns = listed([ordinal(rule.at.when.count or 1) for rule in same])
        yield f"The {turns} time that {moment}, {done}."


def moment_of(at: When) -> str:
    """Return the event of an intervention as a clause."""
    if at.event == "line":
        who = "the program" if at.lane == Lane.CALLER else "a worker"
        verb, number = ("has run", at.where["ran"]) if "ran" in at.where else ("comes to", at.where.get("line"))
        return f"{who} {verb} line {number} of {code(str(at.where['file']))}"
    if at.event == "started":
        name, args = at.where.get("name"), at.where.get("args")
        return f"a worker begins {code(name) if name else 'a task'}{f' with {code(args)}' if args else ''}"
    return MOMENTS.get(at.event, f"the event {code(at.event)} occurs")


def done_in(rule: InterventionRule) -> str:
    """Return what an intervention does, as a clause."""
    process = rule.at.lane if rule.at.lane and rule.at.lane != Lane.CALLER else Lane.WORKER.value
    done = ACTIONS[rule.action].notice.format(process=process)
    return done.replace("longer", f"{rule.seconds:g} s longer") if rule.seconds else done
