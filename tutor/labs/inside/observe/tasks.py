"""Tasks and their results, as events describe them."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from typing import Any

from django_q import core_signing
from django_q.conf import Conf
from django_q.humanhash import humanize

from tutor.protocol.event_fields import OPTIONS

from .values import bounded, text

LARGEST = 2**63
"""The largest number that an event can have."""


def number(value: Any) -> float | int | None:
    """Return `value` if it is a number that JSON can represent everywhere, otherwise None."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and abs(value) <= LARGEST else None


AS_TYPE: Mapping[Any, Callable[[Any], Any]] = {"text": str, "number": number, "yes or no": bool}
"""The type of an option → a function that makes such a value of what was given: a group, say, may be a number."""


class Readable(pickle.Unpickler):
    """An unpickler that reads a package even if this process lacks what it refers to, such as the program's functions.

    django-q2's own pusher can't: it dies.
    """

    def find_class(self, module: str, name: str) -> Any:
        try:
            return super().find_class(module, name)
        except Exception:
            return type(name, (Absent,), {"__module__": module, "__qualname__": name})


class Absent:
    """The base of what stands for a function or a class that this process lacks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __repr__(self) -> str:
        return f"<{function_name(type(self))}>"


class ReadablePickle:
    """A serializer like `django_q.signing.PickleSerializer`."""

    @staticmethod
    def loads(data: bytes) -> Any:
        return Readable(io.BytesIO(data)).load()


def unpacked(payload: str) -> dict[str, Any]:
    """Return the task in a queue row's signed `payload` as events describe it."""
    try:
        task = core_signing.loads(payload, key=Conf.SECRET_KEY, salt=Conf.PREFIX, serializer=ReadablePickle)
    except Exception:
        return {"task": "", "name": "(cannot be read)", "func": "", "args": "", "kwargs": "", "options": {}}
    return described(task)


def described(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task package as `tutor.protocol.event_fields.TASK` describes it."""
    return {
        "task": task["id"],
        "name": task["name"],
        "func": function_name(task["func"]),
        **arguments_of(task["args"], task["kwargs"]),
        "options": options_of(task),
    }


def arguments_of(args: Any, kwargs: Any) -> dict[str, str]:
    """Return the fields `args` and `kwargs`. What isn't a sequence or a mapping is shown as it is."""
    return {"args": text(tuple(args) if isinstance(args, list) else args), "kwargs": text(kwargs)}


def options_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that the task was queued with, as `tutor.protocol.event_fields.OPTIONS` describes them."""
    given = {name: task[name] for name in OPTIONS if task.get(name) is not None}
    if "chain" in given:
        given["chain"] = len(given["chain"])
    if "hook" in given:
        given["hook"] = function_name(given["hook"])
    given = {name: AS_TYPE[OPTIONS[name]](value) for name, value in given.items()}
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
