"""What is exported comes back, in both formats: the questions, their keys and their feedback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.quizzes.exports.asked import (
    assert_same,
    cell,
    choice,
    exported,
    of_lessons,
    of_recorded_run,
    order,
    point,
)
from tests.quizzes.exports.reading import read_gift, read_moodle_xml
from tests.trace.events import lesson
from tutor.checking.case_runs import CaseRunner
from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.quizzes.exports.answers import words_of
from tutor.quizzes.exports.exported import Exported
from tutor.quizzes.exports.gift import gift
from tutor.quizzes.exports.moodle_xml import moodle_xml
from tutor.quizzes.generators.registry import all_questions
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.question import Option, Question
from tutor.quizzes.repairs import repairs

SIGNS = "~=#{}:\\*[]%->n`<&\"'./ 1aé"
TEXTS = st.one_of(
    st.text(SIGNS, min_size=1, max_size=12),
    st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=20),
).filter(lambda text: bool(text.strip()))
OF_ALL_KINDS: list[Question] = [
    choice("No", "`{'a': 1}`", "%50% of {it} ~ = # :: \\n"),
    cell("2", known=["3"], heading="Executions"),
    order("It is queued", "A worker begins `x`", "It is stored"),
    point("worker A", "worker B", "monitor", rights=(0, 1)),
    point("program.py:1 · call(`x`, {'a': '*'})", "program.py:2 · y = 2  # ~", shown="lines"),
]


def assert_come_back(questions: Sequence[Exported]) -> None:
    """Check both formats. Only questions with several right orders, or that a run judges, may be missing."""
    expected = [each for each in questions if can_travel(each.question)]
    in_gift = read_gift(gift("A quiz", questions).text)
    _, in_xml = read_moodle_xml(moodle_xml("A quiz", questions).text)
    assert len(expected) == len(in_gift) == len(in_xml)
    for each, one, other in zip(expected, in_gift, in_xml, strict=True):
        assert_same(each, one)
        assert_same(each, other)
        assert (one.kind, one.name, one.text, one.why) == (other.kind, other.name, other.text, other.why)
        assert [answer.feedback for answer in one.answers] == [answer.feedback for answer in other.answers]


def can_travel(question: Question) -> bool:
    return question.kind != "repair" and not (isinstance(question, Order) and question.has_several)


def test_all_questions_of_all_lessons_come_back() -> None:
    asked = of_lessons()
    assert len(asked) >= 100
    assert_come_back(asked)


def test_questions_that_are_made_of_a_run_come_back() -> None:
    asked = of_recorded_run()
    assert len(asked) >= 4
    assert_come_back(asked)


def test_each_kind_comes_back() -> None:
    assert_come_back(exported(OF_ALL_KINDS))


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_all_questions_that_are_made_of_the_runs_of_all_cases_come_back(runner: CaseRunner) -> None:
    runs = runner.runs(list(catalogue.lessons().values()), labs=4)
    kinds: set[str] = set()
    for run in runs.values():
        asked = exported(all_questions(run.lesson, run.case, run.trace), run.lesson)
        kinds |= {each.question.kind for each in asked if can_travel(each.question)}
        assert_come_back(asked)
    assert kinds == {"choice", "cell", "order", "point"}


@pytest.fixture
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseRunner]:
    host = LabHost(tmp_path_factory.mktemp("labs"))
    yield CaseRunner(host)
    host.close()


@settings(max_examples=50)
@given(text=TEXTS, right=TEXTS, wrong=TEXTS, why=TEXTS)
def test_any_text_comes_back_as_question_option_and_feedback(text: str, right: str, wrong: str, why: str) -> None:
    assume(words_of(Option(right)) != words_of(Option(wrong)))
    assert_come_back(exported([choice(wrong, right=right, why=why, text=text)]))


@settings(max_examples=50)
@given(value=TEXTS, other=TEXTS)
def test_any_value_comes_back_as_what_is_right_or_wrong(value: str, other: str) -> None:
    question = cell(value, known=[other])
    assume(not question.is_right(" ".join(other.split())))
    [asked] = exported([question])
    [read] = read_moodle_xml(moodle_xml("A quiz", [asked]).text)[1]
    assert_same(asked, read)
    assert {each.text for each in read.answers if each.percent} == accepted_by_gift(asked, read.answers)


def accepted_by_gift(asked: Exported, answers: Sequence[object]) -> set[str]:
    """Return the values that GIFT accepts; those of Moodle XML if GIFT can't hold the question."""
    file = gift("A quiz", [asked])
    if not (found := read_gift(file.text)):
        assert file.left_out[0].startswith("Question 1 was left out: GIFT")
        return {each.text for each in answers if each.percent}  # type: ignore[attr-defined]
    return {each.text for each in found[0].answers if each.percent}


