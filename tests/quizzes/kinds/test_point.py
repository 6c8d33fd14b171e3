from __future__ import annotations

import pytest

from tutor.quizzes.kinds.point import Point
from tutor.quizzes.kinds.question import Option, Unreadable

LINES = ("program.py:1 · def mail():", "program.py:2 ·     print('a · b')", "program.py:4 · mail()")
QUESTION = Point(
    id="1",
    text="?",
    why="",
    targets=(Option(LINES[0], "It only defines it."), *map(Option, LINES[1:])),
    rights=(2, 1),
    shown="lines",
)


def test_each_of_the_right_targets_is_right() -> None:
    assert [QUESTION.is_right(str(place)) for place in range(3)] == [False, True, True]
    assert QUESTION.key == "2"
    assert QUESTION.has_several


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_the_targets_keep_their_order(seed: str) -> None:
    assert [each.place for each in QUESTION.fields(seed, (), None)["targets"]] == [0, 1, 2]
    assert QUESTION.read({"option": "2"}, seed) == "2"


@pytest.mark.parametrize("option", ["", "3", "-1", "²", "1.0", "x"])
def test_what_is_no_target_is_no_answer(option: str) -> None:
    with pytest.raises(Unreadable, match="Point at one of the lines"):
        QUESTION.read({"option": option}, "a")


def test_a_wrong_target_says_why() -> None:
    assert QUESTION.option("0").why == "It only defines it."


def test_the_targets_that_were_tried_are_marked_and_the_right_one_once_it_is_known() -> None:
    assert [each.mark for each in QUESTION.fields("a", ("0",), None)["targets"]] == ["wrong", "", ""]
    assert [each.mark for each in QUESTION.fields("a", ("0",), "2")["targets"]] == ["wrong", "", "right"]


def test_a_line_has_its_place_and_its_source() -> None:
    targets = QUESTION.fields("a", (), None)["targets"]
    assert (targets[1].where, targets[1].text) == ("program.py:2", "    print('a · b')")


def test_a_lane_has_the_tag_of_its_process() -> None:
    targets = (Option("caller"), Option("worker A"))
    lanes = Point(id="1", text="?", why="", targets=targets, rights=(0,), shown="lanes")
    assert [(each.text, each.role, each.letter) for each in lanes.fields("a", (), None)["targets"]] == [
        ("caller", "caller", ""),
        ("worker A", "worker", "A"),
    ]


def test_a_node_is_its_label() -> None:
    nodes = Point(id="1", text="?", why="", targets=(Option("Deliver · lock"),), rights=(0,), shown="nodes")
    assert nodes.fields("a", (), None)["targets"][0].text == "Deliver · lock"
