"""The guide to writing lessons: the lesson in it passes its check, and it names every kind of claim."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

from tests.checking.conftest import RunsOf
from tutor.checking.findings import findings
from tutor.checking.mutation import mutants
from tutor.lessons.claims import CLAIM_KINDS
from tutor.lessons.format.cases import Case
from tutor.lessons.format.flow import Node
from tutor.lessons.format.lab_rules import GateRule, InterventionRule
from tutor.lessons.format.steps import StepRule
from tutor.lessons.reading.common_steps import with_common_steps
from tutor.lessons.reading.loading import load

GUIDE = Path(__file__).parents[2] / "docs/writing-lessons.md"
EXAMPLE = re.compile(r"^    \[\[\w.+?(?=\n\n(?! {4}))", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```\w+ (?P<file>[\w.]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "two-tasks-one-fails"
    folder.mkdir()
    for block in BLOCK.finditer(GUIDE.read_text()):
        with (folder / block["file"]).open("a") as file:
            file.write(block["text"] + "\n")
    return folder


def test_the_lesson_of_the_guide_passes_its_check(folder: Path, runs_of: RunsOf) -> None:
    lesson = load(folder)
    runs = runs_of([lesson])
    assert [str(each) for each in findings(lesson, runs)] == []
    assert [str(each) for each in mutants([lesson], runs) if not each.caught] == []


def test_the_other_examples_of_the_guide_are_what_a_lesson_may_say() -> None:
    found = [tomllib.loads(dedent(each[0])) for each in EXAMPLE.finditer(GUIDE.read_text())]
    assert sum(map(len, found)) >= 8
    for example in map(with_common_steps, found):
        for step in example.get("steps", ()):
            StepRule.model_validate(step)
        for gate in example.get("gates", ()):
            GateRule.model_validate(gate)
        for intervention in example.get("interventions", ()):
            InterventionRule.model_validate(intervention)
        for case in example.get("cases", ()):
            Case.model_validate(case)
        for node in example.get("flow", {}).get("nodes", ()):
            Node.model_validate(node)


def test_the_guide_names_every_kind_of_claim_that_prose_can_make() -> None:
    named = set(re.findall(r"\]\((?:\w+/)?!?([a-z]+)", GUIDE.read_text()))
    assert set(CLAIM_KINDS) - named == {"result", "steps", "processes", "path", "statuses", "results", "tracker"}
