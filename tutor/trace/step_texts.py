"""The texts of a step: the templates of its rule, filled with what is known at its event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.lessons.format.steps import StepRule
from tutor.lessons.prose import without_claims
from tutor.lessons.templating import fill
from tutor.protocol.texts import shortened

from .histories import ABSENT, TaskHistory
from .model import HEADLINE, RecordedEvent
from .processes import Processes
from .tracker import brief


def names_for(
    event: RecordedEvent, knobs: Mapping[str, Any], variables: Mapping[str, str], processes: Processes
) -> dict[str, Any]:
    """Return the names that the templates of a step can use, without those of its task."""
    who = processes.spoken(event.lane, event.pid)
    return {
        "knob": knobs,
        "event": event.payload,
        "var": dict(variables),
        "process": event.lane,
        "pid": event.pid,
        "who": who,
        "Who": f"{who[0].upper()}{who[1:]}",
    }


def step_texts(
    rule: StepRule, names: Mapping[str, Any], task: TaskHistory | None, *, is_broken: bool = False
) -> dict[str, str]:
    """Return the texts of a step by their fields. `task` is the task that it's about.

    In a run that `is_broken`, they only say what happens: the lesson's notes explain runs without what was done to it.
    """
    result = task.result if task else ABSENT
    if is_broken:
        rule = rule.model_copy(update={"headline": "", "note": "", "more": "", "say": ""})
    return {
        "id": rule.id,
        "short": rule.short,
        "action": fill(rule.action, names),
        "headline": shortened(fill(without_claims(rule.headline or rule.action), names), HEADLINE),
        "task": task.id if task else "",
        "task_label": task.label if task else "",
        "status": task.status if task else ABSENT,
        "result": brief(result),
        "full_result": result if result != brief(result) else "",
        "note": fill(without_claims(rule.note), names),
        "more": fill(without_claims(rule.more), names),
        "sentence": fill(without_claims(rule.say), names),
    }
