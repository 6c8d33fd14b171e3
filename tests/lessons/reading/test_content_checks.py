"""A reference to something that the lesson doesn't have is named with its line."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.reading.loading import load

SUCCESS = '"The count of {event.result} is stored."'
DEFAULT_CASE = 'name = "default"\ntitle = "Count to six"'
BEGINS = '"The worker begins to count."'
OF_EVENT = "(known: knob.…, var.…, event.…, task.…, process, pid, who, Who)"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('from = "queue"', 'from = "cue"', 'unknown node "cue" (known: queue, count, store)'),
        ('to = "store"', 'to = "shop"', 'unknown node "shop"'),
        ("at = [1, 0]", "at = [0, 0]", 'the node "queue" is already at [0, 0]'),
        ('id = "store"\nlabel', 'id = "count"\nlabel', 'two nodes are named "count"'),
        ('node = "count"', 'node = "counter"', 'unknown node "counter"'),
        ('id = "idle"', 'id = "used"', 'two steps are named "used"'),
        ('step = "counted"', 'step = "count"', 'unknown step "count"'),
        ('closing_after = "idle"', 'closing_after = "end"', 'unknown step "end"'),
        ('text = "4"', 'text = "3"', 'two options have the text "3"'),
        ("set = { counted =", "set = { count =", 'unknown derived variable "count" (known: task_status, counted)'),
    ],
)
def test_a_wrong_reference_is_named_with_its_line(folder: Folder, old: str, new: str, message: str) -> None:
    assert folder.message_after(old, new).startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("default = 6", "default = 9", "the default 9 isn't a whole number from 1 to 8"),
        ("min = 1\n", "min = 10\n", "min (10) is greater than max (8)"),
        ("max = 8", 'max = "8"', "a bound must be a number"),
        ("max = 8", "choices = [1, 2]", 'a knob of the type "choice" needs choices, and no other knob'),
        ('"count({to})"', '"count({x})"', 'unknown knob "x" (known: to)'),
        (DEFAULT_CASE, 'name = "six"\ntitle = "Six"\nknobs = { up = 6 }', 'unknown knob "up" (known: to)'),
        (DEFAULT_CASE, 'name = "six"\ntitle = "Six"\nknobs = { to = 9 }', '"to": 9 isn\'t a whole number from 1 to 8'),
    ],
)
def test_a_mistake_in_a_knob_or_its_value_is_named(folder: Folder, old: str, new: str, message: str) -> None:
    assert folder.message_after(old, new).startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (SUCCESS, '"{event.total} is stored."', 'unknown name "{event.total}" (known: event.task, event.name, '),
        (SUCCESS, '"{event} is stored."', 'unknown name "{event}" (known: event.task, event.name, '),
        (
            SUCCESS,
            '"{var.sum} is stored."',
            'unknown name "{var.sum}" (known: var.task_status, var.counted, var.total)',
        ),
        (BEGINS, '"{worker} begins to count."', f'unknown name "{{worker}}" {OF_EVENT}'),
        (BEGINS, '"{pid.parent} begins."', f'unknown name "{{pid.parent}}" {OF_EVENT}'),
        ('"Counted up to {var.counted}."', '"{event.result}."', 'unknown name "{event.result}" (known: knob.…, var.…)'),
        (BEGINS, '"The worker {begins to count."', 'a single "{" (to show one, write it twice)'),
        (BEGINS, '"{event.task.__class__()} begins."', '"{event.task.__class__()}" isn\'t a name in braces'),
    ],
)
def test_a_mistake_in_a_template_is_named(folder: Folder, old: str, new: str, message: str) -> None:
    assert folder.message_after(old, new).startswith(message)


def test_a_variable_that_no_step_sets_is_named(folder: Folder) -> None:
    folder.change('set = { counted = "{event.locals.number}" }', "")
    assert any('no step sets the derived variable "counted"' in each for each in folder.mistakes())


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("knobs = { to = 5 }", "has no knobs: a knob's default stands in [[knobs]]"),
        ('interventions = [{ at = { event = "started" }, action = "kill" }]', "has no interventions: "),
        (
            'gates = [{ name = "g", at = { event = "started" }, until = { event = "queued" }, says = "It waits." }]',
            "has no gates: a gate for it stands in [[gates]], ",
        ),
    ],
)
def test_the_lessons_own_run_has_no_inputs_that_a_run_without_a_case_lacks(
    folder: Folder, given: str, place: str
) -> None:
    message = folder.message_after(DEFAULT_CASE, f"{DEFAULT_CASE}\n{given}")
    assert message.startswith(f'the case "default" is the lesson\'s own run, as it is without a case, and {place}')


def test_a_gate_at_no_switch_is_named(first_folder: Folder) -> None:
    message = first_folder.message_after('when = "wait"', 'when = "function"')
    assert message == 'unknown switch "function" (known: wait)'


OPTION = '{ text = "3" }'


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ('{ text = "3", misconception = "magic" }', 'unknown misconception "magic" (known: enqueued-is-started, '),
        ('{ text = "3", right_in = "banana" }', 'unknown case "banana" (known: default'),
        ('{ text = "3", right_in = "Banana" }', '"right_in": string should match pattern'),
    ],
)
def test_a_wrong_option_names_a_known_misconception_and_a_known_case(folder: Folder, option: str, message: str) -> None:
    assert folder.message_after(OPTION, option).startswith(message)


@pytest.mark.parametrize("key", ['misconception = "exactly-once"', 'right_in = "default"'])
def test_the_right_option_has_neither_a_misconception_nor_another_case(folder: Folder, key: str) -> None:
    message = folder.message_after('text = "2", right = true', f'text = "2", right = true, {key}')
    assert message == f'only a wrong option has "{key.partition(" ")[0]}"'


def test_a_wrong_option_that_is_right_in_a_case_is_a_claim_about_its_run(folder: Folder) -> None:
    line = folder.change(OPTION, '{ text = "3", right_in = "default" }')
    claims = [str(each.subject) for each in load(folder.path).claims if (each.line, each.value) == (line, "3")]
    assert claims == ["default/step@started"]
