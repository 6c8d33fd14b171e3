from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tutor.benchmarks import learners
from tutor.benchmarks.figures import Figure, against, all_of, below, p95, rate
from tutor.benchmarks.listed import BENCHMARKS
from tutor.benchmarks.management.commands.bench import as_table, short

FIELDS = {"name", "unit", "median", "p95", "against", "ratio", "goal", "met"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", list(BENCHMARKS))
def test_each_benchmark_gives_figures_and_leaves_nothing(
    name: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learners, "LEARNERS", 2)
    monkeypatch.setattr(learners, "WITHIN_S", 0.1)
    monkeypatch.setattr(learners, "TURNS", 1)
    call_command("bench", "--json", "--only", name, "--rounds", "1", stdout=(out := StringIO()), stderr=StringIO())
    figures = json.loads(out.getvalue())
    assert figures
    for figure in figures:
        assert set(figure) == FIELDS
        assert figure["median"] > 0
        assert figure["p95"] > 0
        assert (figure["met"] is None) == (not figure["goal"])
        assert (figure["against"] is None) == (figure["ratio"] is None)
    assert list(here.iterdir()) == []


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'nothing'"):
        call_command("bench", "--only", "nothing")


def test_a_ratio_says_how_many_times_faster_ours_is() -> None:
    figure = against("it", "ms", [10.0, 20.0, 30.0], [100.0, 100.0], 5)
    assert (figure.median, figure.against, figure.ratio, figure.met) == (20.0, 100.0, 5.0, True)
    assert against("it", "ms", [10.0], [10.0]).met is None


def test_a_bound_holds_for_the_median_or_for_nearly_all() -> None:
    assert below("it", "ms", [1.0, 1.0, 9.0], 9).met is True
    assert below("it", "ms", [1.0, 1.0, 9.0], 9, of="p95").met is False
    assert all_of("it", 40, 40).met is True
    assert all_of("it", 39, 40).met is False


def test_nearly_all_means_the_worse_end_of_a_figure() -> None:
    values = [float(value) for value in range(1, 101)]
    assert p95(values) == 95
    assert p95([3.0]) == 3
    assert p95([1.0, 2.0]) == 2
    assert rate("it", "runs/min", values).p95 == 6


def test_the_table_has_a_line_for_each_figure() -> None:
    table = as_table([Figure("it", "ms", 1.234, 12.34, 123.4, 100.0, "≥ 5×", True), Figure("that", "kB", 4, 4)])
    cells = [list(column.cells) for column in table.columns]
    assert [column[0] for column in cells] == ["it", "ms", "1.23", "12.3", "123", "100.0×", "≥ 5×", "yes"]
    assert [column[1] for column in cells] == ["that", "kB", "4", "4", "", "", "", ""]
    assert short(-0.5) == "-0.50"
