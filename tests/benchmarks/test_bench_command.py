from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import CommandError

from tests.commands import run_command
from tutor.benchmarks import (
    answers,
    attacked,
    crowd,
    engine,
    learners,
    press,
    room,
    scale,
    style_pages,
    styles,
    two_webs,
    walk,
)
from tutor.benchmarks.figures import Figure
from tutor.benchmarks.management.commands.bench import as_table, short
from tutor.benchmarks.registry import BENCHMARKS, with_groups
from tutor.lessons import catalogue
from tutor.runs.references import missing

LONG = {
    "answers",
    "assignment",
    "scale",
    "attacked",
    "press",
    "styles",
    "walk",
    "browser",
    "class",
    "crowd",
    "followers",
    "room",
    "throughput",
    "page",
    "engine-rate",
    "engine-overhead",
    "engine-store",
    "engine-room",
    "visits",
}
"""Those that measure a site with browsers, sockets or several processes, which takes up to half a minute each."""
FIELDS = {"name", "unit", "median", "p95", "against", "ratio", "goal", "met"}


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which temporary folders are made. PostgreSQL's user can reach those."""
    with TemporaryDirectory(prefix="tutor-tests-") as name:
        Path(name).chmod(0o711)
        monkeypatch.setattr("tempfile.tempdir", name)
        yield Path(name)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.thorough] * (name in LONG)) for name in BENCHMARKS if name != "questions"],
)
def test_each_benchmark_gives_figures_and_leaves_nothing(
    name: str, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learners, "LEARNERS", 2)
    monkeypatch.setattr(learners, "WITHIN_S", 0.1)
    monkeypatch.setattr(learners, "TURNS", 1)
    monkeypatch.setattr(answers, "BROWSERS", 20)
    monkeypatch.setattr(room, "ANSWERS", 20)
    monkeypatch.setattr(attacked, "MEMBERS", 5)
    monkeypatch.setattr(scale, "EVENTS", (200, 600))
    for small, number in {"PRESSES": 4, "EVERY_MS": 200, "DELAY_S": 0.02}.items():
        monkeypatch.setattr(press, small, number)
    monkeypatch.setattr(walk, "TASKS", 1)
    monkeypatch.setattr(walk, "LINES", 10)
    monkeypatch.setattr(styles, "TASKS", 1)
    monkeypatch.setattr(styles, "LINES", 10)
    monkeypatch.setattr(styles, "EVENTS", (20, 30))
    two_styles = list(styles.registry.styles())[:2]
    monkeypatch.setattr(styles.registry, "styles", lambda: two_styles)
    monkeypatch.setattr(style_pages, "FRAMES", 5)
    for small, number in {"MEMBERS": 3, "IDLE": 6, "LEAVING": 5, "TURNS": 1}.items():
        monkeypatch.setattr(crowd, small, number)
    monkeypatch.setattr(engine, "HOSTS", (1, 2))
    monkeypatch.setattr(engine, "WAIT_S", 0.5)
    monkeypatch.setattr(two_webs, "MEMBERS", 3)
    figures = run_command("bench", name, "--json", "--rounds", "1", "--members", "3").json
    assert figures
    for figure in figures:
        assert set(figure) == FIELDS
        assert figure["median"] > 0 or "difference" in figure["name"]
        assert figure["p95"] > 0 or "difference" in figure["name"]
        assert (figure["met"] is None) == (not figure["goal"])
        assert (figure["against"] is None) == (figure["ratio"] is None)
    assert list(temporary.iterdir()) == []


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_the_benchmark_of_questions_makes_the_runs_that_are_missing_and_counts(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.TUTOR_LABS = tmp_path / "labs"
    lesson = catalogue.get("when-a-task-raises")
    monkeypatch.setattr(catalogue, "lessons", lambda: {lesson.slug: lesson})
    figures = {each["name"]: each for each in run_command("bench", "questions", "--json", "--rounds", "1").json}
    assert figures["questions made"]["median"] > 0
    assert figures["questions of all lessons"]["median"] == figures[f"lesson {lesson.slug}"]["median"] >= 10
    assert figures["with a named misconception"]["met"]
    assert any(name.startswith("dropped: ") for name in figures)
    assert list(missing([lesson], 5)) == []


@pytest.mark.parametrize("members", ["", "0", "some", "50,"])
def test_a_class_of_followers_has_a_size(members: str) -> None:
    with pytest.raises(CommandError, match="--members: invalid"):
        run_command("bench", "followers", "--members", members)


def test_a_group_stands_for_its_benchmarks() -> None:
    assert with_groups(["fork", "engine"]) == ["fork", "engine-rate", "engine-overhead", "engine-store", "engine-room"]


def test_an_unknown_benchmark_is_refused() -> None:
    for names in (["nothing"], ["--only", "nothing"], ["fork", "nothing"]):
        with pytest.raises(CommandError, match=r'unknown benchmark "nothing" \(known: fork, lesson, '):
            run_command("bench", *names)


def test_the_table_has_a_row_for_each_figure() -> None:
    table = as_table([Figure("it", "ms", 1.234, 12.34, 123.4, 100.0, "≥ 5×", True), Figure("that", "kB", 4, 4)])
    cells = [list(column.cells) for column in table.columns]
    assert [column[0] for column in cells] == ["it", "ms", "1.23", "12.3", "123", "100.0×", "≥ 5×", "yes"]
    assert [column[1] for column in cells] == ["that", "kB", "4", "4", "", "", "", ""]
    assert short(-0.5) == "-0.50"
