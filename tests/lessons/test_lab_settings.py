"""A lesson's settings reach its lab with the values of the knobs, and are shown as a project would have them."""

from __future__ import annotations

import ast

from tests.lessons.conftest import Folder
from tutor.lessons.reading.loading import load


def test_the_settings_are_those_of_the_file(folder: Folder) -> None:
    lesson = load(folder.path)
    assert lesson.lab_settings({"to": 6}) == {"Q_CLUSTER": {"workers": 1, "timeout": 5, "retry": 8, "max_attempts": 1}}


def test_a_knob_in_the_settings_is_its_value(folder: Folder) -> None:
    folder.change("max_attempts = 1", 'max_attempts = "{to}"', file="settings.toml")
    lesson = load(folder.path)
    assert lesson.lab_settings({"to": 3})["Q_CLUSTER"]["max_attempts"] == 3
    assert lesson.lab_settings({"to": 4})["Q_CLUSTER"]["max_attempts"] == 4


def test_the_settings_read_as_python(folder: Folder) -> None:
    lesson = load(folder.path)
    name, _, value = lesson.settings_text({"to": 6}).partition(" = ")
    assert name == "Q_CLUSTER"
    assert ast.literal_eval(value) == {"workers": 1, "timeout": 5, "retry": 8, "max_attempts": 1}


def test_a_lesson_without_settings_has_none(folder: Folder) -> None:
    (folder.path / "settings.toml").unlink()
    lesson = load(folder.path)
    assert lesson.lab_settings({"to": 6}) == {}
    assert lesson.settings_text({"to": 6}) == ""
