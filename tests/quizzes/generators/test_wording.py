"""The English of generated questions, whatever a run shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quizzes.generators.wording import faults_in, faults_of
from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, event, events_of_first_lesson, lesson, numbered, trace_of
from tutor.quizzes.answers import options_of
from tutor.quizzes.generators.fact import LONGEST_ID, id_of
from tutor.quizzes.generators.registry import all_questions
from tutor.quizzes.generators.wording import code, counted, listed, ordinal, times
from tutor.quizzes.words import simplified

NAMES = st.sampled_from(
    ["an apple", "`tick`", "two  spaces", "1", "a\nb", "“quoted”", "é", "x" * 200, "the the", "?", "_"]
)
NUMBERS = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("It is is there.", "a doubled word"),
        ("This is a outcome.", "a before a vowel"),
        ("This is an row.", "an before a consonant"),
        ("There are 1 rows.", "a plural after 1"),
        ("There is 2 row.", "a singular after a number"),
        ("Two  spaces.", "two spaces"),
        ("What is `` there?", "an empty slot"),
        ('It says "no".', "a straight quote"),
        ("It is over..", "two signs"),
    ],
)
def test_a_fault_would_be_noticed(text: str, fault: str) -> None:
    assert fault in list(faults_in(text))


@given(NUMBERS)
def test_numbers_agree_with_their_nouns(number: int) -> None:
    text = f"Here: {counted(number, 'row')}, {times(number)}, {counted(number, 'delivery', 'deliveries')}."
    assert list(faults_in(text)) == []
    assert ordinal(number + 1)


def test_ordinals_end_as_they_should() -> None:
    assert [ordinal(each) for each in (1, 2, 11, 12, 21, 22, 23, 111)] == [
        *("first", "second", "11th", "12th", "21st", "22nd", "23rd", "111th"),
    ]


def test_a_list_ends_with_and() -> None:
    assert [listed(each) for each in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


@given(NAMES)
def test_code_is_in_one_line_and_ends_where_it_should(name: str) -> None:
    assert "\n" not in code(name)
    assert list(faults_in(f"What is {code(name)} here?")) == []


@given(st.text(), st.text())
def test_ids_are_short_and_differ(one: str, other: str) -> None:
    assert all(len(each) <= LONGEST_ID and each.startswith("gen") for each in (id_of(one), id_of(other)))
    assert id_of("x" * 100, one) != id_of("x" * 101, one)


@settings(max_examples=30)
@given(NAMES, NAMES, NUMBERS)
def test_a_run_with_extreme_names_and_values_is_asked_about_in_plain_english(name: str, text: str, number: int) -> None:
    printed = event("printed", "worker", text=f"{text}\n", stream="stdout")
    events = [with_values(each, name, number) for each in events_of_first_lesson()]
    assert_plain([*events[:10], printed, printed, *events[10:]])


def with_values(each: MadeUpEvent, name: str, number: int) -> MadeUpEvent:
    """Return an event as if the task were called `name` and returned `number`."""
    payload = {**each.payload}
    if "func" in payload:
        payload |= {"name": name, "options": {"task_name": name}}
    if "result" in payload:
        payload["result"] = str(number)
    return MadeUpEvent(each.kind, each.lane, payload, pid=each.pid)


@given(RUNS)
def test_any_run_is_asked_about_in_plain_english(events: list[MadeUpEvent]) -> None:
    assert_plain(events)


def assert_plain(events: list[MadeUpEvent]) -> None:
    run = trace_of(numbered(events))
    asked = all_questions(lesson(), lesson().case("default"), run)
    assert [fault for each in asked for fault in faults_of(each)] == []
    assert len({each.id for each in asked}) == len(asked)
    for each in asked:
        texts = [simplified(option.text) for option in options_of(each)]
        assert len(set(texts)) == len(texts) >= 2
