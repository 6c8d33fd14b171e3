"""Questions before the next step of a run is uncovered, where the lesson's cases part. Pure.

Up to a step, runs of different cases can make the same steps, and then each goes its own way. What comes next is a
question there, whose options are what comes next in the cases: a wrong one is right in another case's run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from tutor.lessons.lesson import Lesson
from tutor.trace.model import Step, Trace

from .authored import choice_of
from .kinds.choice import Choice
from .kinds.question import Option
from .reference_paths import Path, path_of

FEWEST, MOST = 3, 5
"""How many questions a walk asks, if the run has as many steps before which one can be asked."""
MOST_OPTIONS = 4
MOST_BEFORE = 12
"""The steps after which the question to the class, which is meant for the beginning of a walk, isn't asked any more."""
THE_END = ("", "Nothing: the run ends here")
"""What comes next in a run that has ended."""

Paths = Mapping[str, Sequence[Path]]
"""Name of a case → the paths of its reference runs."""


@dataclass(frozen=True, slots=True)
class Way:
    """What comes next in a case whose runs have made the same steps so far."""

    rule: str
    action: str
    case: str
    nth: int
    """Which step of that rule it is in its run, from 1."""


class NextStep(Choice):
    """The question what the next step of the run is."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference run, compared with the run that is asked about."""

    case: str
    path: Path
    is_first: bool
    """Whether it is the first of its case."""
    shared: int
    """How many steps both begin with, by their rules."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks what comes next in a run. It compares each reference run with it once, however long the run is."""

    lesson: Lesson
    trace: Trace
    case: str
    path: Path
    references: Sequence[Reference]

    def asked_after(self, at: int) -> Choice | None:
        """Return the question what comes after the step at `at`; None if nothing else could come, or it is chance."""
        same = [each for each in self.references if each.case == self.case and each.shared >= at]
        if any(each.shared == at for each in same):
            return None
        options = [Option(self.path[at][1]), *(option_of(way, self.lesson) for way in self.parts_at(at))]
        if len(options) == 1 and same:
            options += [Option(other) for other in self.other_actions(at)[: MOST_OPTIONS - 2]]
        if len(options) == 1:
            return None
        step, shown = self.trace.steps[at], tuple(options[:MOST_OPTIONS])
        why = step.sentence or step.headline
        return NextStep(
            id=id_at(at), text="What comes next?", why=why, options=shown, right=0, step=step.number, tries=1
        )

    def parts_at(self, at: int) -> list[Way]:
        """Return the other ways that cases go after the same first `at` steps, one for each action."""
        found: dict[str, Way] = {}
        for each in self.references:
            if not each.is_first or each.shared != at:
                continue
            rule, action = each.path[at] if at < len(each.path) else THE_END
            if action != self.path[at][1]:
                found.setdefault(action, Way(rule, action, each.case, rules(each.path[: at + 1]).count(rule)))
        return list(found.values())

    def other_actions(self, at: int) -> list[str]:
        """Return what other steps of the lesson's runs do than the one after `at`; that doesn't tell what comes when.

        Steps that all cases have made by then aren't among them.
        """
        rule, action = self.path[at]
        firsts = [each.path for each in self.references if each.is_first]
        found = dict.fromkeys(other for path in firsts for own, other in path if own != rule)
        known = {other for _, other in self.path[: at + 1]}
        return sorted((each for each in found if each not in known), key=lambda each: rank(f"{action}/{each}"))


def asker(lesson: Lesson, trace: Trace, paths: Paths, case: str) -> Asker:
    own = path_of(trace)
    references = [
        Reference(name, path, number == 0, shared(path, own))
        for name, each in paths.items()
        for number, path in enumerate(each)
    ]
    return Asker(lesson, trace, case, own, references)


def shared(path: Path, own: Path) -> int:
    """Return how many steps two paths begin with whose rules are the same."""
    pairs = enumerate(zip(path, own, strict=False))
    return next((at for at, ((one, _), (other, _)) in pairs if one != other), min(len(path), len(own)))


def predictions(
    lesson: Lesson, trace: Trace, paths: Paths, case: str = "", *, every: bool = False
) -> dict[int, Choice]:
    """Return position → the question after that step of a run that has ended, in the order of the positions.

    `case` is the case that the run has the inputs of, if it is one. If `every` is true, each step that can be asked
    about is; otherwise, three to five of them.
    """
    ask = asker(lesson, trace, paths, case)
    known = {at: question for at in range(1, len(ask.path)) if (question := ask.asked_after(at))}
    if (at := before_answer(lesson, trace.steps)) and lesson.content.ask:
        known[at] = replace(choice_of(id_at(at), lesson.content.ask, lesson, trace), tries=1, hint="", look="")
    if not every:
        parts = [at for at in known if at == before_answer(lesson, trace.steps) or ask.parts_at(at)]
        chosen = spread(parts, MOST) if len(parts) > MOST else filled(parts, [at for at in known if at not in parts])
        known = {at: known[at] for at in chosen}
    return dict(sorted(known.items()))


def id_at(position: int) -> str:
    """Return the id of the question after the step at `position`."""
    return f"predict-{position}"


def before_answer(lesson: Lesson, steps: Sequence[Step]) -> int:
    """Return the position before the first step that answers the question to the class; 0 if there is none, or if the
    steps before it have told too much.
    """
    rules = lesson.content.ask.before if lesson.content.ask else ()
    return next((step.number - 1 for step in steps[: MOST_BEFORE + 1] if step.id in rules), 0)


def rules(path: Path) -> list[str]:
    return [rule for rule, _ in path]


def option_of(way: Way, lesson: Lesson) -> Option:
    """Return a way as an option, with the claim that its case's reference run shows."""
    nth = f"#{way.nth}" if way.nth > 1 else ""
    claim = f"{way.case}/step@{way.rule}{nth}" if way.rule else f"{way.case}/outcome"
    return Option(way.action, right_in=claim)


def rank(text: str) -> bytes:
    return sha256(text.encode()).digest()


def spread(positions: Sequence[int], most: int) -> list[int]:
    """Return at most `most` of the positions, the first and the last of them and some between."""
    last = len(positions) - 1
    return [positions[round(number * last / (most - 1))] for number in range(most)]


def filled(chosen: Sequence[int], others: Sequence[int]) -> list[int]:
    """Return the chosen positions and, if they are few, those of the others that are farthest from them."""
    found, rest = list(chosen), list(others)
    while len(found) < FEWEST and rest:
        best = max(rest, key=lambda at: min((abs(at - each) for each in found), default=at))
        found.append(best)
        rest.remove(best)
    return sorted(found)
