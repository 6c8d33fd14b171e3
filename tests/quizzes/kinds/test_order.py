from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lessons.prose import plain
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.question import Option, Unreadable

TEXTS = ("queued", "started", "stored", "fetched")
FORK = frozenset({(0, 1), (0, 2)})
"""The first of three items comes before the others, which nothing orders."""


def order_of_items(before: frozenset[tuple[int, int]], count: int = 3, **more: object) -> Order:
    return Order(id="1", text="?", why="", items=tuple(map(Option, TEXTS[:count])), before=before, **more)  # type: ignore[arg-type]


def sent(question: Order, seed: str, *texts: str) -> dict[str, str]:
    """Return what the form sends that puts the items of those texts in this order."""
    rows = {row.text: row.field for row in question.fields(seed, (), None)["rows"]}
    return {rows[text]: str(place) for place, text in enumerate(texts, 1)}


def test_every_order_that_the_causes_allow_is_right() -> None:
    question = order_of_items(FORK)
    assert question.is_right("0,1,2")
    assert question.is_right("0,2,1")
    assert not question.is_right("1,0,2")
    assert question.is_right(question.key)
    assert question.has_several


@pytest.mark.parametrize("seed", ["a", "b", "c", "d"])
def test_an_answer_is_the_same_whatever_the_order_in_which_the_items_were_shown(seed: str) -> None:
    question = order_of_items(FORK)
    assert question.read(sent(question, seed, "started", "queued", "stored"), seed) == "1,0,2"


@pytest.mark.parametrize("places", ["", "1", "112", "012", "124", "1²3", "-123"])
def test_an_item_without_a_place_of_its_own_is_no_answer(places: str) -> None:
    with pytest.raises(Unreadable, match="a place of its own"):
        order_of_items(FORK).read({f"item{shown}": place for shown, place in enumerate(places)}, "a")


def test_a_wrong_order_names_the_first_pair_that_stands_the_wrong_way_round() -> None:
    reasons = ((0, 2, "It is stored by a worker, after it was queued."),)
    question = order_of_items(FORK, reasons=reasons)
    assert question.option("1,2,0").why == reasons[0][2]
    assert question.option("1,0,2").why == "“queued” comes before “started”."
    assert question.option("1,2,0").text == "started”, then “stored”, then “queued"
    assert question.option("0,1,2").why == ""


def test_a_reason_shows_an_item_as_it_is_written() -> None:
    items = (Option("`retry` is *over*"), Option("[a](b)"), Option("c_d_e"))
    question = Order(id="1", text="?", why="", items=items, before=frozenset({(0, 1), (1, 2)}))
    assert plain(question.option("1,0,2").why) == "“`retry` is *over*” comes before “[a](b)”."


def test_the_misconception_is_that_of_the_item_which_stands_too_early() -> None:
    items = (Option("a"), Option("b", misconception="enqueued-is-started"), Option("c"))
    question = Order(id="1", text="?", why="", items=items, before=FORK)
    assert question.option("1,0,2").misconception == "enqueued-is-started"
    assert question.option("2,0,1").misconception == ""


def test_an_order_that_nothing_can_have_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="No order"):
        order_of_items(frozenset({(0, 1), (1, 2), (2, 0)}))
    with pytest.raises(ValueError, match="3 to 5 items"):
        order_of_items(FORK, 2)


def test_the_items_stand_as_in_the_last_answer_and_its_wrong_pair_is_marked() -> None:
    rows = order_of_items(FORK).fields("a", ("2,1,0", "1,0,2"), None)["rows"]
    assert [(row.text, row.place, row.mark) for row in rows] == [
        ("started", 1, "wrong"),
        ("queued", 2, "wrong"),
        ("stored", 3, ""),
    ]


def test_before_an_answer_no_item_has_a_place_and_with_the_key_all_are_right() -> None:
    question = order_of_items(FORK)
    assert {(row.place, row.mark) for row in question.fields("a", (), None)["rows"]} == {(0, "")}
    assert [(row.text, row.mark) for row in question.fields("a", ("1,0,2",), "0,2,1")["rows"]] == [
        ("queued", "right"),
        ("stored", "right"),
        ("started", "right"),
    ]


causes = st.permutations(range(4)).flatmap(
    lambda right: st.frozensets(st.sampled_from([(right[i], right[j]) for j in range(4) for i in range(j)]))
)


@given(causes, st.text(max_size=5))
def test_the_order_shown_first_is_wrong_if_any_is(before: frozenset[tuple[int, int]], seed: str) -> None:
    question = order_of_items(before, 4)
    assert question.allows(question.order(seed)) == (not before)


@given(causes)
def test_an_order_is_right_exactly_if_no_pair_is_the_wrong_way_round(before: frozenset[tuple[int, int]]) -> None:
    question = order_of_items(before, 4)
    for each in permutations(range(4)):
        place = {index: number for number, index in enumerate(each)}
        assert question.is_right(",".join(map(str, each))) == all(place[i] < place[j] for i, j in before)
