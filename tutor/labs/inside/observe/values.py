"""Values as bounded text, and rows as a process sees them. Nothing of a lab's own objects leaves it in another form."""

from __future__ import annotations

import reprlib
import sysconfig
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage

from tutor.labs.inside import probe
from tutor.protocol.limits import ROWS

MAX_NAMES = 30
"""Local names that are sent of one frame."""


places: list[str] = [f"{sysconfig.get_path(name)}/" for name in ("purelib", "platlib", "stdlib")]
"""Folders of this machine that a traceback's files lie in; the learner's lie elsewhere."""


def hide(*folders: Path) -> None:
    """Leave these folders too out of tracebacks."""
    places.extend(f"{folder}/" for folder in folders)


def bounded(text: str) -> str:
    """`text` as a lab tells it: files of a traceback named as the learner knows them, an ellipsis where it was cut."""
    for place in places:
        text = text.replace(f'File "{place}', 'File "')
    most = probe.limits.value_characters
    return text if len(text) <= most else f"{text[: most - 1]}…"


class BoundedRepr(reprlib.Repr):
    """Python's own way to write a value, within bounds; it neither asks a database nor writes out what is huge."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother, self.maxlong = 4, 1000, 1000, 200
        self.maxtuple = self.maxlist = self.maxdict = self.maxset = self.maxfrozenset = self.maxdeque = 30

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, QuerySet) and x._result_cache is None:
            return f"<QuerySet of {x.model.__name__}, not asked yet>"
        if isinstance(x, bytes | bytearray | str) and len(x) > self.maxother:
            return f"{x[: self.maxother]!r}…"
        if isinstance(x, dict | list | tuple | set | frozenset) and len(x) > self.maxdict:
            return f"<{type(x).__name__} of {len(x)}>"
        return super().repr_instance(x, level)


writer = BoundedRepr()


def text(value: Any) -> str:
    """`value` as Python writes it, cut to the run's limit."""
    try:
        return bounded(writer.repr(value))
    except Exception as error:
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


def names(frame_locals: Mapping[str, Any]) -> dict[str, str]:
    """A frame's own data, by name: no modules, functions or classes, nothing that begins with two underscores."""
    kept = {
        name: value
        for name, value in frame_locals.items()
        if not name.startswith("__")
        and not isinstance(value, types.ModuleType | types.FunctionType | types.BuiltinFunctionType | type)
    }
    return {name: text(value) for name, value in list(kept.items())[:MAX_NAMES]}


def result_text(result: Any, success: bool) -> str:
    """What a task left: its value as Python writes it; of a failure the text that django-q2 stores."""
    return text(result) if success else bounded(str(result))


def error_of(result: Any, success: bool) -> str | None:
    """The last line of a failure's traceback, such as "ValueError: math domain error"."""
    return None if success else bounded(str(result).rstrip().rsplit("\n", 1)[-1])


def unpacked(payload: str) -> dict[str, Any]:
    """A queued task's own facts, from its signed package."""
    try:
        task = SignedPackage.loads(payload)
    except Exception:
        return {"task": "", "name": "(cannot be read)", "func": "", "args": ""}
    return described(task)


def described(task: Mapping[str, Any]) -> dict[str, Any]:
    """A task package as events tell of it."""
    func = task["func"]
    named = (
        func if isinstance(func, str) else f"{getattr(func, '__module__', '')}.{getattr(func, '__qualname__', func)}"
    )
    return {"task": task["id"], "name": task["name"], "func": named, "args": text(tuple(task["args"]))}


def rows() -> dict[str, Any] | None:
    """The OrmQ and Task rows through this process's own connection; None where it can't ask just now."""
    from django.utils import timezone

    try:
        queued = list(OrmQ.objects.using(Conf.ORM).order_by("pk").values_list("pk", "payload", "lock")[: ROWS + 1])
        fields = ("id", "name", "func", "success", "result", "attempt_count")
        stored = list(Task.objects.order_by("started", "pk").values(*fields)[: ROWS + 1])
        queued_count = len(queued) if len(queued) <= ROWS else OrmQ.objects.using(Conf.ORM).count()
        stored_count = len(stored) if len(stored) <= ROWS else Task.objects.count()
    except Exception:
        return None
    now = timezone.now()
    waiting = []
    for pk, payload, lock in queued[:ROWS]:
        told = unpacked(payload)
        told.pop("args")
        waiting.append({"id": pk, **told, "delivered": bool(lock and lock > now)})
    done = [{**row, "result": brief(result_text(row["result"], row["success"]))} for row in stored[:ROWS]]
    return {
        "OrmQ": {"count": queued_count, "rows": waiting},
        "Task": {"count": stored_count, "rows": done},
    }


def brief(long: str, most: int = 200) -> str:
    """The first line of `long`, for a row in a snapshot."""
    first = long.split("\n", 1)[0][:most]
    return first if first == long else f"{first}…"
