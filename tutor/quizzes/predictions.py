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


def predictions(
    lesson: Lesson, trace: Trace, paths: Paths, case: str = "", *, every: bool = False
) -> dict[int, Choice]:
    """Return position → the question after that step of a run that has ended, in the order of the positions.

    `case` is the case that the run has the inputs of, if it is one. If `every` is true, each step that can be asked
    about is; otherwise, three to five of them.
    """
    own = path_of(trace)
    known = {at: question for at in range(1, len(own)) if (question := asked_after(at, lesson, trace, paths, case))}
    if (at := before_answer(lesson, trace.steps)) and lesson.content.ask:
        known[at] = replace(choice_of(id_at(at), lesson.content.ask, lesson, trace), tries=1, hint="", look="")
    if not every:
        parts = [at for at in known if at == before_answer(lesson, trace.steps) or parts_at(at, own, paths)]
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


def asked_after(at: int, lesson: Lesson, trace: Trace, paths: Paths, case: str) -> Choice | None:
    """Return the question what comes after the step at `at`; None if nothing else could come, or if it is chance."""
    own = path_of(trace)
    action = own[at][1]
    same = [path for path in paths.get(case, ()) if rules(path[:at]) == rules(own[:at])]
    if any(rules(path[at : at + 1]) != rules(own[at : at + 1]) for path in same):
        return None
    options = [Option(action)]
    options += [option_of(way, lesson) for way in parts_at(at, own, paths) if way.action != action]
    if len(options) == 1:
        if not same:
            return None
        options += [Option(other) for other in other_actions(at, own, paths)[: MOST_OPTIONS - 2]]
    if len(options) == 1:
        return None
    why = trace.steps[at].sentence or trace.steps[at].headline
    step = trace.steps[at].number
    shown = tuple(options[:MOST_OPTIONS])
    return NextStep(id=id_at(at), text="What comes next?", why=why, options=shown, right=0, step=step, tries=1)


def parts_at(at: int, own: Path, paths: Paths) -> list[Way]:
    """Return the other ways that cases go after the same first `at` steps, one for each action."""
    found: dict[str, Way] = {}
    for case, references in paths.items():
        path = references[0]
        if rules(path[:at]) != rules(own[:at]):
            continue
        rule, action = path[at] if at < len(path) else THE_END
        if rule != own[at][0] and action != own[at][1]:
            found.setdefault(action, Way(rule, action, case, rules(path[: at + 1]).count(rule)))
    return list(found.values())


def rules(path: Path) -> list[str]:
    return [rule for rule, _ in path]


def option_of(way: Way, lesson: Lesson) -> Option:
    """Return a way as an option, with the claim that its case's reference run shows."""
    nth = f"#{way.nth}" if way.nth > 1 else ""
    claim = f"{way.case}/step@{way.rule}{nth}" if way.rule else f"{way.case}/outcome"
    return Option(way.action, right_in=claim)


def other_actions(at: int, own: Path, paths: Paths) -> list[str]:
    """Return what steps of the lesson's runs do, other than the one after `at`; that tells nothing of what comes when.

    Steps that all cases have made by then aren't among them.
    """
    found = dict.fromkeys(
        action for references in paths.values() for rule, action in references[0] if rule != own[at][0]
    )
    known = {action for _, action in own[: at + 1]}
    return sorted((each for each in found if each not in known), key=lambda each: rank(f"{own[at][1]}/{each}"))


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
