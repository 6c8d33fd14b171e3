"""Finding a lesson's claims, and the mistakes in them that can be found without a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tutor.lessons.claim_values import check_value
from tutor.lessons.claims import PLAIN, STATUSES, Claim, ClaimSubject, Origin, subject_of
from tutor.lessons.errors import Problem, unknown
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.format.questions import QuizQuestion
from tutor.lessons.key_path import KeyPath
from tutor.lessons.prose import Statement, statements_in
from tutor.protocol.event_fields import TABLES
from tutor.protocol.events import field_type, fields_of

from .problems import Problems
from .prose_texts import prose_of, questions_of, step_texts
from .toml_file import TomlFile


@dataclass
class ClaimFinder:
    """Finds the claims of one lesson."""

    content: LessonFile
    file: TomlFile
    """`lesson.toml`."""
    problems: Problems
    """Collects the mistakes in claims."""
    models: Collection[str] = ()
    """The names of the lesson's own models."""
    unmarked: list[Problem] = field(default_factory=list)
    """Numbers and status words that are neither claims nor marked as plain."""

    def claims(self, pages: Mapping[str, str]) -> Iterator[Claim]:
        """Yield all claims; `pages` is file → text of the prose beside `lesson.toml`."""
        for path, text in prose_of(self.content):
            for each in statements_in(text):
                yield from self.claim(self.file.name, self.line_of(path, each), each, "prose")
        for path, rule, text in step_texts(self.content):
            for each in statements_in(text):
                # A status word in a step's text is about the row that it stands in.
                line = self.line_of(path, each)
                if each.target is None and each.text in STATUSES:
                    yield from self.claim(self.file.name, line, replace(each, target=f"status@{rule}"), "row")
                else:
                    yield from self.claim(self.file.name, line, each, "step")
        for name, text in pages.items():
            for each in statements_in(text):
                yield from self.claim(name, each.line, each, "prose")
        for path, question in questions_of(self.content):
            yield from self.answer(path, question)
            yield from self.right_elsewhere(path, question)
        yield from self.repairs()
        yield from self.expectations()

    def claim(self, file: str, line: int, statement: Statement, origin: Origin) -> Iterator[Claim]:
        """Yield the claim of `statement`, if it has one without mistakes."""
        if statement.target is None:
            what = "status word" if statement.text in STATUSES else "number"
            message = f'the {what} "{statement.text}" has no claim: link it to what shows it, or to "{PLAIN}"'
            self.unmarked.append(Problem(file, line, message))
            return
        value = statement.title or statement.text
        try:
            subject = subject_of(statement.target)
            check_value(subject, value)
        except ValueError as error:
            self.problems.add(file, line, str(error))
            return
        if mistakes := list(self.unknown_names(subject)):
            self.problems.add(file, line, "; ".join(mistakes))
        else:
            yield Claim(file, line, statement.text, value, subject, origin)

    def answer(self, path: KeyPath, question: QuizQuestion) -> Iterator[Claim]:
        """Yield the right answer of a question as a claim."""
        right = [option for option in question.options if option.right]
        if len(right) != 1:
            line = self.file.positions.line((*path, "options"))
            self.problems.add(self.file.name, line, f"{len(right)} options are right (mark exactly one)")
            return
        line = self.file.positions.line((*path, "claim"))
        statement = Statement(line, right[0].text, question.claim, right[0].claimed)
        yield from self.claim(self.file.name, line, statement, "quiz")

    def right_elsewhere(self, path: KeyPath, question: QuizQuestion) -> Iterator[Claim]:
        """Yield the wrong options that are right in another case as claims about its run."""
        try:
            subject = question.subject
        except ValueError:
            return  # The claim of the right answer has the same mistake.
        for index, option in enumerate(question.options):
            if option.right_in:
                line = self.file.positions.line((*path, "options", index, "right_in"))
                target = str(replace(subject, case=option.right_in))
                statement = Statement(line, option.text, target, option.claimed)
                yield from self.claim(self.file.name, line, statement, "prose")

    def repairs(self) -> Iterator[Claim]:
        """Yield as claims that the goals of repairs are reached in the cases that heal, and in no other named one."""
        for index, repair in enumerate(self.content.repair):
            line = self.file.positions.line(("repair", index, "claim"))
            healing = (self.content.case_changing(*each) for each in repair.heals.items())
            targets = [f"{case.name}/{repair.claim}" for case in healing if case]
            targets += [f"!{repair.claim}", *(f"{miss.case}/!{repair.claim}" for miss in repair.misses)]
            for target in targets:
                yield from self.claim(self.file.name, line, Statement(line, repair.value, target, repair.value), "case")

    def expectations(self) -> Iterator[Claim]:
        """Yield the expectations of the cases as claims."""
        for index, case in enumerate(self.content.cases):
            for key, target, value in case.expectations():
                line = self.file.positions.line(("cases", index, key))
                of_case = target if case.name == DEFAULT else f"{case.name}/{target}"
                yield from self.claim(self.file.name, line, Statement(line, value, of_case, value), "case")

    def unknown_names(self, subject: ClaimSubject) -> Iterator[str]:
        """Yield a message for each name in `subject` that the lesson doesn't have."""
        steps = {step.id: step.on.event for step in self.content.steps}
        for rule, _ in subject.rules:
            if rule not in steps:
                yield unknown("step", rule, steps)
        cases = {DEFAULT: None} | {case.name: None for case in self.content.cases}
        if subject.case and subject.case not in cases:
            yield unknown("case", subject.case, cases)
        variables = [each.name for each in self.content.variables]
        if subject.kind in ("value", "tracker") and subject.argument not in variables:
            yield unknown("variable", subject.argument, variables)
        tables = (*TABLES, *self.models)
        if subject.kind == "rows" and subject.argument not in tables:
            yield unknown("table", subject.argument, tables)
        if subject.kind == "event":
            for event in {steps[rule] for rule, _ in subject.rules if rule in steps}:
                if field_type(event, subject.argument) is None:
                    yield unknown("field", subject.argument, fields_of(event), owner=event)

    def line_of(self, path: KeyPath, statement: Statement) -> int:
        """Return the line in `lesson.toml` of a statement in the text at `path`."""
        first = self.file.positions.line(path)
        mark = statement.text if statement.target is None else f"]({statement.target}"
        lines = self.file.positions.text.splitlines()[first - 1 :]
        return next((first + ahead for ahead, line in enumerate(lines) if mark in line), first)
