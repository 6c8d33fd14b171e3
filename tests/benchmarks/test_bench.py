from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from tutor.benchmarks import labs, site  # noqa: F401
from tutor.benchmarks.campaigns import CAMPAIGNS, carry_out
from tutor.benchmarks.figures import BENCHMARKS, against, below, p95

FIELDS = {"name", "unit", "median", "p95", "against", "ratio", "goal", "met"}


@pytest.mark.parametrize("name", ["fork", "lesson", "memory", "throughput", "browser", "page", "class"])
def test_each_benchmark_gives_figures(name: str, monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("tutor.benchmarks.site.LEARNERS", 2)
    monkeypatch.setattr("tutor.benchmarks.site.PRESS_WITHIN_S", 0.1)
    call_command("bench", "--json", "--only", name, "--rounds", "1")
    figures = json.loads(capsys.readouterr().out)
    assert figures
    for figure in figures:
        assert set(figure) == FIELDS
        assert figure["median"] > 0
        assert (figure["met"] is None) == (not figure["goal"])


def test_all_benchmarks_are_in_the_list() -> None:
    assert list(BENCHMARKS) == ["fork", "lesson", "memory", "throughput", "browser", "page", "class"]


def test_a_ratio_says_how_many_times_faster_ours_is() -> None:
    figure = against("it", "ms", [10.0, 20.0, 30.0], [100.0, 100.0], 5)
    assert (figure.median, figure.against, figure.ratio, figure.met) == (20.0, 100.0, 5.0, True)
    assert below("it", "ms", [1.0, 9.0], 9).met is True
    assert below("it", "ms", [1.0, 9.0], 9, of="p95").met is False
    assert p95(list(range(1, 101))) == 95


@pytest.mark.parametrize("name", list(CAMPAIGNS))
def test_a_campaign_keeps_its_promise(name: str) -> None:
    deviations, _ = carry_out(name, 2)
    assert deviations == []
