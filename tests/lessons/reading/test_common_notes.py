"""A name in a lesson's `notes` stands for the note that several lessons share."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons import catalogue
from tutor.lessons.reading.common_notes import common_notes
from tutor.lessons.reading.loading import load

TOLD_OF_REDELIVERY = (
    "tried-again",
    "the-worker-that-died",
    "it-ran-twice",
    "twice-though-it-is-fast",
    "safe-to-run-twice",
    "hooks",
    "what-may-travel",
    "chains",
    "groups-and-async-iter",
    "results-that-vanish",
    "sixty-mails-three-workers",
    "stopping-a-cluster",
    "when-a-task-raises",
)


def test_a_lesson_has_the_text_of_the_notes_that_it_names(folder: Folder) -> None:
    folder.change('truth = "', 'notes = ["orm-broker"]\ntruth = "')
    assert load(folder.path).content.notes == (common_notes()["orm-broker"],)


def test_an_unknown_note_is_named_with_those_that_there_are(folder: Folder) -> None:
    folder.change('truth = "', 'notes = ["redis"]\ntruth = "')
    assert any('unknown common note "redis" (known: orm-broker' in each for each in folder.mistakes())


@pytest.mark.parametrize("slug", TOLD_OF_REDELIVERY)
def test_a_lesson_that_tells_of_redelivery_says_for_which_broker_it_holds(slug: str) -> None:
    assert common_notes()["orm-broker"] in catalogue.get(slug).content.notes
