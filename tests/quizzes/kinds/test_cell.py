from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lessons.claims import STATUSES
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.question import Option, Unreadable
from tutor.quizzes.kinds.written import means

AS_PEOPLE_WRITE = [
    ("1", ["1", "one", "One", " 1 ", "1.0", "+1", "once"]),
    ("2", ["2", "two", "twice"]),
    ("-1", ["-1", "-1.0", "−1", "- 1".replace(" ", "")]),
    ("1000", ["1000", "1,000", "1 000"]),
    ("1.5", ["1.5", "1.50"]),
    ("x", ["x", "'x'", '"x"', "‘x’", "“x”", "  x  "]),
    ("it's", ["it's", "it’s", '"it\'s"']),
    ("Export begins", ["Export begins", "'Export  begins'"]),
    ("'x'", ["'x'", "\"'x'\""]),
    ("None", ["None", "none", "NONE"]),
    ("Pending", ["pending", "PENDING", "'Pending'"]),
    ("N/A", ["n/a"]),
    ("[1, 'a']", ["[1, 'a']", "[1,'a']", '[1, "a"]']),
]
OTHERS = [
    ("1", ["1.5", "10", "-1", "'1'", "1,0", "True", "first", "x", "²", "１", "1e0"]),
    ("1", ["", "  ", "''"]),
    ("x", ["X", "'x", "x'", "''x''", "\"'x'\"", "x x"]),
    ("'x'", ["x", '"x"']),
    ("one", ["1"]),
    ("None", ["'None'", "", "0", "no", "nothing"]),
    ("True", ["1", "yes", "'True'"]),
    ("Pending", ["Running", "pend"]),
    ("1000", ["1,00", "10,00", "1.000"]),
    ("[1]", ["[True]", "(1)", "(1,)", "[1.0]", "1", "[", "[" * 99]),
]


@pytest.mark.parametrize(("value", "written"), [(value, each) for value, all in AS_PEOPLE_WRITE for each in all])
def test_a_value_is_accepted_as_people_write_it(value: str, written: str) -> None:
    assert means(written, value)


@pytest.mark.parametrize(("value", "written"), [(value, each) for value, all in OTHERS for each in all])
def test_what_means_something_else_is_not_accepted(value: str, written: str) -> None:
    assert not means(written, value)


def cell(*accepted: str, known: tuple[Option, ...] = ()) -> Cell:
    return Cell(id="1", text="?", why="", accepted=accepted, known=known)


integers = st.integers(-(10**9), 10**9)


@given(integers, integers)
def test_a_number_is_itself_in_all_its_forms_and_no_other(value: int, other: int) -> None:
    for form in (str(value), f" {value} ", f"{value:,}", f"{value}.0", f"{value:+d}", str(value).replace("-", "−")):
        assert means(form, str(value))
        assert means(form, str(other)) == (value == other)
    assert not means(f"{value}.5", str(value))
    assert not means(f"'{value}'", str(value))


@given(
    st.text(st.characters(categories=["L"]), min_size=1, max_size=20).filter(
        lambda text: not means(text.casefold(), "1")
    )
)
def test_a_text_may_stand_in_quotes(text: str) -> None:
    is_constant = text.casefold() in ("none", "true", "false")
    assert means(f"'{text}'", text) != is_constant
    assert means(f'"{text}"', text) != is_constant
    assert not means(text, f"'{text}'")


@given(st.text(max_size=100), st.text(max_size=100).filter(str.strip))
def test_whatever_is_written_is_understood_or_not_and_blank_never_is(written: str, value: str) -> None:
    assert means(value, value)
    assert means(written, value) == means(f"  {written}\t", value)
    assert not means("", value)


@given(st.sampled_from(STATUSES), st.sampled_from(STATUSES))
def test_a_status_is_itself_in_any_case(one: str, other: str) -> None:
    assert means(one.swapcase(), other) == (one == other)


def test_a_number_may_be_followed_by_the_noun_that_is_asked_for() -> None:
    question = Cell(id="1", text="How many rows does `Task` have?", why="", accepted=("1",), known=(Option("2"),))
    for written in ("1 row", "1 rows", "one row", "One Row", "1 time"):
        assert question.is_right(written)
    for written in ("2 rows", "1 second", "row", "row 1", "1 1", "x row"):
        assert not question.is_right(written)
    assert question.option("2 rows") == Option("2 rows")
    assert not cell("Export begins").is_right("Export begins times")


def test_one_of_several_values_is_enough() -> None:
    assert cell("None", "no row").is_right("no row")
    assert cell("None", "no row").key == "None"


def test_a_known_value_says_why_it_is_wrong_in_every_form_of_it() -> None:
    question = cell("2", known=(Option("1", "attempt_count counts failures."),))
    assert question.option("one") == Option("one", "attempt_count counts failures.")
    assert question.option("3") == Option("3")
    assert not question.is_right("one")


def test_where_quotes_are_the_point_a_known_value_with_quotes_is_wrong() -> None:
    question = cell("x", known=(Option("'x'", "The row has the text alone."),))
    assert not question.is_right("'x'")
    assert question.option("'x'").why == "The row has the text alone."
    assert question.is_right('"x"')


def test_a_value_is_kept_as_it_was_written() -> None:
    assert cell("1").read({"value": "  −1\t000  "}, "a") == "-1 000"


@pytest.mark.parametrize("value", ["", "   ", "\t"])
def test_nothing_is_no_answer(value: str) -> None:
    with pytest.raises(Unreadable, match="Write a value"):
        cell("1").read({"value": value}, "a")


@pytest.mark.parametrize("value", ["x" * 101, "a\x00b", "a\u202eb"])
def test_what_no_field_of_one_line_sends_is_no_answer(value: str) -> None:
    with pytest.raises(Unreadable, match="up to 100 characters"):
        cell("1").read({"value": value}, "a")


def test_the_cell_shows_the_last_answer_and_then_the_right_one() -> None:
    def shown(tried: tuple[str, ...], key: str | None) -> tuple[str, str]:
        fields = cell("1").fields("a", tried, key)
        return fields["value"], fields["mark"]

    assert shown((), None) == ("", "")
    assert shown(("3", "2"), None) == ("2", "wrong")
    assert shown(("3",), "1") == ("1", "right")


def test_an_empty_value_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no empty one"):
        cell("1", " ")
