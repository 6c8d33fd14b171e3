"""A repair names knobs and cases that fit it, and its goal becomes claims about them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.catalogue import CONTENT
from tutor.lessons.reading.loading import load

KNOBS, HEALS, MISS = 'knobs = ["retry", "workers"]', "heals = { retry = 7 }", '{ case = "single",'


@pytest.fixture
def ran_twice(tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(CONTENT / "it-ran-twice", tmp_path / "it-ran-twice")))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (KNOBS, 'knobs = ["retry", "wages"]', 'unknown knob "wages" (known: seconds, retry, workers)'),
        (HEALS, "heals = { seconds = 0.3 }", 'unknown knob that may be changed "seconds" (known: retry, workers)'),
        (HEALS, "heals = { retry = 6 }", "no case differs from the lesson's own run by retry = 6 alone"),
        (MISS, '{ case = "double",', 'unknown case "double" (known: default, patient, single, quick)'),
        (
            MISS,
            '{ case = "quick",',
            "the case \"quick\" doesn't differ from the lesson's own run by one of these knobs alone",
        ),
    ],
)
def test_what_does_not_fit_is_named(ran_twice: Folder, old: str, new: str, message: str) -> None:
    assert ran_twice.message_after(old, new) == message


def test_the_goal_is_a_claim_about_the_cases_that_heal_and_not_about_the_others(ran_twice: Folder) -> None:
    line = ran_twice.change('claim = "executions:report"\nvalue = "1"', 'claim = "executions:report"\nvalue = "1" ')
    claims = [(str(each.subject), each.value) for each in load(ran_twice.path).claims if each.line == line]
    assert claims == [
        ("patient/executions:report", "1"),
        ("!executions:report", "1"),
        ("single/!executions:report", "1"),
    ]
