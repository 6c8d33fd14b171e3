"""The gate between generators and quizzes: which generated questions are asked, and why the others aren't. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.lessons.claims import ClaimSubject, subject_of
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.prose_texts import questions_of
from tutor.trace.claim_evaluation import observed_value, value_holds
from tutor.trace.model import Trace

from .alike import are_alike, as_event, subject_in
from .answers import options_of, rights_of
from .kinds.choice import Choice
from .kinds.point import Point
from .kinds.question import Option, Question
from .told import Told
from .words import is_within, simplified

FEWEST_RUNS = 5
"""The number of runs of a case that have to agree."""
MOST = 40
"""The maximum number of questions of a lesson, over all its cases."""
NAMED_PERCENT = 60
"""The least percentage of a lesson's questions that have an option with a misconception."""
FEWEST_OPTIONS = 3
"""The least number of options of a choice, or of targets."""

DISAGREE = "the runs of the case don't agree"
TELLS_ITSELF = "its own text answers it"
TOLD = "the page answers it"
ALL_ALIKE = "it is the same at all steps"
SAME_OPTIONS = "two options are the same"
TOO_FEW = "it has too few options"
RIGHT_TOO = "a wrong option is right in this run too"
NONE_AND_NOTHING = "it has more than one kind of nothing as an option"
REPEATED = "it repeats another one of the case"
AUTHORED = "it repeats one that stands in the lesson"
OTHER_CASE = "it repeats one of another case"
TOO_MANY = f"the lesson has {MOST} others"
UNNAMED = "too few of the lesson's have a named misconception"

NOTHINGS = frozenset({"none", "not yet", "no row"})


@dataclass(frozen=True, slots=True)
class Dropped:
    """A question that isn't asked."""

    case: str
    question: Question
    why: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The questions that passed, in order, by case, and those that didn't."""

    questions: Mapping[str, tuple[Question, ...]]
    dropped: tuple[Dropped, ...]


def agreed(case: str, runs: Sequence[Sequence[Question]]) -> Passed:
    """Return the questions of the first run that each of the runs of a case gives rise to.

    The number of the step that shows the answer doesn't count: the steps before it may come in any order.
    """
    common = (
        set.intersection(*({value_of(each) for each in run} for run in runs)) if len(runs) >= FEWEST_RUNS else set()
    )
    first = {each.id: each for run in reversed(runs) for each in run}
    kept = tuple(each for each in (runs[0] if runs else ()) if value_of(each) in common)
    ids = {each.id for each in kept}
    dropped = tuple(Dropped(case, each, DISAGREE) for id, each in first.items() if id not in ids)
    return Passed({case: kept}, dropped)


def value_of(question: Question) -> Question:
    """Return the question without what may differ between runs that agree on it."""
    return replace(question, step=None)


def sound(case: str, asked: Iterable[Question], lesson: Lesson, trace: Trace, told: Told) -> Passed:
    """Return the questions about one case that are worth asking at a run of it; `trace` is one of its runs."""
    kept: list[Question] = []
    dropped: list[Dropped] = []
    written = {subject_of_claim(case, each) for each in authored_claims(lesson)}
    for each in asked:
        why = fault_of(each, trace, told) or repeated(each, kept, written)
        if why:
            dropped.append(Dropped(case, each, why))
        else:
            kept.append(each)
    return Passed({case: tuple(kept)}, tuple(dropped))


def fault_of(question: Question, trace: Trace, told: Told) -> str:
    """Return what is wrong with a question by itself; "" if nothing is."""
    subject = subject_of(question.claim)
    options = options_of(question)
    texts = [simplified(each.text) for each in options]
    right = [each.text for each in rights_of(question)]
    if len(set(texts)) < len(texts):
        return SAME_OPTIONS
    if isinstance(question, Choice | Point) and len(options) < FEWEST_OPTIONS:
        return TOO_FEW
    if len(NOTHINGS.intersection(texts)) > 1:
        return NONE_AND_NOTHING
    wrong = [each for each in options if each.text not in right]
    if len(right) == 1 and tells_itself(question.text, right[0], wrong):
        return TELLS_ITSELF
    if place := next(told.places(subject, right if len(right) == 1 else ()), None):
        return f"{TOLD}: {place}"
    if is_alike(subject, trace):
        return ALL_ALIKE
    if any(holds_too(each, rights_of(question), subject, trace) for each in wrong):
        return RIGHT_TOO
    return ""


