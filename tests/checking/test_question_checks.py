"""The faults of questions that the check finds: each is named with its line and what to do about it."""

from __future__ import annotations

import pytest

from tests.checking.conftest import Checked
from tutor.checking.findings import findings
from tutor.quizzes.words import simplified

LOOK = 'look = "The process of the step at which the result is stored."\n'
WORKER = '{ text = "The worker", value = "worker", why = "It hands the result to the next process." }'
MONITOR = '{ text = "The monitor", value = "monitor", right = true }'
TITLE = 'title = "My first"'
TOLD = 'told = { claim = "result@queued" }'
COUNTED = """claim = "executions"
options = [
    { text = "1", right = true },
    { text = "2", right_in = "killed", why = "That is so if the worker dies." },
]
"""


def found(checked: Checked, old: str, new: str) -> list[tuple[int, str]]:
    """Return the findings, as (line, message), in the lesson with `new` instead of `old`."""
    return [(each.line, each.observed) for each in findings(checked.with_text(old, new), checked.runs)]


def test_a_question_says_where_the_run_shows_its_answer(checked: Checked) -> None:
    [(line, message)] = found(checked, LOOK, "")
    assert line == checked.line("[[quiz]]")
    assert message == 'it has no "look": say where the run shows the answer'


def test_a_wrong_option_says_what_is_wrong_with_it(checked: Checked) -> None:
    [(line, message)] = found(checked, WORKER, '{ text = "The worker", value = "worker" }')
    assert line == checked.line("The worker")
    assert message == 'a wrong option without "why": say what is wrong with it'


@pytest.mark.parametrize("text", ["the worker", "The  worker!", " The worker "])
def test_options_that_differ_in_case_spaces_and_punctuation_alone_are_the_same(checked: Checked, text: str) -> None:
    [(line, message)] = found(checked, 'text = "The program"', f'text = "{text}"')
    assert line == checked.line('text = "The program"')
    assert message.startswith(f"“{text}” is the same as another option")


def test_numbers_with_another_sign_differ() -> None:
    assert simplified("[('I', 1)]") != simplified("[('I', -1)]")
    assert simplified("[]") != simplified("{}")


def test_the_right_option_is_not_the_one_that_says_more(checked: Checked) -> None:
    longer = "The monitor, which reads the results from a queue"
    [(line, message)] = found(checked, MONITOR, MONITOR.replace("The monitor", longer))
    assert line == checked.line("The monitor")
    assert message == (
        "the right option has 49 characters, the longest wrong one 11: its length tells it;"
        " shorten it, or say as much in a wrong one"
    )


def test_a_short_right_option_may_be_longer_than_the_others(checked: Checked) -> None:
    assert found(checked, MONITOR, MONITOR.replace("The monitor", "The monitor of a cluster")) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (TITLE, 'title = "The monitor writes"', "title"),
        ("and the program waits for it.", "and the [monitor](role@stored) has to write it.", "summary"),
        ("and the program waits for it.", "and the monitor has to write it.", "summary"),
        (TOLD, 'told = { claim = "role@stored" }', "symptom"),
        (TOLD, 'told = { claim = "result@queued", text = "{value}, says the monitor" }', "symptom"),
        ('text = "{event.result}" }', 'text = "by the monitor" }', "symptom"),
    ],
)
def test_neither_the_title_nor_the_summary_nor_the_symptom_gives_the_answer(
    checked: Checked, old: str, new: str, where: str
) -> None:
    message = f"the {where} answers it: ask something else, or take the answer out of there"
    assert (checked.line('claim = "role@stored"'), message) in found(checked, old, new)


def test_a_word_that_the_title_shares_with_the_right_option_is_not_the_answer(checked: Checked) -> None:
    assert found(checked, TITLE, 'title = "The monitors of my first monitor"') == []


def test_exactly_one_option_is_right_in_the_run_that_the_question_is_about(checked: Checked) -> None:
    [(line, message)] = found(checked, 'text = "The worker", value = "worker"', 'text = "A process", value = "Monitor"')
    assert line == checked.line("The worker")
    assert message == "“Monitor” is right in my-first/default too: give it another value"


def test_the_right_option_is_right_in_that_run(checked: Checked) -> None:
    [(line, message)] = found(checked, 'value = "monitor", right', 'value = "pusher", right')
    assert line == checked.line('claim = "role@stored"')
    assert message == "in my-first/default it was “monitor”"


def test_an_option_that_is_right_in_another_case_is_right_in_its_run(checked: Checked) -> None:
    text = (checked.folder / "lesson.toml").read_text()
    start = text.index('claim = "role@stored"')
    old = text[start : text.index("why = ", text.index("]\n", start))]
    assert found(checked, old, COUNTED) == []
    [(line, message)] = found(checked, old, COUNTED.replace('text = "2"', 'text = "3"'))
    assert line == checked.line('claim = "role@stored"') + 3
    assert message == "in my-first/killed it was “2”"
