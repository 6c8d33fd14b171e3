"""A file of a lesson that is missing or can't be read is named."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder


@pytest.mark.parametrize("name", ["lesson.toml", "program.py"])
def test_a_missing_file_is_named(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()
    assert f"{name}:1: the file is missing" in folder.mistakes()


def test_an_empty_lesson_file_is_named(folder: Folder) -> None:
    (folder.path / "lesson.toml").write_text("# nothing yet\n")
    assert "lesson.toml:1: the file is empty" in folder.mistakes()


@pytest.mark.parametrize("name", ["lesson.toml", "settings.toml", "program.py", "tasks.py", "why.md", "inside.md"])
def test_a_file_that_is_not_text_is_named(folder: Folder, name: str) -> None:
    (folder.path / name).write_bytes(b"\xff\xfe")
    assert any(each.startswith(f"{name}:1: the file can't be read") for each in folder.mistakes())


@pytest.mark.parametrize("name", ["settings.toml", "why.md", "inside.md"])
def test_a_file_that_may_be_left_out_is_not_missed(folder: Folder, name: str) -> None:
    (folder.path / name).unlink(missing_ok=True)
    assert folder.mistakes() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("program.py", "print(total)", "print(total", "Python can't read it: '(' was never closed"),
        ("tasks.py", "return to", "return (to", "Python can't read it: '(' was never closed"),
        ("lesson.toml", "minutes = 1", "minutes = ", "Invalid value"),
        ("lesson.toml", "default = 6", "default = six", "Invalid value"),
        ("lesson.toml", 'id = "count"', 'id = "count', "Illegal character"),
        ("settings.toml", "retry = 8", "retry 8", "Expected '='"),
    ],
)
def test_a_syntax_error_is_named_with_its_line(folder: Folder, file: str, old: str, new: str, message: str) -> None:
    assert folder.message_after(old, new, file).startswith(message)


def test_tasks_without_a_package_are_named(folder: Folder) -> None:
    folder.change('app = "counting"\n', "")
    assert any(each.startswith("tasks.py:1: the file's package has no name") for each in folder.mistakes())


def test_a_folder_name_that_is_not_a_slug_is_named(folder: Folder) -> None:
    folder.path = folder.path.rename(folder.path.with_name("Slow Count"))
    message = '"Slow Count" isn\'t a slug (lowercase letters, digits and hyphens)'
    assert folder.mistakes() == [f"lesson.toml:1: {message}"]
