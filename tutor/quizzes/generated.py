"""Generated questions of a lesson, from the site's reference runs, and those that hold at a learner's run as well."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from tutor.lessons.claims import ClaimSubject, subject_of
from tutor.lessons.format.cases import DEFAULT, Case
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Event, Run
from tutor.runs.references import kept
from tutor.trace.model import RecordedEvent, Trace
from tutor.trace.projector import project

from . import gate
from .alike import about, key_text
from .contrasts import with_other_workers
from .gate import Dropped
from .generators.registry import all_questions
from .generators.wording import code, listed
from .kinds.choice import Choice
from .kinds.question import Question
from .told import Told, told_by
from .words import simplified

MOST_LESSONS = 64
"""The number of lessons whose questions a process keeps: those that were asked for last."""
Key = tuple[str, tuple[int, ...]]
"""A version of a lesson, and the reference runs from which its questions come."""


MOST_CHANGES = 2
"""The number of knobs that a question may name; with more, it names the case."""
SWITCHED = {"yes": "on", "no": "off"}
"""The text of a switch → how a question says it."""
Answers = Mapping[ClaimSubject, Mapping[str, str]]
"""Subject without its case → case → the answer that the runs of the case agree on."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What generators and gate make of a lesson's reference runs."""

    questions: Mapping[str, tuple[Question, ...]]
    """Case → the questions of the lesson about it."""
    sound: Mapping[str, tuple[Question, ...]]
    """Case → all that its runs agree on and that are worth asking, though the lesson may ask it about another case."""
    answers: Answers
    dropped: tuple[Dropped, ...]


cache: OrderedDict[Key, Generated] = OrderedDict()
making = Lock()
"""Held while questions are made, so that a class that asks at once waits for one who makes them."""


def questions_of(lesson: Lesson, case: Case) -> tuple[Question, ...]:
    """Return the questions about a case; none if it has fewer than five reference runs."""
    made = of_lesson(lesson)
    asked = (linked(each, made.answers) for each in made.questions.get(case.name, ()))
    return tuple(asked) if case.name == DEFAULT else tuple(supposing(each, lesson, case) for each in asked)


def at_run(lesson: Lesson, case: Case, trace: Trace) -> tuple[Question, ...]:
    """Return the questions about a case that a run of it answers as its reference runs do, at that run's steps."""
    made = of_lesson(lesson)
    own = {gate.value_of(each): each for each in all_questions(lesson, case, trace)}
    same = (own.get(gate.value_of(each)) for each in made.sound.get(case.name, ()))
    return tuple(linked(each, made.answers) for each in same if each)


def of_lesson(lesson: Lesson) -> Generated:
    """Return everything that is generated for a lesson now. It is kept as long as the reference runs are the same."""
    runs = runs_of(lesson)
    key = lesson.version, tuple(sorted(run for each in runs.values() for run in each))
    with making:
        if key not in cache:
            cache[key] = generate(lesson, {case: [events_of(run) for run in each] for case, each in runs.items()})
        cache.move_to_end(key)
        while len(cache) > MOST_LESSONS:
            cache.popitem(last=False)
        return cache[key]


def runs_of(lesson: Lesson) -> Mapping[str, list[int]]:
    """Return case → the keys of its reference runs, for the cases that have enough of them, the lesson's own first."""
    found: dict[str, list[int]] = {each.name: [] for each in lesson.cases}
    for case, run in kept([lesson]).filter(run__state=Run.State.ENDED).order_by("number").values_list("case", "run"):
        if case in found:
            found[case].append(run)
    return {case: runs for case, runs in found.items() if len(runs) >= gate.FEWEST_RUNS}


def events_of(run: int) -> list[Event]:
    return list(Event.objects.filter(run=run).order_by("number"))


def generate(lesson: Lesson, events: Mapping[str, Sequence[Sequence[RecordedEvent]]]) -> Generated:
    """Return the questions that runs of a lesson give rise to; `events` are those of each run, by case. Pure."""
    sound: dict[str, tuple[Question, ...]] = {}
    dropped: list[Dropped] = []
    told = told_by(lesson, events[DEFAULT][0]) if DEFAULT in events else Told({}, {})
    for name, runs in events.items():
        case, traces = lesson.case(name), [project(lesson, each) for each in runs]
        common = gate.agreed(name, [all_questions(lesson, case, trace) for trace in traces])
        passed = gate.sound(name, common.questions[name], lesson, traces[0], told)
        sound[name] = passed.questions[name]
        dropped += (*common.dropped, *passed.dropped)
    last = gate.of_lesson(with_other_workers(lesson, sound))
    return Generated(last.questions, sound, answers_in(sound), (*dropped, *last.dropped))


def answers_in(sound: Mapping[str, Sequence[Question]]) -> Answers:
    found: dict[ClaimSubject, dict[str, str]] = defaultdict(dict)
    for case, questions in sound.items():
        for each in questions:
            found[about(each)].setdefault(case, key_text(each))
    return found


def supposing(question: Question, lesson: Lesson, case: Case) -> Question:
    """Return a question about another case than the lesson's own, which says what is different there.

    A question about the whole run asks "what if": it names the knobs, if they are few. Others name the case.
    """
    if subject_of(question.claim).rules or not 0 < len(case.knobs) <= MOST_CHANGES or case.lab_rules:
        return replace(question, other_case=case.title)
    names, texts, before = (
        {each.name: each.label for each in lesson.content.knobs},
        *map(lesson.knob_texts, (case.knobs, {})),
    )
    changes = [change_of(names[name], texts[name], before[name]) for name in case.knobs]
    return replace(question, text=f"What if {listed(changes)}? {question.text}")


def change_of(label: str, text: str, before: str) -> str:
    """Return a knob's other value as a part of a question."""
    if text in SWITCHED:
        return f"“{label}” were {SWITCHED[text]}"
    is_number = text.lstrip("-").replace(".", "", 1).isdecimal()
    new, old = (text, before) if is_number else (code(text), code(before))
    return f"“{label}” were {new} instead of {old}"


def linked(question: Question, answers: Answers) -> Question:
    """Return `question` with the case in which each of its wrong options is right, where there is one."""
    if not isinstance(question, Choice):
        return question
    subject = subject_of(question.claim)
    cases = answers.get(about(question), {})
    right_in = {text: str(replace(subject, case=case)) for case, text in reversed(list(cases.items()))}
    options = tuple(
        each if index == question.right else replace(each, right_in=right_in.get(simplified(each.text), ""))
        for index, each in enumerate(question.options)
    )
    return replace(question, options=options)
