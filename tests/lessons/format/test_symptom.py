"""Mistakes in the table of the symptom are found when a lesson is read, with their lines."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.reading.loading import load

LANES = 'lanes = ["caller", "workers"]'
EVENTS = 'events = [{ event = "queued" }, { event = "started" }]'


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ('lanes = ["caller", "shop"]', '"shop" isn\'t a lane'),
        ('lanes = ["queue by name"]', '"queue by name" isn\'t a lane'),
        ("lanes = []", "at least 1 item"),
    ],
)
def test_a_lane_is_a_role_a_table_or_one_of_three_words(folder: Folder, new: str, message: str) -> None:
    assert message in folder.message_after(LANES, new)


@pytest.mark.parametrize("name", ["queue by task", "workers by process", "output", "sentinel", "Task by task", "Order"])
def test_lanes_can_be_split_by_task_or_by_process(folder: Folder, name: str) -> None:
    folder.change(LANES, f'lanes = ["{name}"]')
    assert folder.mistakes() == []


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ('events = [{ event = "queued" }]', "at least 2 items"),
        ('events = [{ event = "queued" }, { event = "begun" }]', 'unknown event "begun"'),
        ('events = [{ event = "queued" }, { event = "started", text = "{event.nothing}" }]', "nothing"),
        (f'{EVENTS}\ntold = {{ claim = "value" }}', "takes 1 rule"),
        (f'{EVENTS}\ntold = {{ claim = "status@nowhere" }}', 'unknown step "nowhere"'),
        (f'{EVENTS}\ntold = {{ claim = "steps" }}', "must be about one step"),
        (f'{EVENTS}\ntold = {{ claim = "status@queued", text = "{{word}}" }}', 'unknown name "{word}"'),
    ],
)
def test_a_mistake_in_what_it_shows_is_named(folder: Folder, new: str, message: str) -> None:
    assert message in folder.message_after(EVENTS, new)


def test_a_lesson_keeps_the_lines_of_what_is_checked_against_its_run(folder: Folder) -> None:
    text = (folder.path / "lesson.toml").read_text().splitlines()
    lines = load(folder.path).lines
    assert text[lines["events 1"] - 1] == EVENTS
    assert text[lines["lanes 0"] - 1] == LANES
