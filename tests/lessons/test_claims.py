"""Claims: links in prose whose targets name what a run has to show."""

from __future__ import annotations

import pytest

from tutor.lessons.claims import Subject, agrees, check_value, number_of, subject_of
from tutor.lessons.prose import Said, plain, render_line, said, without_claims


@pytest.mark.parametrize(
    ("target", "subject"),
    [
        ("status@queued", Subject("status", (("queued", 1),))),
        ("fails/!status@started-again#2", Subject("status", (("started-again", 2),), "", "fails", True)),
        ("order@queued,stored", Subject("order", (("queued", 1), ("stored", 1)))),
        ("rows:OrmQ", Subject("rows", (), "OrmQ")),
        ("value@used:result", Subject("value", (("used", 1),), "result")),
        ("executions", Subject("executions")),
    ],
)
def test_a_target_says_of_which_run_step_and_thing_it_is(target: str, subject: Subject) -> None:
    assert subject_of(target) == subject
    assert str(subject) == target


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("mood@queued", "is no claim"),
        ("status", "takes 1 rules"),
        ("order@queued", "takes 2 rules"),
        ("status@Queued", "is no claim"),
        ("rows@queued", "needs something after a colon"),
        ("steps:three", "takes nothing after a colon"),
    ],
)
def test_a_target_that_says_nothing_is_refused(target: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        subject_of(target)


@pytest.mark.parametrize(("target", "value"), [("executions", "many"), ("status@a", "Done"), ("order@a,b", "then")])
def test_a_value_that_nothing_could_ever_have_is_refused(target: str, value: str) -> None:
    with pytest.raises(ValueError, match="title"):
        check_value(subject_of(target), value)


@pytest.mark.parametrize(("text", "number"), [("three", 3), ("Twice", 2), ("never", 0), ("12", 12), ("many", None)])
def test_numbers_may_be_words(text: str, number: int | None) -> None:
    assert number_of(text) == number


def test_values_compare_as_their_kind_does() -> None:
    assert agrees(subject_of("executions"), "twice", "2")
    assert agrees(subject_of("result@stored"), "\N{MINUS SIGN}1.0", "-1.0")
    assert agrees(subject_of("error@failed"), "ValueError", "ValueError: math domain error")
    assert not agrees(subject_of("result@stored"), "1.0", "-1.0")


def test_prose_says_claims_and_what_is_not_marked() -> None:
    text = (
        'It is [Pending](status@queued),\nand [later](order@read,stored "after") three of `4`.\n\n[2 s](plain), Failed'
    )
    assert list(said(text)) == [
        Said(1, "Pending", "status@queued"),
        Said(2, "later", "order@read,stored", "after"),
        Said(2, "three"),
        Said(4, "Failed"),
    ]


def test_one_is_a_number_only_before_what_can_be_counted() -> None:
    assert [each.text for each in said("the one that has one row and one idea")] == ["one"]


def test_a_claim_leads_where_it_is_shown_and_is_mere_words_where_it_is_not() -> None:
    line = "is [Pending](status@queued)"
    assert render_line(line) == 'is <span class="claim">Pending</span>'
    assert render_line(line, lambda target: f"?{target}") == 'is <a class="claim" href="?status@queued">Pending</a>'


def test_a_link_to_a_page_stays_one_and_a_script_is_none() -> None:
    assert 'href="https://example.org"' in render_line("[there](https://example.org)")
    assert "href" not in render_line("[x](javascript:alert)")


def test_markup_can_be_taken_away() -> None:
    assert plain("It is [Pending](status@queued) *now*.\n\nAnd `x`.") == "It is Pending now. And x."
    assert without_claims("[one](rows@queued:OrmQ) of {event.rows}") == "one of {event.rows}"


def test_a_digit_within_a_name_is_no_number() -> None:
    assert [each.text for each in said("django-q2 has 2 of them, workers² aside")] == ["2"]
