"""The clusters of a lab: that of `Q_CLUSTER`, and those of its `ALT_CLUSTERS` that the lesson runs beside it.

`Q_CLUSTER_NAME=long qcluster` reads other settings when it imports django-q2. A lab has imported it already when it
forks the process of such a cluster, so this process reads the settings again and fills them in wherever django-q2 keeps
them. A test compares the result with that of a fresh import.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator
from copy import deepcopy
from types import FunctionType
from typing import Any

from django.conf import settings
from django.db.models import Count
from django_q import conf
from django_q.conf import Conf
from django_q.models import OrmQ

from .probe import probe

MAIN: str = Conf.CLUSTER_NAME
"""The name of the cluster of `Q_CLUSTER`."""
BOUND = {"cached": "CACHED", "sync": "SYNC", "timeout": "TIMEOUT", "compressed": "COMPRESSED"}
"""Parameter of django-q2's functions → the setting that it has as its default, from the import on."""
WITH_DEFAULTS = ("tasks", "worker", "signing")
"""The modules of these functions."""

running: list[str] = [MAIN]
"""The clusters that this lab runs."""


def run_also(others: list[str]) -> None:
    """Note which clusters run beside the main one. Called in the supervisor, before it forks them."""
    running[:] = [MAIN, *others]


def enter(name: str) -> None:
    """Become a process of the cluster `name`: use its settings, and name it in events if the lab runs several."""
    if name != MAIN:
        for message in use_settings_of(name):
            probe.emit("warned", {"text": message})
    probe.cluster = name if len(running) > 1 else ""


def use_settings_of(name: str) -> list[str]:
    """Use django-q2's settings as they are under `Q_CLUSTER_NAME`; return the warnings that they cause."""
    os.environ["Q_CLUSTER_NAME"] = name
    own: dict[str, Any] = getattr(settings, "Q_CLUSTER")  # noqa: B009
    setattr(settings, "Q_CLUSTER", deepcopy(own))  # noqa: B010  django-q2 changes it.
    spec = importlib.util.find_spec(conf.__name__)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        spec.loader.exec_module(module)
    setattr(settings, "Q_CLUSTER", own)  # noqa: B010
    for key, value in vars(module.Conf).items():
        if key.isupper() or key == "conf":
            setattr(Conf, key, value)
    for function in functions():
        function.__defaults__ = tuple(defaults_of(function))
    return [" ".join(str(each.message).split()) for each in warned if each.category is UserWarning]


def functions() -> Iterator[FunctionType]:
    """Yield django-q2's functions that may have a setting as a default."""
    for module in WITH_DEFAULTS:
        for each in list(vars(sys.modules[f"django_q.{module}"]).values()):
            members = vars(each).values() if isinstance(each, type) else [each]
            for member in members:
                function = member.__func__ if isinstance(member, staticmethod) else member
                if isinstance(function, FunctionType) and function.__module__ == f"django_q.{module}":
                    yield from [function] if function.__defaults__ else []


def defaults_of(function: FunctionType) -> Iterator[Any]:
    """Yield the defaults of `function` by the settings as they are now."""
    defaults, code = function.__defaults__ or (), function.__code__
    names = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    for name, value in zip(names, defaults, strict=True):
        yield getattr(Conf, BOUND[name]) if name in BOUND else value


def addressed(key: str) -> dict[str, str]:
    """Return the field `for_cluster` of a queue row with that key, unless it can only be for the main cluster."""
    return {"for_cluster": key} if key != MAIN or len(running) > 1 else {}


def rows_by_cluster() -> dict[str, int]:
    """Return the name of a cluster → its rows in the queue."""
    rows = OrmQ.objects.using(Conf.ORM).order_by("key").values_list("key").annotate(Count("pk"))
    return dict(rows)


def left_text(rows: dict[str, int]) -> str:
    """Return how many rows are left, such as "1 row left, for cluster long"; empty if none is."""
    number = sum(rows.values())
    if not number:
        return ""
    left = f"{number} row{'' if number == 1 else 's'} left"
    if rows.keys() <= {MAIN} and len(running) == 1:
        return left
    if len(rows) == 1:
        return f"{left}, for cluster {next(iter(rows))}"
    return f"{left}: {', '.join(f'{count} for cluster {key}' for key, count in rows.items())}"
