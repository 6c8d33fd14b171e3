"""The catalogue lists lessons, and a lesson with mistakes doesn't affect the others."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.lessons.conftest import TEST_LESSONS, Folder
from tutor.lessons import catalogue
from tutor.lessons.catalogue import Catalogue
from tutor.lessons.errors import UnknownLesson
from tutor.lessons.format.lesson_file import LessonFile


def test_the_sites_own_lessons_have_no_mistakes() -> None:
    assert catalogue.problems() == {}
    assert "task-results-and-status" in catalogue.lessons()


def test_a_lesson_is_found_by_its_slug() -> None:
    assert catalogue.get("task-results-and-status").content.title == "Task results and status in Django"


@pytest.mark.parametrize("slug", ["nothing", "", "..", "task-results-and-status/../x"])
def test_an_unknown_slug_says_so(slug: str) -> None:
    with pytest.raises(UnknownLesson, match=f'unknown lesson "{slug}"'):
        catalogue.get(slug)


def test_lessons_stand_in_their_order(folder: Folder, first_folder: Folder) -> None:
    assert list(Catalogue([folder.path.parent]).read().lessons) == ["task-results-and-status", "slow-count"]
    folder.change("order = 900", "order = 1")
    assert list(Catalogue([folder.path.parent]).read().lessons) == ["slow-count", "task-results-and-status"]


def test_the_lessons_of_a_subject_stand_together(folder: Folder, first_folder: Folder) -> None:
    shutil.copytree(folder.path, folder.path.parent / "another")
    Folder(folder.path.parent / "another").change("order = 900", "order = 1")
    found = list(Catalogue([folder.path.parent]).read().lessons)
    assert found == ["another", "slow-count", "task-results-and-status"]


def test_exactly_one_of_the_sites_lessons_is_that_of_the_home_page() -> None:
    assert [slug for slug, lesson in catalogue.lessons().items() if lesson.content.home] == ["it-ran-twice"]


def test_a_lesson_that_heals_it_has_to_be_there(folder: Folder, first_folder: Folder) -> None:
    healing = '\n[healed_by]\nlesson = "{}"\ntext = "It does no harm there."\n\n[program]'
    folder.change("\n[program]", healing.format("task-results-and-status"))
    found = Catalogue([folder.path.parent]).read()
    assert found.problems == {}
    folder.change('"task-results-and-status"', '"elsewhere"')
    found = Catalogue([folder.path.parent]).read()
    assert list(found.lessons) == ["task-results-and-status"]
    [problem] = found.problems["slow-count"]
    assert problem.message.startswith('unknown lesson "elsewhere" (known: ')


def test_the_lessons_that_name_one_that_heals_them_lead_to_it() -> None:
    lessons = catalogue.lessons()
    named = {slug: lesson.content.healed_by.lesson for slug, lesson in lessons.items() if lesson.content.healed_by}
    assert len(named) >= 3
    assert all(each in lessons and each != slug for slug, each in named.items())


def test_another_lesson_for_the_home_page_is_a_mistake_with_its_line(folder: Folder, first_folder: Folder) -> None:
    first_folder.change("order = 10\n", "home = true\norder = 10\n")
    line = folder.change("order = 900", "home = true\norder = 900")
    found = Catalogue([folder.path.parent]).read()
    assert list(found.lessons) == ["slow-count"]
    [problem] = found.problems["task-results-and-status"]
    assert str(problem).startswith("lesson.toml:")
    assert 'the home page plays the lesson "slow-count" already' in problem.message
    assert line


def test_a_lesson_with_mistakes_is_listed_with_them_and_the_others_are_shown(
    folder: Folder, first_folder: Folder
) -> None:
    folder.change("minutes = 1", "minutes = 0")
    found = Catalogue([folder.path.parent])
    assert list(found.read().lessons) == ["task-results-and-status"]
    assert [problem.line for problem in found.read().problems["slow-count"]] == [4]
    with pytest.raises(UnknownLesson, match="has mistakes") as caught:
        found.get("slow-count")
    assert caught.value.problems


def test_a_change_is_seen_at_once(folder: Folder) -> None:
    found = Catalogue([folder.path.parent])
    before = found.get("slow-count")
    assert found.get("slow-count") is before
    folder.change('title = "Counting slowly"', 'title = "Counting very slowly"')
    assert found.get("slow-count").content.title == "Counting very slowly"


def test_two_lessons_of_one_slug_are_named_and_the_first_is_shown(folder: Folder, tmp_path: Path) -> None:
    other = tmp_path / "other" / "slow-count"
    shutil.copytree(folder.path, other)
    Folder(other).change('title = "Counting slowly"', 'title = "Another"')
    found = Catalogue([folder.path, tmp_path / "other"])
    assert found.get("slow-count").content.title == "Counting slowly"
    [problem] = found.read().problems["slow-count"]
    assert str(problem).startswith('lesson.toml:1: another lesson has the slug "slow-count"')


def test_the_environment_adds_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TUTOR_LESSONS", os.pathsep.join([str(TEST_LESSONS), str(tmp_path / "nowhere")]))
    assert catalogue.get("slow-count").content.title == "Counting slowly"
    assert catalogue.get("task-results-and-status")
    [missing] = catalogue.problems().values()
    assert missing[0].message == "the folder doesn't exist"


def test_hidden_folders_and_files_are_skipped(tmp_path: Path) -> None:
    for name in ("__pycache__", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "notes.md").write_text("notes")
    assert not Catalogue([tmp_path]).read().problems


def test_the_json_schema_describes_every_key() -> None:
    schema = LessonFile.model_json_schema()
    assert "knob_summary" in schema["properties"]
    for part in (schema, *schema["$defs"].values()):
        for name, key in part.get("properties", {}).items():
            assert "description" in key or "$ref" in key, (part["title"], name)
