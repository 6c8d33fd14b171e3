"""Each key of a TOML file has its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lessons.catalogue import CONTENT
from tutor.lessons.reading.positions import Positions

TEXT = '''\
# a comment with [brackets] and = signs
title = "one"
a.b.'c d' = 2 # three keys

[table]
text = """
key = "not a key"
[not.a.table]
ends with two quotes"""""
literal = \'\'\'
[nor] = this
\'\'\'
list = [
    1, "]", # a comment ]
    { x = 1, y = [2,
                  3] },
]

[[rows]]
id = "first"
[[rows]]
id = 'second # no comment'
on = { event = "line", where = { "a.b" = { min = 1 } } }
    [[rows.cells]]
    at = [1, 2]
    [[rows.cells]]
    at = 1979-05-27T07:32:00Z
    [rows.cells.deep]
    key = true
["quoted \\"name\\""]
key = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("a", "b", "c d"), 3),
        (("table",), 5),
        (("table", "text"), 6),
        (("table", "literal"), 10),
        (("table", "list"), 13),
        (("table", "list", 0), 14),
        (("table", "list", 1), 14),
        (("table", "list", 2), 15),
        (("table", "list", 2, "y"), 15),
        (("table", "list", 2, "y", 1), 16),
        (("rows", 0, "id"), 20),
        (("rows", 1), 21),
        (("rows", 1, "id"), 22),
        (("rows", 1, "on", "where", "a.b", "min"), 23),
        (("rows", 1, "cells", 0, "at", 1), 25),
        (("rows", 1, "cells", 1), 26),
        (("rows", 1, "cells", 1, "at"), 27),
        (("rows", 1, "cells", 1, "deep", "key"), 29),
        (('quoted "name"', "key"), 31),
    ],
)
def test_a_key_is_found_at_its_line(path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(TEXT)
    assert Positions(TEXT).line(path) == line


def test_a_missing_key_has_the_line_of_its_nearest_parent() -> None:
    positions = Positions(TEXT)
    assert positions.line(("rows", 1, "on", "where", "nothing", "there")) == 23
    assert positions.line(("nothing",)) == 1


def paths(values: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(values, dict | list):
        for key, value in values.items() if isinstance(values, dict) else enumerate(values):
            yield from paths(value, (*path, key))


@pytest.mark.parametrize("folder", sorted(CONTENT.iterdir()), ids=lambda folder: folder.name)
def test_every_value_of_a_real_lesson_has_a_line_of_its_own_key(folder: Path) -> None:
    text = (folder / "lesson.toml").read_text()
    positions, lines = Positions(text), text.splitlines()
    for path in paths(tomllib.loads(text)):
        assert path in positions.lines
        if path and isinstance(path[-1], str):
            assert path[-1] in lines[positions.line(path) - 1]


SCALARS = st.one_of(
    st.booleans().map(lambda value: "true" if value else "false"),
    st.integers(-9, 9).map(str),
    st.sampled_from(['"a # b"', "'[x]'", '"""\n]\n"""', "'''\n}\n'''", r'"\"]"', '"""a"b""c"""', "1.5e3"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3).map(lambda each: "[\n" + ", # ]\n".join(each) + "\n]")
)


@given(st.lists(VALUES, max_size=6))
def test_a_key_after_any_value_has_its_line(values: list[str]) -> None:
    text = "".join(f"[[t]]\nk{index} = {value}\n" for index, value in enumerate(values))
    tomllib.loads(text)
    positions, lines = Positions(text), text.splitlines()
    for index in range(len(values)):
        assert lines[positions.line(("t", index)) - 1] == "[[t]]"
        assert lines[positions.line(("t", index, f"k{index}")) - 1].startswith(f"k{index} = ")
