"""A knob stands where its places say, and changes something."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.reading.program_checks import CLUSTER_KEYS

PLACE = "\"'counting.tasks.count', {to})\""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (PLACE, '"tasks.count({to})"', '"tasks.count(6)" occurs 0 times in program.py, not once'),
        (PLACE, "\"'counting.tasks.count', {too})\"", 'unknown knob "too" (known: to)'),
        (PLACE, '"\'counting.tasks.count\', {to})", "{to})"', "two places overlap"),
        ('name = "total"', 'name = "sum"', 'unknown name in the program "sum" (known: '),
    ],
)
def test_what_is_not_in_the_program_is_named(folder: Folder, old: str, new: str, message: str) -> None:
    assert folder.message_after(old, new).startswith(message)


def test_a_knob_that_changes_nothing_is_named(folder: Folder) -> None:
    folder.change("places = [\"'counting.tasks.count', {to})\"]\n", "")
    assert any('the knob "to" changes nothing' in each for each in folder.mistakes())


def test_an_unknown_key_for_the_cluster_is_named_where_it_stands(folder: Folder) -> None:
    line = folder.change("retry = 8", "retries = 8", file="settings.toml")
    [mistake] = folder.mistakes()
    assert mistake.startswith(f'settings.toml:{line}: unknown key "retries" (known: ALT_CLUSTERS, ack_failures, ')


def test_an_unknown_key_for_another_cluster_is_named_too(folder: Folder) -> None:
    (folder.path / "settings.toml").open("a").write("\n[Q_CLUSTER.ALT_CLUSTERS.long]\nretries = 9\n")
    assert any('unknown key "retries"' in each for each in folder.mistakes())


def test_a_cluster_that_runs_is_one_of_the_settings(folder: Folder) -> None:
    (folder.path / "settings.toml").open("a").write("\n[Q_CLUSTER.ALT_CLUSTERS.long]\nretry = 9\n")
    assert (
        folder.message_after("minutes = 1\n", 'minutes = 1\nclusters = ["lnog"]\n')
        == 'unknown cluster "lnog" (known: long)'
    )
    assert folder.message_after('["lnog"]', '["long", "long"]') == 'the cluster "long" is there twice'
    folder.change('["long", "long"]', '["long"]')
    assert folder.mistakes() == []


def test_what_differs_from_run_to_run_is_a_regular_expression(folder: Folder) -> None:
    assert "“(” isn't a regular expression" in folder.message_after("minutes = 1\n", "minutes = 1\nvaries = ['(']\n")


def test_the_known_keys_are_those_that_django_q2_reads() -> None:
    source = Path(find_spec("django_q").submodule_search_locations[0], "conf.py").read_text()  # type: ignore[union-attr,index]
    read = set(re.findall(r'conf\.(?:get|pop)\("(\w+)"', source))
    assert read == CLUSTER_KEYS


def test_an_unknown_knob_in_the_settings_is_named_there(folder: Folder) -> None:
    line = folder.change("retry = 8", 'retry = "{again}"', file="settings.toml")
    assert folder.mistakes() == [f'settings.toml:{line}: unknown knob "again" (known: to)']
