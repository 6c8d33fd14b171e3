"""Faults of questions that don't need a reader: an option has no reason, or the page gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tutor.lessons.claims import ClaimSubject, subject_of
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.format.questions import QuizOption, QuizQuestion
from tutor.lessons.lesson import Lesson
from tutor.lessons.prose import statements_in
from tutor.lessons.reading.prose_texts import questions_of
from tutor.trace.claim_evaluation import value_holds
from tutor.trace.symptom_lanes import symptom_of

from .case_runs import CaseRun, Runs

LONGER = 1.5
"""How many times as long as the longest wrong option the right one may be."""
SHORT = 24
"""Characters that the right option may always have."""
QUOTED_WORDS = 2
"""Words that a right option must have for its words elsewhere to be the answer, and not a coincidence."""

Fault = tuple[str, str]
"""(part of the question, as in `Lesson.lines`; message)."""


def question_faults(lesson: Lesson, runs: Runs) -> Iterator[Fault]:
    """Yield the faults of all questions of `lesson`."""
    own = runs[lesson.slug, DEFAULT]
    for path, question in questions_of(lesson.content):
        place = " ".join(map(str, path))
        if not question.look:
            yield place, 'it has no "look": say where the run shows the answer'
        for where in told_by(question, lesson, own):
            yield f"{place} claim", f"the {where} answers it: ask something else, or take the answer out of there"
        run = runs[lesson.slug, question.subject.case or DEFAULT]
        for index, message in (*option_faults(question), *also_right(question, run)):
            yield f"{place} options {index}", message


def option_faults(question: QuizQuestion) -> Iterator[tuple[int, str]]:
    """Yield the faults of single options, as (index, message)."""
    seen: set[str] = set()
    for index, option in enumerate(question.options):
        if not (option.right or option.why):
            yield index, 'a wrong option without "why": say what is wrong with it'
        if (same := simplified(option.text)) in seen:
            yield index, f"“{option.text}” is the same as another option, but for case, spaces and punctuation"
        seen.add(same)
    right, longest = len(question.options[question.key].text), longest_wrong(question)
    if right > max(SHORT, LONGER * longest):
        message = f"the right option has {right} characters, the longest wrong one {longest}"
        yield question.key, f"{message}: its length tells it; shorten it, or say as much in a wrong one"


def also_right(question: QuizQuestion, run: CaseRun) -> Iterator[tuple[int, str]]:
    """Yield the wrong options that are right in the run that the question is about, as (index, message)."""
    for index, option in enumerate(question.options):
        if not option.right and value_holds(question.subject, option.claimed, run.trace):
            yield index, f"“{option.claimed}” is right in {run.title} too: give it another value"


def told_by(question: QuizQuestion, lesson: Lesson, own: CaseRun) -> Iterator[str]:
    """Yield the places on the page that give the answer: they make a claim about its subject, or have its words."""
    content = lesson.content
    told = content.symptom.told if content.symptom else None
    subjects = {
        "summary": [subject_of(each.target) for each in statements_in(content.summary) if each.target],
        "symptom": [told.subject] if told else [],
    }
    texts = {"title": content.title, "summary": content.summary_text, "symptom": symptom_text(lesson, own)}
    for where, text in texts.items():
        claimed = of_own_run(question.subject) in map(of_own_run, subjects.get(where, ()))
        if claimed or has_words_of(question.options[question.key], text):
            yield where


def of_own_run(subject: ClaimSubject) -> ClaimSubject:
    """Return `subject` with the lesson's own run named in one way."""
    return replace(subject, case="") if subject.case == DEFAULT else subject


def symptom_text(lesson: Lesson, own: CaseRun) -> str:
    """Return all labels in the picture of the symptom."""
    symptom = symptom_of(lesson, own.events)
    lanes = symptom.lanes if symptom else ()
    bars = [bar.text for lane in lanes for bar in lane.bars]
    marks = [mark.text for lane in lanes for mark in (*lane.marks, lane.told) if mark]
    return "; ".join(bars + marks)


def has_words_of(option: QuizOption, text: str) -> bool:
    """Return whether `text` has the words of an option or of its value, if they are more than a word."""
    for said in map(simplified, (option.text, option.claimed)):
        if said.count(" ") + 1 >= QUOTED_WORDS and f" {said} " in f" {simplified(text)} ":
            return True
    return False


def simplified(text: str) -> str:
    """Return the words of `text` without case, repeated spaces and punctuation; `text` itself if it has none."""
    return " ".join(re.findall(r"(?:(?<!\w)-(?=\d))?\w+(?:['’]\w+)*", text.casefold())) or text


def longest_wrong(question: QuizQuestion) -> int:
    return max(len(option.text) for option in question.options if not option.right)
