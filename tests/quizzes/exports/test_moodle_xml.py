"""What only Moodle XML has: hints, penalties, tags, and whether options are shuffled."""

from __future__ import annotations

from tests.quizzes.exports.asked import cell, choice, exported, order, point
from tests.quizzes.exports.reading import ReadQuestion, read_moodle_xml
from tests.trace.events import lesson
from tutor.quizzes.exports.moodle_xml import moodle_xml
from tutor.quizzes.kinds.question import Question


def read(question: Question) -> ReadQuestion:
    [found] = read_moodle_xml(moodle_xml("A quiz", exported([question])).text)[1]
    return found


def test_a_hint_comes_before_the_second_try_which_gives_half() -> None:
    found = read(choice("No", hint="Think of `x`.", look="Look at the step."))
    assert found.hints == ("<p>Think of <code>x</code>.</p>",)
    assert found.penalty == 0.5
    assert read(choice("No", hint="", tries=1)).hints == ()
    assert read(choice("No", tries=3)).penalty == 0.3333333


def test_options_are_shuffled_unless_their_order_means_something() -> None:
    assert read(choice("No")).shuffles is True
    assert read(point("program.py:1 · x = 1", "program.py:2 · y = 2", shown="lines")).shuffles is False


def test_a_line_of_code_is_an_option() -> None:
    found = read(point("program.py:1 · x = '<a> · b'", "program.py:2 · y", shown="lines"))
    assert found.answers[0].text == "<p>program.py:1 <code>x = &#x27;&lt;a&gt; · b&#x27;</code></p>"


def test_several_right_targets_are_worth_everything_each() -> None:
    found = read(point("worker A", "worker B", "monitor", rights=(0, 1)))
    assert [each.percent for each in found.answers] == [100, 100, 0]


def test_items_stand_in_their_order() -> None:
    mixed = order("`c`", "a", "b", before=frozenset({(1, 2), (2, 0), (1, 0)}))
    assert [(each.text, each.percent) for each in read(mixed).answers] == [
        ("<p>a</p>", 1),
        ("<p>b</p>", 2),
        ("<p><code>c</code></p>", 3),
    ]


def test_the_reasons_of_an_order_are_in_the_general_feedback() -> None:
    reasons = ((0, 1, "`a` makes `b`."), (1, 2, "So it is."))
    found = read(order("a", "b", "c", reasons=reasons, why="So it is."))
    assert found.why == "<p>So it is.</p><ul><li><code>a</code> makes <code>b</code>.</li></ul>"


def test_tags_name_the_lesson_and_the_kind() -> None:
    assert read(cell("1")).tags == ("Task Tutor", lesson().content.title, "cell")


def test_what_moodle_cannot_hold_is_said_in_sentences() -> None:
    asked = exported([choice("No", look="Look."), cell("1", look="Look."), order("a", "b", "c"), choice("No")])
    assert moodle_xml("A quiz", asked).left_out == (
        "Moodle shows no run: the hints that say where to look in it, those of questions 1 and 2, were left out.",
        "Moodle accepts the values that are listed in question 2, not every other way to write the same.",
        "Moodle can't explain a wrong order: the reasons are in the general feedback of question 3.",
    )
