from __future__ import annotations

import types
from collections.abc import Iterator
from pathlib import Path

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
        ([0] * 40, f"[{'0, ' * 30}...]"),
    ],
)
def test_a_value_is_written_as_python_writes_it_up_to_a_length(value: object, text: str) -> None:
    assert values.text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 1200, f"'{'x' * 1000}'… (1,200 characters)"),
        (b"x" * 1200, f"b'{'x' * 1000}'… (1,200 bytes)"),
        (10**300, f"1{'0' * 199}… (301 digits)"),
        (1 << 20_000, "<int of 20,001 bits>"),
        (Path("x" * 1200), f"PosixPath('{'x' * 988}…"),
    ],
    ids=["text", "bytes", "digits", "bits", "other"],
)
def test_a_long_value_is_cut_at_its_end(monkeypatch: pytest.MonkeyPatch, value: object, text: str) -> None:
    monkeypatch.setattr(probe, "limits", Limits())
    assert values.text(value) == text


def test_of_many_values_the_last_is_whole() -> None:
    assert values.text([f"value {number}" for number in range(20)]).endswith("'value 7', …")


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
def hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(values, "folders", list(values.folders))
    values.hide(tmp_path)
    yield tmp_path


def test_files_in_a_traceback_are_named_without_the_folders_of_this_machine(hidden: Path) -> None:
    assert values.bounded(f'File "{hidden}/shop/tasks.py", line 1') == 'File "shop/tasks.py", line 1'
    assert values.bounded('File "/elsewhere/tasks.py", line 1') == 'File "/elsewhere/tasks.py", line 1'