def test_questions_without_a_single_key_are_left_out_and_named() -> None:
    open_order = order("a", "b", "c", before=frozenset({(0, 1)}))
    [repair] = list(repairs(catalogue.get("it-ran-twice")).values())[:1]
    asked = [
        *exported(
            [open_order, choice("`Yes`"), point("worker A", "worker A"), point("worker A", "pusher", rights=(0, 1))]
        ),
        Exported(5, catalogue.get("it-ran-twice"), repair, ""),
        Exported(6, lesson(), choice("No", claim="gone/rows@queued:OrmQ"), ""),
        Exported(7, lesson(), cell("\x1b[1m"), ""),
    ]
    for export in (gift("A quiz", asked), moodle_xml("A quiz", asked)):
        assert [each.split(":")[0] for each in export.left_out] == [f"Question {n} was left out" for n in range(1, 8)]
        assert "more than one order is right" in export.left_out[0]
        assert "two of its options read the same" in export.left_out[1]
        assert "only a run can tell" in export.left_out[4]
        assert "doesn't have its case" in export.left_out[5]
    assert read_gift(gift("A quiz", asked).text) == []
    assert read_moodle_xml(moodle_xml("A quiz", asked).text)[1] == []


def test_an_empty_quiz_is_a_file_without_questions() -> None:
    assert read_gift(gift("", []).text) == []
    assert read_moodle_xml(moodle_xml("", []).text) == ("$course$/top/Task Tutor", [])


def test_a_title_is_one_category_at_the_top() -> None:
    category, _ = read_moodle_xml(moodle_xml(" Week 3/4:\n{async} ", []).text)
    assert category == "$course$/top/Week 3//4: {async}"
    assert gift("Week 3/4:\n{async}", []).text == f"$CATEGORY: {category}\n"


def test_a_question_names_its_case_and_shows_what_else_decides() -> None:
    one = catalogue.get("the-worker-that-died")
    case = one.case("twice")
    question = choice("No", claim="twice/rows@queued:OrmQ")
    [read] = read_gift(gift("A quiz", [Exported(1, one, question, case.title)]).text)
    assert f"in the case “{case.title}”" in read.text
    assert one.content.title not in read.text
    assert "The first and second time that a worker comes to line 6 of <code>shop/tasks.py</code>" in read.text
    assert "\n6  " in read.text


def test_a_belief_and_the_case_in_which_an_option_is_right_are_part_of_its_feedback() -> None:
    options = (Option("Yes"), Option("No", "It [is](rows@queued:OrmQ).", "exactly-once", "fails/status@failed"))
    [read] = read_gift(gift("A quiz", exported([choice(options=options)])).text)
    assert read.answers[1].feedback == (
        "<p>It is.</p><p>A common belief, “exactly once”: A task that I queue once is executed once.</p>"
        "<p>It is right in the case “The function raises”.</p>"
    )


def test_a_link_to_another_site_stays_and_one_within_this_site_is_only_words() -> None:
    why = "See [there](https://example.org/a?b=c#d) and [here](/runs/x/) and ![this](/static/x.png)."
    [read] = read_gift(gift("A quiz", exported([choice("No", why=why)])).text)
    assert read.answers[1].feedback.startswith(
        '<p>See <a href="https://example.org/a?b=c#d">there</a> and here and this.</p>'
    )
