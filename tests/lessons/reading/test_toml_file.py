"""A syntax error in a TOML file is named with its line."""

from __future__ import annotations

import tomllib

import pytest

from tutor.lessons.reading.toml_file import syntax_error


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\n\nb = [1,", 3), ("[a]\n[a]\n", 2)])
def test_a_syntax_error_has_its_line(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    found, message = syntax_error(caught.value, text)
    assert found == line
    assert "line" not in message and "document" not in message