def holds_too(wrong: Option, right: Sequence[Option], subject: ClaimSubject, trace: Trace) -> bool:
    """Return whether the run shows a wrong option as a value of the question's claim.

    Where a claim's value only has to be contained in what the run shows, the right option must be so as well: the
    options may be another kind of value, such as a number of lines.
    """
    both = (wrong, *right) if subject.definition.comparison == "contains" else (wrong,)
    return all(value_holds(subject, bare(each.text), trace) for each in both)


def bare(text: str) -> str:
    """Return the text of an option without the signs of code."""
    return text.strip("`")


def tells_itself(text: str, right: str, wrong: Iterable[Option]) -> bool:
    """Return whether the text of a question has the words of its key, and not those of the other options."""
    return is_within(right, text) and not any(is_within(each.text, text) for each in wrong)


def is_alike(subject: ClaimSubject, trace: Trace) -> bool:
    """Return whether what is asked of one step is the same at every step that is about the same task."""
    if subject.kind not in ("status", "result", "value") or len(subject.rules) != 1:
        return False
    steps = [step for step in trace.steps if step.task]
    found = {observed_value(replace(subject, rules=(each,)), trace) for each in rules_of(trace)}
    return len(steps) > 1 and len(found) == 1


def rules_of(trace: Trace) -> Iterator[tuple[str, int]]:
    """Yield the steps about tasks as claims name them."""
    made: Counter[str] = Counter()
    for step in trace.steps:
        made[step.id] += 1
        if step.task:
            yield step.id, made[step.id]


def authored_claims(lesson: Lesson) -> Iterator[str]:
    for _, question in questions_of(lesson.content):
        yield question.claim


def subject_of_claim(case: str, claim: str) -> ClaimSubject:
    """Return the subject of a claim of the lesson with its case named; without one it is that of the page's run."""
    subject = subject_of(claim)
    return as_event(subject if subject.case else replace(subject, case=case))


def repeated(question: Question, before: Iterable[Question], written: set[ClaimSubject]) -> str:
    """Return why a question is a repetition of one of the lesson, or of one `before` it; "" if it isn't one."""
    if as_event(subject_of(question.claim)) in written:
        return AUTHORED
    return REPEATED if any(are_alike(question, each) for each in before) else ""


def of_lesson(sound_by_case: Mapping[str, Sequence[Question]]) -> Passed:
    """Return the questions of a lesson: none twice over its cases, at most `MOST`, most of them with a misconception.

    Those that stay are taken from all cases in turn, the ones with a misconception first.
    """
    dropped: list[Dropped] = []
    fresh: dict[str, list[Question]] = {}
    for case, questions in sound_by_case.items():
        before = [each for others in fresh.values() for each in others]
        again = [each for each in questions if any(are_alike(each, other) for other in before)]
        dropped += (Dropped(case, each, OTHER_CASE) for each in again)
        fresh[case] = [each for each in questions if each not in again]
    chosen, left = choose(fresh)
    dropped += left
    kept = {case: tuple(each for each in questions if (case, each.id) in chosen) for case, questions in fresh.items()}
    return Passed(kept, tuple(dropped))


def choose(fresh: Mapping[str, Sequence[Question]]) -> tuple[set[tuple[str, str]], list[Dropped]]:
    """Return (case, id) of the questions that are within the limits of a lesson, and the others."""
    named = in_turn({case: [each for each in all_ if has_misconception(each)] for case, all_ in fresh.items()})
    plain = in_turn({case: [each for each in all_ if not has_misconception(each)] for case, all_ in fresh.items()})
    kept_named = named[:MOST]
    room = len(kept_named) * (100 - NAMED_PERCENT) // NAMED_PERCENT
    kept_plain = plain[: min(room, MOST - len(kept_named))]
    left = [Dropped(case, each, TOO_MANY) for case, each in named[MOST:]]
    why = UNNAMED if len(kept_named) + room < MOST else TOO_MANY
    left += [Dropped(case, each, why) for case, each in plain[len(kept_plain) :]]
    return {(case, each.id) for case, each in (*kept_named, *kept_plain)}, left


def in_turn(by_case: Mapping[str, Sequence[Question]]) -> list[tuple[str, Question]]:
    """Return the questions of all cases and subjects in turn, so that the first ones are of as many as possible."""
    queues: dict[tuple[str, str], list[Question]] = {}
    for case, questions in by_case.items():
        for each in questions:
            queues.setdefault((case, subject_in(each.id)), []).append(each)
    longest = max(map(len, queues.values()), default=0)
    turns = range(longest)
    return [(case, queue[turn]) for turn in turns for (case, _), queue in queues.items() if turn < len(queue)]


def has_misconception(question: Question) -> bool:
    return any(each.misconception for each in options_of(question))
