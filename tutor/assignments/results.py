"""The results of an assignment: who has which score, and what was answered to each question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tutor.lessons.lesson import Lesson
from tutor.lessons.misconceptions import MISCONCEPTIONS, Misconception
from tutor.quizzes.kinds.question import Option, Question
from tutor.quizzes.models import Response
from tutor.quizzes.question_state import QuestionState
from tutor.quizzes.quiz import Item

from .models import AssignedQuestion, Assignment, Student
from .pool import place
from .questions import made_of, numbers_of, questions_of
from .scoring import counted, points

TRIES_SHOWN = 2
"""The tries whose shares of right answers are shown."""
MOST_NAMES = 40
"""The number of names that are shown at an answer."""


@dataclass(frozen=True, slots=True)
class StudentResult:
    """What a student has done."""

    student: Student
    states: Mapping[int, QuestionState]
    """Number of a question that counts → how it stands."""
    last_at: datetime | None

    @property
    def answered(self) -> int:
        return sum(bool(each.tried) for each in self.states.values())

    @property
    def of(self) -> int:
        """The number of questions that count."""
        return len(self.states)

    @property
    def score(self) -> float:
        """The points so far."""
        return sum(map(points, self.states.values()))

    @property
    def exact_percent(self) -> float:
        return 100 * self.score / self.of if self.of else 0.0

    @property
    def percent(self) -> int:
        return round(self.exact_percent)

    @property
    def took(self) -> timedelta | None:
        """The time from the beginning to the last answer, in whole seconds."""
        if self.last_at is None or self.student.begun_at is None:
            return None
        return timedelta(seconds=round((self.last_at - self.student.begun_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer that was given to a question first, and by whom."""

    option: Option
    is_right: bool
    count: int
    percent: int
    names: tuple[str, ...]
    """Of the first of those who gave it."""

    @property
    def others(self) -> int:
        """How many of those who gave it aren't named."""
        return self.count - len(self.names)

    @property
    def misconception(self) -> Misconception | None:
        return MISCONCEPTIONS.get(self.option.misconception)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was answered to a question."""

    stored: AssignedQuestion
    lesson: Lesson
    question: Question
    asked: int
    """How many students are asked it, of those who have begun."""
    right: tuple[int, ...]
    """How many were right at the first try, and at the second one."""
    answers: tuple[Chosen, ...]
    """What was answered first, the most frequent one first."""

    @property
    def answered(self) -> int:
        return sum(each.count for each in self.answers)

    @property
    def has_second(self) -> bool:
        """Whether a second try counts."""
        assignment = self.stored.assignment
        return assignment.feedback == Assignment.Feedback.NOW and assignment.tries > 1

    @property
    def title(self) -> str:
        """The name of its lesson."""
        return self.lesson.neutral_title

    @property
    def case_title(self) -> str:
        return case_title(self.lesson, self.stored)

    @property
    def key_text(self) -> str:
        return self.question.option(self.question.key).text

    @property
    def percents(self) -> tuple[int, ...]:
        """The percentage of those who have answered that was right at the first try, and by the second one."""
        return tuple(percent(sum(self.right[: number + 1]), self.answered) for number in range(len(self.right)))


@dataclass(frozen=True, slots=True)
class Results:
    """All results of an assignment."""

    students: tuple[StudentResult, ...]
    questions: tuple[QuestionResult, ...]
    """Those that are asked, in the order in which students see them, unless that is another one for each of them."""

    @property
    def begun(self) -> int:
        return sum(each.student.begun_at is not None for each in self.students)

    @property
    def mean_percent(self) -> int:
        """The mean score of those who have begun, as a percentage."""
        scores = [each.percent for each in self.students if each.student.begun_at]
        return round(sum(scores) / len(scores)) if scores else 0


def results_of(assignment: Assignment) -> Results:
    """Return the results as they are now, in three queries."""
    questions = {each.number: each for each in questions_of(assignment)}
    students = list(assignment.students.filter(is_preview=False))
    sent = responses_by(Response.objects.filter(attempt__student__assignment=assignment))
    asked = {each.pk: [questions[number] for number in numbers_of(assignment, each.key)] for each in students}
    return Results(
        tuple(result_of(assignment, each, asked[each.pk], sent.get(each.attempt_id, {})) for each in students),
        tuple(question_results(assignment, list(questions.values()), students, asked, sent)),
    )


Sent = Mapping[str, list[Response]]
"""Number of a question → what a student has sent to it."""


def responses_by(responses: Iterable[Response]) -> dict[int | None, dict[str, list[Response]]]:
    """Return attempt → number of a question → what was sent to it."""
    found: dict[int | None, dict[str, list[Response]]] = defaultdict(lambda: defaultdict(list))
    for each in responses:
        found[each.attempt_id][each.question].append(each)
    return found


def result_of(assignment: Assignment, student: Student, asked: Sequence[AssignedQuestion], sent: Sent) -> StudentResult:
    counting = [each.number for each in asked if each.taken_out_at is None]
    states = {number: counted(assignment, sent.get(str(number), [])) for number in counting}
    last_at = max((response.sent_at for responses in sent.values() for response in responses), default=None)
    return StudentResult(student, states, last_at)


def question_results(
    assignment: Assignment,
    questions: Sequence[AssignedQuestion],
    students: Sequence[Student],
    asked: Mapping[int, Sequence[AssignedQuestion]],
    sent: Mapping[int | None, Sent],
) -> list[QuestionResult]:
    """Return the results of the questions that anybody is asked or, before anybody has come, that somebody may be."""
    by_question: dict[int, list[tuple[Student, QuestionState]]] = defaultdict(list)
    for student in students:
        if student.begun_at:
            for each in asked[student.pk]:
                responses = sent.get(student.attempt_id, {}).get(str(each.number), [])
                by_question[each.number].append((student, counted(assignment, responses)))
    shown = by_question or {number: [] for number in numbers_of(assignment, assignment.seed)}
    items = made_of(assignment).items
    in_order = sorted((each for each in questions if each.number in shown), key=place)
    return [question_result(each, items[each.number], shown[each.number]) for each in in_order]


def question_result(
    stored: AssignedQuestion, item: Item, states: Sequence[tuple[Student, QuestionState]]
) -> QuestionResult:
    question = item.question
    first: dict[str, list[str]] = defaultdict(list)
    right: Counter[int] = Counter()
    for student, state in states:
        if state.tried:
            first[state.tried[0]].append(student.name)
        if state.is_solved:
            right[len(state.tried)] += 1
    count = sum(map(len, first.values()))
    answers = [
        Chosen(
            question.option(answer),
            bool(question.is_right(answer)),
            len(names),
            percent(len(names), count),
            tuple(names[:MOST_NAMES]),
        )
        for answer, names in sorted(first.items(), key=lambda item: -len(item[1]))
    ]
    tries = tuple(right[number] for number in range(1, TRIES_SHOWN + 1))
    return QuestionResult(stored, item.lesson, question, len(states), tries, tuple(answers))


def case_title(lesson: Lesson, stored: AssignedQuestion) -> str:
    """Return the title of the case of a question; "" if it is the lesson's own."""
    return "" if stored.case == lesson.case("").name else lesson.case(stored.case).title


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
