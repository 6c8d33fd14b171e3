"""The benchmark of guessing codes."""

from __future__ import annotations

import pytest

from tests.commands import run_command
from tutor.benchmarks import guessing
from tutor.benchmarks.guessing import guesses_a_second, joined
from tutor.pages.guessing import PER_S, SITE_PER_S


@pytest.fixture(autouse=True)
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "HOURS", 2)


def test_what_the_limits_promise_is_what_a_simulation_of_them_finds() -> None:
    figures = run_command("bench", "guessing", "--json").json
    assert all(each["met"] for each in figures)
    for expected, simulated in ((figures[0], figures[1]), (figures[2], figures[3])):
        assert simulated["median"] == pytest.approx(expected["median"], rel=0.05)


def test_many_addresses_guess_no_faster_than_the_limit_of_all() -> None:
    assert guesses_a_second(1) == pytest.approx(PER_S, rel=0.05)
    assert guesses_a_second(1000) == pytest.approx(SITE_PER_S, rel=0.05)


def test_a_class_that_mistypes_too_much_is_locked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MISTYPE", 1)
    assert joined() < guessing.MEMBERS
