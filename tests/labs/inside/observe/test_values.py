from __future__ import annotations

import json
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor.labs.inside.observe import values
from tutor.labs.inside.observe.probe import probe
from tutor.protocol.limits import Limits


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "limits", Limits(value_characters=100))


class Broken:
    def __repr__(self) -> str:
        raise LookupError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1.0, "-1.0"),
        ("text", "'text'"),
        (None, "None"),
        ({"a": [1, (2, 3)]}, "{'a': [1, (2, 3)]}"),
    ],
)
def test_a_value_is_written_as_python_writes_it_up_to_a_length(value: object, text: str) -> None:
    assert values.text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 1200, f"'{'x' * 1000}'… (1,200 characters)"),
        (b"x" * 1200, f"b'{'x' * 1000}'… (1,200 bytes)"),
        ([0] * 40, f"[{'0, ' * 30}… (40 values)"),
        (set(range(1000)), f"{{{''.join(f'{n}, ' for n in range(30))}… (1,000 values)"),
        (["x" * 900] * 5, f"['{'x' * 900}', '{'x' * 900}', … (5 values)"),
        (10**300, f"1{'0' * 199}… (301 digits)"),
        (1 << 20_000, "<int of 20,001 bits>"),
        (Path("x" * 1200), f"PosixPath('{'x' * 988}…"),
    ],
    ids=["text", "bytes", "list", "set", "long list", "digits", "bits", "other"],
)
def test_a_long_value_is_cut_at_its_end(monkeypatch: pytest.MonkeyPatch, value: object, text: str) -> None:
    monkeypatch.setattr(probe, "limits", Limits())
    assert values.text(value) == text


def test_of_many_values_the_last_is_whole() -> None:
    assert values.text([f"value {number}" for number in range(20)]).endswith("'value 6', … (20 values)")


def test_a_value_that_cannot_be_written_has_a_text_all_the_same() -> None:
    assert values.text(Broken()).startswith("<Broken instance at ")


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert values.bounded("x" * 100) == "x" * 100
    assert values.bounded("x" * 101) == "x" * 99 + "…"


def test_names_are_those_of_data() -> None:
    code = {"types": types, "Path": Path, "len": len, "test": test_names_are_those_of_data}
    assert values.names({"n": 1, "__name__": "program", **code}) == {"n": "1"}


def test_the_first_names_alone_are_sent() -> None:
    many = {f"name_{n}": n for n in range(values.MAX_NAMES + 5)}
    assert list(values.names(many)) == list(many)[: values.MAX_NAMES]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a lab."""
    monkeypatch.setattr(values, "of_server", values.Paths())
    values.of_server.hide(tmp_path)
    return tmp_path


def test_a_path_of_the_server_is_marked_where_it_is_shortened(folder: Path) -> None:
    assert values.bounded(f'File "{folder}/shop/tasks.py", line 1') == 'File "…/shop/tasks.py", line 1'
    assert values.bounded(f"in {folder}: {json.__file__}") == "in …: …/json/__init__.py"
    assert values.bounded('File "/elsewhere/tasks.py", line 1') == 'File "/elsewhere/tasks.py", line 1'


@pytest.mark.parametrize("form", [str, Path, lambda path: [path], lambda path: {path: path}, str.encode, repr])
def test_a_value_tells_no_path_of_the_server_in_any_form(folder: Path, form: Callable[[str], Any]) -> None:
    text = values.text(form(f"{folder}/shop/tasks.py"))
    assert "…/shop/tasks.py" in text and str(folder) not in text


@pytest.mark.parametrize("form", [str, str.encode, Path], ids=["text", "bytes", "other"])
def test_no_part_of_a_path_is_left_where_a_long_value_is_cut(
    folder: Path, monkeypatch: pytest.MonkeyPatch, form: Callable[[str], Any]
) -> None:
    monkeypatch.setattr(probe, "limits", Limits())
    for length in range(900, 1000, 7):
        assert str(folder)[:12] not in values.text(form(f"{'x' * length}{folder}/tasks.py{'y' * 400}"))


class Described:
    def __repr__(self) -> str:
        return " ".join(["letter"] * 50)


def test_a_description_is_cut_between_words() -> None:
    assert values.text(Described()).endswith(" letter…")
