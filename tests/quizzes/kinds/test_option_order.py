from __future__ import annotations

from collections import Counter

import pytest

from tutor.lessons import catalogue
from tutor.quizzes.kinds.option_order import order_of

SEEDS = [f"run{number}" for number in range(60)]


def test_an_order_has_each_option_once_and_stays_the_same() -> None:
    order = order_of("a", "1", 4)
    assert sorted(order) == [0, 1, 2, 3]
    assert order == order_of("a", "1", 4)


def test_runs_and_questions_have_orders_of_their_own() -> None:
    assert len({order_of(seed, "1", 4) for seed in SEEDS}) > 12
    assert len({order_of("a", str(number), 4) for number in range(60)}) > 12


def test_nobody_can_compute_an_order_without_the_sites_secret(settings: object) -> None:
    before = [order_of(seed, "1", 4) for seed in SEEDS]
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert [order_of(seed, "1", 4) for seed in SEEDS] != before


@pytest.mark.parametrize("count", [2, 3, 4])
def test_in_the_runs_of_all_lessons_no_place_has_the_key_much_more_often_than_others(count: int) -> None:
    keys = [
        (f"{slug}{seed}", str(number), question.key)
        for slug, lesson in catalogue.lessons().items()
        for number, question in enumerate(lesson.content.questions)
        for seed in SEEDS
        if len(question.options) == count
    ]
    places = Counter(order_of(seed, number, count).index(key) for seed, number, key in keys)
    if keys:
        assert all(0.8 < places[place] * count / len(keys) < 1.2 for place in range(count)), places
