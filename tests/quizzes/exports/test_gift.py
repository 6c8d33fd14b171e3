"""GIFT as it is written, and what it loses."""

from __future__ import annotations

from tests.quizzes.exports.asked import cell, choice, exported, order, point
from tutor.quizzes.exports.gift import gift


def lines_of(*questions: object) -> list[str]:
    return gift("A quiz", exported(questions)).text.splitlines()  # type: ignore[arg-type]


def test_signs_of_the_format_are_escaped() -> None:
    lines = lines_of(choice("`{a: '~'} = #1 \\n`", why="No.", text="Is `a::b` so?"))
    assert lines[2].startswith(r"::01 Is a\:\:b so?::[html]<p>")
    assert lines[2].endswith(r"<p><b>Is <code>a\:\:b</code> so?</b></p> {")
    assert lines[3] == "\t=<p>Yes</p>"
    assert lines[4].startswith(r"	~<p><code>\{a\: &\#x27;\~&\#x27;\} \= \#1 \\n</code></p>#<p>No.</p>")
    assert lines[5:] == ["\t####<p>So it is.</p>", "}"]


def test_a_value_has_a_weight_and_no_wildcard() -> None:
    assert "\t=%100%a\\\\*b" in lines_of(cell("a*b"))


def test_an_order_is_a_match() -> None:
    assert lines_of(order("`b`", "a", "c"))[3:6] == ["\t=1st -> b", "\t=2nd -> a", "\t=3rd -> c"]


def test_each_line_of_a_file_is_one_of_a_listing() -> None:
    assert r"<pre><code>1  from django_q.tasks import async_task\n2\n3  \# Start a task\n" in lines_of(choice("No"))[2]


def test_what_gift_cannot_hold_is_said_in_sentences() -> None:
    asked = [choice("No"), cell("Done", hint=""), order("a", "b", "c", hint=""), point("worker A", "pusher")]
    assert gift("A quiz", exported(asked)).left_out == (
        "Moodle accepts the values that are listed in question 2, not every other way to write the same.",
        "Moodle can't explain a wrong order: the reasons are in the general feedback of question 3.",
        "GIFT has no hints: those of questions 1 and 4 were left out.",
        "GIFT can't ask for an order: question 3 became a match of each place with what happens there.",
        "GIFT can't say that capital and small letters differ: Moodle accepts both in question 2.",
        "GIFT can't keep the order of options: Moodle may shuffle those of question 4.",
    )
