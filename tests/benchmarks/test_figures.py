from __future__ import annotations

from tutor.benchmarks.figures import above, against, all_of, below, p95, percentile, rate


def test_a_ratio_is_how_many_times_faster_ours_is() -> None:
    figure = against("it", "ms", [10.0, 20.0, 30.0], [100.0, 100.0], 5)
    assert (figure.median, figure.against, figure.ratio, figure.met) == (20.0, 100.0, 5.0, True)
    assert against("it", "ms", [10.0], [10.0]).met is None


def test_a_bound_holds_for_the_median_or_for_nearly_all() -> None:
    assert below("it", "ms", [1.0, 1.0, 9.0], 9).met is True
    assert below("it", "ms", [1.0, 1.0, 9.0], 9, of="p95").met is False


def test_more_is_better_where_the_goal_is_to_be_above_a_bound() -> None:
    assert above("it", "days", [15.0], 14).met is True
    assert above("it", "days", [14.0], 14).met is False


def test_a_goal_of_all_is_met_by_all() -> None:
    assert all_of("it", 40, 40).met is True
    assert all_of("it", 39, 40).met is False


def test_the_p95_of_a_figure_is_at_its_worse_end() -> None:
    values = [float(value) for value in range(1, 101)]
    assert p95(values) == 95
    assert percentile(values, 99) == 99
    assert p95([3.0]) == 3
    assert p95([1.0, 2.0]) == 2
    assert rate("it", "runs/min", values).p95 == 6
