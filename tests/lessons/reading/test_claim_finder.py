"""A claim that no run could prove is named with its line."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.reading.loading import load

CLAIM = '"step@started"'
POINT = '"A run that goes on has an open end."'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (CLAIM, '"step@begun"', 'unknown step "begun" (known: queued, started, '),
        (CLAIM, '"mood@started"', 'unknown kind of claim "mood" (known: status, result, '),
        (CLAIM, '"small/step@started"', 'unknown case "small" (known: default)'),
        (POINT, '"It is [6](value@counted:sum)."', 'unknown variable "sum" (known: task_status, counted, total)'),
        (POINT, '"[One](rows:Failure) is left."', 'unknown table "Failure" (known: OrmQ, Task)'),
        (POINT, '"[1](event@stored:sum)"', 'unknown field "sum" of "stored" (known: task, name, '),
        (POINT, '"It is [Done](status@stored)."', '"Done" isn\'t one of Pending, Running, Success, Failed, N/A'),
    ],
)
def test_a_mistake_in_a_claim_is_named_with_its_line(folder: Folder, old: str, new: str, message: str) -> None:
    assert folder.message_after(old, new).startswith(message)


def test_a_claim_can_be_about_the_rows_of_the_lessons_own_models(folder: Folder) -> None:
    models = "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n"
    (folder.path / "models.py").write_text(models)
    folder.change(POINT, '"[One](rows@stored:Order) is there."')
    assert "rows@stored:Order" in [str(claim.subject) for claim in load(folder.path).claims]
    known = folder.message_after("rows@stored:Order", "rows@stored:Orders")
    assert known.startswith('unknown table "Orders" (known: OrmQ, Task, Order)')


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [('text = "2", right = true', 'text = "2"', 0), ('text = "4"', 'text = "4", right = true', 2)],
)
def test_a_question_without_exactly_one_right_answer_is_named(folder: Folder, old: str, new: str, right: int) -> None:
    folder.change(old, new)
    line = folder.change("options = [", "options = [")
    assert folder.mistakes() == [f"lesson.toml:{line}: {right} options are right (mark exactly one)"]


def test_a_number_without_a_claim_is_unmarked(folder: Folder) -> None:
    line = folder.change(POINT, '"It counts to six, and is [Success](status@stored)."')
    lesson = load(folder.path)
    [problem] = [each for each in lesson.unmarked if each.line == line]
    assert problem.message == 'the number "six" has no claim: link it to what shows it, or to "plain"'
    assert ("Success", "status@stored") in [(claim.text, str(claim.subject)) for claim in lesson.claims]
