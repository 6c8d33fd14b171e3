"""A Moodle that compares texts accepts what people write, as far as it can be listed, and nothing else."""

from __future__ import annotations

import pytest

from tests.quizzes.exports.asked import cell, exported
from tests.quizzes.exports.reading import ReadQuestion, read_gift, read_moodle_xml
from tutor.quizzes.exports.gift import gift
from tutor.quizzes.exports.moodle_xml import moodle_xml
from tutor.quizzes.exports.written_forms import right_forms, wrong_forms
from tutor.quizzes.kinds.cell import Cell


def read(question: Cell) -> ReadQuestion:
    [found] = read_moodle_xml(moodle_xml("A quiz", exported([question])).text)[1]
    return found


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1", ["1", "one", "One", "once", "1 row"]),
        ("2", ["2", "two", "TWICE", "2 rows"]),
        ("-1", ["-1", "\N{MINUS SIGN}1"]),
        ("1000", ["1000", "1,000"]),
        ("None", ["None", "none"]),
        ("Pending", ["Pending", "pending", "'Pending'"]),
        ("N/A", ["n/a"]),
        ("Export begins", ["Export begins", "'Export begins'", '"Export begins"']),
        ("[1, 'a']", ["[1, 'a']", "[1,'a']", '[1, "a"]', '[1,"a"]']),
        ("50 % of **it**", ["50 % of **it**"]),
        (r"a\*b\n", [r"a\*b\n"]),
    ],
)
def test_what_people_write_is_accepted(value: str, written: list[str]) -> None:
    question = cell(value, heading="Rows")
    assert [read(question).percent_of(each) for each in written] == [100] * len(written)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1", ["11", "2", "1 2", ""]),
        ("Export begins", ["export begins", "Export", "Export begins now"]),
        ("a*b", ["ab", "a and b", "A*B"]),
        ("None", ["", "'None'", "no"]),
    ],
)
def test_what_means_something_else_is_not(value: str, written: list[str]) -> None:
    assert [read(cell(value)).percent_of(each) for each in written] == [None] * len(written)


def test_wrong_values_are_known_in_several_forms() -> None:
    question = cell("1", known=["2"], heading="Times")
    assert [form for form, _ in wrong_forms(question)] == ["2", "two", "twice", "2 times"]
    found = read(question)
    assert found.percent_of("two") == 0
    assert "exactly once" in {each.feedback.split("“")[1].split("”")[0] for each in found.answers if not each.percent}


def test_a_wrong_value_is_never_among_the_right_ones() -> None:
    question = cell("1", known=["one"])
    assert "one" not in right_forms(question)
    assert (read(question).percent_of("1"), read(question).percent_of("one")) == (100, 0)


def test_case_counts_where_the_key_depends_on_it() -> None:
    question = cell("Done", known=["done"])
    assert read(question).uses_case
    assert (read(question).percent_of("Done"), read(question).percent_of("done")) == (100, 0)
    assert not read(cell("2")).uses_case


@pytest.mark.parametrize("question", [cell("Done", known=["done"]), cell("a->b"), cell("[html]")])
def test_gift_leaves_out_what_it_would_read_in_another_way(question: Cell) -> None:
    file = gift("A quiz", exported([question]))
    assert read_gift(file.text) == []
    assert file.left_out[0].startswith("Question 1 was left out: GIFT ")
    assert len(read(question).answers) > 1
