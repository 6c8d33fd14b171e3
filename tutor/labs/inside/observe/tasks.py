"""Tasks and their results, as events describe them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django_q.signing import SignedPackage

from .values import bounded, text


def unpacked(payload: str) -> dict[str, Any]:
    """Return the task in a queue row's signed `payload` as events describe it."""
    try:
        task = SignedPackage.loads(payload)
    except Exception:
        return {"task": "", "name": "(cannot be read)", "func": "", "args": ""}
    return described(task)


def described(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields `task` (its id), `name`, `func` and `args` of a task package."""
    func = task["func"]
    if not isinstance(func, str):
        func = f"{getattr(func, '__module__', '')}.{getattr(func, '__qualname__', func)}"
    return {"task": task["id"], "name": task["name"], "func": func, "args": text(tuple(task["args"]))}


def outcome(result: Any, success: bool) -> dict[str, Any]:
    """Return the fields `success`, `result` and `error` of a task's outcome.

    `result` is what the function returned, or the text that django-q2 stores for a failure. `error` is the last line of
    that text, such as "ValueError: math domain error".
    """
    if success:
        return {"success": success, "result": text(result), "error": None}
    error = str(result).rstrip().rsplit("\n", 1)[-1]
    return {"success": success, "result": bounded(str(result)), "error": bounded(error)}
