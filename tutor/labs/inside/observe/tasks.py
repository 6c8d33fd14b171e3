"""Tasks and their results, as events describe them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django_q.humanhash import humanize
from django_q.signing import SignedPackage

from tutor.protocol.events import OPTIONS

from .values import bounded, text


def unpacked(payload: str) -> dict[str, Any]:
    """Return the task in a queue row's signed `payload` as events describe it."""
    try:
        task = SignedPackage.loads(payload)
    except Exception:
        return {"task": "", "name": "(cannot be read)", "func": "", "args": "", "kwargs": "", "options": {}}
    return described(task)


def described(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task package as `tutor.protocol.events.TASK` describes it."""
    return {
        "task": task["id"],
        "name": task["name"],
        "func": function_name(task["func"]),
        "args": text(tuple(task["args"])),
        "kwargs": text(dict(task["kwargs"])),
        "options": options_of(task),
    }


def options_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that the task was queued with, as `tutor.protocol.events.OPTIONS` describes them."""
    given = {name: task[name] for name in OPTIONS if task.get(name) is not None}
    for name, kind in OPTIONS.items():
        if name in given and kind == "yes or no":
            given[name] = bool(given[name])
    if "chain" in given:
        given["chain"] = len(given["chain"])
    if "hook" in given:
        given["hook"] = function_name(given["hook"])
    if humanize(task["id"]) != task["name"]:
        given["task_name"] = task["name"]
    return given


def function_name(func: Any) -> str:
    """Return the dotted name of a function, which may be given as such or by its name."""
    if isinstance(func, str):
        return func
    return f"{getattr(func, '__module__', '')}.{getattr(func, '__qualname__', func)}"


def outcome(result: Any, success: bool) -> dict[str, Any]:
    """Return the fields `success`, `result` and `error` of a task's outcome.

    `result` is what the function returned, or the text that django-q2 stores for a failure. `error` is the last line of
    that text, such as "ValueError: math domain error".
    """
    if success:
        return {"success": success, "result": text(result), "error": None}
    error = str(result).rstrip().rsplit("\n", 1)[-1]
    return {"success": success, "result": bounded(str(result)), "error": bounded(error)}
