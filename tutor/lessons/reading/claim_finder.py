"""Finding a lesson's claims, each with its file and line, and what is wrong with them before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tutor.lessons.claims import PLAIN, STATUSES, Claim, Subject, check_value, subject_of
from tutor.lessons.errors import Problem
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.format.questions import QuizQuestion
from tutor.lessons.key_path import KeyPath
from tutor.lessons.prose import Said, said
from tutor.protocol.events import field_type

from .positions import Positions
from .references import none_such

Source = Literal["prose", "quiz", "case", "step"]
LESSON = "lesson.toml"


@dataclass
class Claiming:
    """Reads one lesson's claims."""

    lesson: LessonFile
    positions: Positions
    """Where things stand in lesson.toml."""
    problems: list[Problem] = field(default_factory=list)
    """Claims that no run could be held against."""
    unmarked: list[Problem] = field(default_factory=list)
    """Numbers and status words that are neither claims nor marked as plain."""

    def claims(self, pages: Mapping[str, str]) -> Iterator[Claim]:
        """All claims; `pages` is file → text of the prose beside lesson.toml."""
        for path, text in prose_of(self.lesson):
            for each in said(text):
                yield from self.claim(LESSON, self.line_of(path, each), each, "prose")
        for path, status, text in step_texts(self.lesson):
            for each in said(text):
                if each.target is not None or each.text != status:
                    yield from self.claim(LESSON, self.line_of(path, each), each, "step")
        for file, text in pages.items():
            for each in said(text):
                yield from self.claim(file, each.line, each, "prose")
        for path, question in questions_of(self.lesson):
            yield from self.key(path, question)
        yield from self.expected()

    def claim(self, file: str, line: int, each: Said, source: Source) -> Iterator[Claim]:
        """The claim that was said, if it is one and is right as far as can be told."""
        if each.target is None:
            what = "a status word" if each.text in STATUSES else "a number"
            message = f"“{each.text}” is {what} without a claim: link it to what shows it, or to “{PLAIN}”"
            self.unmarked.append(Problem(file, line, message))
            return
        try:
            subject = subject_of(each.target)
            value = each.title or each.text
            check_value(subject, value)
        except ValueError as error:
            self.blame(file, line, str(error))
            return
        if wrong := list(self.unknown(subject)):
            self.blame(file, line, "; ".join(wrong))
        else:
            yield Claim(file, line, each.text, value, subject, source)

    def key(self, path: KeyPath, question: QuizQuestion) -> Iterator[Claim]:
        """The key of a question, as a claim: that of its right option, which has to be the only one."""
        line = self.positions.line((*path, "claim"))
        right = [option for option in question.options if option.right]
        if len(right) != 1:
            self.blame(LESSON, self.positions.line((*path, "options")), "no right answer: mark one option as right")
            return
        yield from self.claim(LESSON, line, Said(1, right[0].text, question.claim, right[0].claimed), "quiz")

    def expected(self) -> Iterator[Claim]:
        """What is expected of the cases."""
        for index, case in enumerate(self.lesson.cases):
            for key, target, value in case.expectations():
                line = self.positions.line(("cases", index, key))
                one = Said(1, value, target if case.name == DEFAULT else f"{case.name}/{target}", value)
                yield from self.claim(LESSON, line, one, "case")

    def unknown(self, subject: Subject) -> Iterator[str]:
        """What the claim names and the lesson doesn't have."""
        steps = {step.id: step.on.event for step in self.lesson.steps}
        for rule, _ in subject.rules:
            if rule not in steps:
                yield none_such("step", rule, steps)
        cases = {DEFAULT, *(case.name for case in self.lesson.cases)}
        if subject.case and subject.case not in cases:
            yield none_such("case", subject.case, cases)
        names = {each.name for each in self.lesson.variables}
        if subject.kind in ("value", "tracker") and subject.argument not in names:
            yield none_such("variable", subject.argument, names)
        if subject.kind == "rows" and subject.argument not in ("OrmQ", "Task"):
            yield none_such("table", subject.argument, ("OrmQ", "Task"))
        if subject.kind == "event":
            for event in {steps[rule] for rule, _ in subject.rules if rule in steps}:
                if field_type(event, subject.argument) is None:
                    yield f"“{event}” has no field “{subject.argument}”"

    def line_of(self, path: KeyPath, each: Said) -> int:
        """Where in lesson.toml something stands that is said in the text at `path`."""
        first = self.positions.line(path)
        mark = each.text if each.target is None else f"]({each.target}"
        lines = self.positions.text.splitlines()[first - 1 :]
        return next((first + ahead for ahead, line in enumerate(lines) if mark in line), first)

    def blame(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))


def prose_of(lesson: LessonFile) -> Iterator[tuple[KeyPath, str]]:
    """(where it stands in lesson.toml, text) of all prose about the lesson's runs."""
    for key in ("summary", "able", "practice", "truth", "closing"):
        yield (key,), getattr(lesson, key)
    yield ("flow", "caption"), lesson.flow.caption
    for index, knob in enumerate(lesson.knobs):
        yield ("knobs", index, "help"), knob.help
    for index, moment in enumerate(lesson.key_moments):
        yield ("key_moments", index, "question"), moment.question
        yield ("key_moments", index, "answer"), moment.answer
    for path, question in questions_of(lesson):
        for key in ("question", "hint", "why"):
            yield (*path, key), getattr(question, key)
        for index, option in enumerate(question.options):
            yield (*path, "options", index, "why"), option.why
    for index, point in enumerate(lesson.snapshot):
        yield ("snapshot", index, "text"), point.text
    for index, step in enumerate(lesson.steps):
        yield ("steps", index, "present"), step.present


def step_texts(lesson: LessonFile) -> Iterator[tuple[KeyPath, str | None, str]]:
    """(where it stands, the step's status, text) of what the steps themselves say."""
    for index, step in enumerate(lesson.steps):
        for key in ("note", "say"):
            yield ("steps", index, key), step.status, getattr(step, key)


def questions_of(lesson: LessonFile) -> Iterator[tuple[KeyPath, QuizQuestion]]:
    """(where it stands, question) of the quiz and of what the class is asked."""
    yield from ((("quiz", index), question) for index, question in enumerate(lesson.quiz))
    if lesson.ask:
        yield ("ask",), lesson.ask
