"""What is too large for a lab is named with the bound."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.reading.lab_size import LARGEST

BOUND = "(at most 28,672)"


@pytest.mark.parametrize(("name", "what"), [("program.py", "the program has"), ("tasks.py", "all Python files")])
def test_a_file_that_is_too_large_is_named(folder: Folder, name: str, what: str) -> None:
    text = (folder.path / name).read_text()
    (folder.path / name).write_text(f"{text}# {'x' * (LARGEST - len(text))}\n")
    [mistake] = folder.mistakes()
    assert mistake.startswith(f"{name}:1: ")
    assert what in mistake
    assert mistake.endswith(BOUND)


def test_settings_that_are_too_large_are_named(folder: Folder) -> None:
    with (folder.path / "settings.toml").open("a") as file:
        file.write(f'label = "{"x" * LARGEST}"\n')
    [mistake] = folder.mistakes()
    assert mistake.startswith("settings.toml:1: ")
    assert mistake.endswith(BOUND)
