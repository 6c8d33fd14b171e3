from __future__ import annotations

from tests.trace.events import changed, event, lesson
from tutor.lessons.format.flow import LitBy
from tutor.lessons.format.patterns import Pattern
from tutor.protocol.when import When
from tutor.trace.rules import CountedPattern, Rules

QUEUED = event("queued", "caller", task="1")
STARTED = event("started", "worker", task="1", delivery=1)


def test_a_pattern_without_a_count_matches_every_event_that_fits() -> None:
    pattern = CountedPattern(When("queued", count=None))
    assert [pattern.matches(each) for each in (QUEUED, STARTED, QUEUED)] == [True, False, True]


def test_a_pattern_with_a_count_matches_that_event_only() -> None:
    pattern = CountedPattern(When("queued", count=2))
    assert [pattern.matches(each) for each in (QUEUED, STARTED, QUEUED, QUEUED)] == [False, False, True, False]


def test_each_rule_counts_its_own_matches_even_when_another_rule_makes_the_step() -> None:
    queued = lesson().content.steps[0]
    every = queued.model_copy(update={"id": "every"})
    third = queued.model_copy(update={"id": "third", "on": Pattern(event="queued", count=3)})
    second = queued.model_copy(update={"id": "second", "on": Pattern(event="queued", count=2)})
    rules = Rules(changed(lesson(), steps=(third, second, every)))
    made = [rules.step_of(QUEUED) for _ in range(4)]
    assert [rule and rule.id for rule in made] == ["every", "second", "third", "every"]


def test_two_runs_of_a_lesson_count_apart() -> None:
    once = changed(
        lesson(), steps=(lesson().content.steps[0].model_copy(update={"on": Pattern(event="queued", count=1)}),)
    )
    assert Rules(once).step_of(QUEUED)
    assert Rules(once).step_of(QUEUED)


def test_an_event_lights_the_nodes_whose_patterns_it_matches() -> None:
    content = lesson().content
    lit = content.flow.nodes[0].model_copy(
        update={"lit_by": (LitBy(event="started"), LitBy(event="queued", token="caller"))}
    )
    rules = Rules(changed(lesson(), flow=content.flow.model_copy(update={"nodes": (lit,)})))
    assert rules.nodes_of(QUEUED) == [(lit.id, "caller")]
    assert rules.nodes_of(event("picked", "pusher", task="1")) == []
