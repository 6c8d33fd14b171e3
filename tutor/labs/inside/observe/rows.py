"""The rows of django-q2's queue and results and of the lesson's own tables, as the current process sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import connections, router
from django.db.models import Model, QuerySet
from django.db.models.signals import post_init, post_save
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Task

from tutor.protocol.lanes import WORKING
from tutor.protocol.limits import COLUMNS, OWN_TABLES, ROWS
from tutor.protocol.texts import shortened

from . import clusters
from .probe import probe
from .tasks import outcome, unpacked
from .values import text

BRIEF = 200
"""Maximum number of characters of a result in a snapshot."""
CELL = 60
"""Maximum number of characters of a value in a row of the lesson's own tables."""
Snapshot = Mapping[str, Mapping[str, Any] | None]

own_models: dict[str, type[Model]] = {}
"""Name in snapshots → model of the lesson's app, for its first `OWN_TABLES` models."""


def rows(committed: str = "") -> Snapshot | None:
    """Return a snapshot of the tables, through this process's own connections; None if none can be read now.

    A single table that can't be read is None. `committed` is the alias of a database whose open transaction is
    committed before anybody learns of the snapshot.
    """
    tables = {
        "OrmQ": table(OrmQ.objects.using(Conf.ORM).order_by("pk"), committed),
        "Task": table(Task.objects.order_by("started", "pk"), committed),
    }
    for name, model in own_models.items():
        own = model._base_manager.using(router.db_for_read(model)).order_by("pk")
        tables[name] = table(own, committed)
    return tables if any(tables.values()) else None


def table(found: QuerySet[Any], committed: str) -> dict[str, Any] | None:
    """Return the table of a queryset, with its first rows in that order; None if it can't be read."""
    model: type[Model] = found.model
    read = {OrmQ: queue_rows, Task: result_rows}.get(model, own_rows)
    try:
        rows = read(found[: ROWS + 1])
        count = len(rows) if len(rows) <= ROWS else found.count()
    except Exception:
        return None
    return {
        "count": count,
        "rows": rows[:ROWS],
        "table": model._meta.db_table,
        "database": found.db,
        "in_transaction": found.db != committed and connections[found.db].in_atomic_block,
    }


def queue_rows(found: QuerySet[Any]) -> list[dict[str, Any]]:
    now = timezone.now()
    rows = found.values_list("pk", "payload", "lock", "key")
    return [queue_row(pk, payload, bool(lock and lock > now), key) for pk, payload, lock, key in rows]


def queue_row(pk: int, payload: str, delivered: bool, key: str) -> dict[str, Any]:
    task = unpacked(payload)
    known = {name: task[name] for name in ("task", "name", "func")}
    return {"id": pk, **known, "delivered": delivered, **clusters.addressed(key)}


def result_rows(found: QuerySet[Any]) -> list[dict[str, Any]]:
    rows = found.values("id", "name", "func", "group", "success", "result", "attempt_count")
    return [{**row, "result": brief(outcome(row["result"], row["success"])["result"])} for row in rows]


def own_rows(found: QuerySet[Any]) -> list[dict[str, Any]]:
    """Return rows as texts by the names of their columns; `id` is the primary key, whatever it is called."""
    names = [field.attname for field in found.model._meta.concrete_fields if field.attname != "id"][:COLUMNS]
    return [
        {"id": pk if isinstance(pk, int) else text(pk)}
        | {name: brief(text(value), CELL) for name, value in zip(names, values, strict=True)}
        for pk, *values in found.values_list("pk", *names)
    ]


def brief(text: str, most: int = BRIEF) -> str:
    """Return the first line of `text`, truncated to `most` characters."""
    first, _, rest = text.partition("\n")
    brief = shortened(first, most)
    return f"{brief}…" if rest and brief == first else brief


def observe() -> None:
    """Look at the tables after writes, and record what a program or a task reads and saves.

    Called once, in the template. Nothing listens to `post_delete`, because Django deletes a queryset with a single
    query only if there is no listener.
    """
    probe.look = rows
    post_init.connect(task_read, sender=Task)
    for model in [each for each in apps.get_models() if is_own(each)][:OWN_TABLES]:
        taken = model.__name__ in ("OrmQ", "Task", *own_models)
        own_models[model._meta.label if taken else model.__name__] = model
        post_save.connect(own_row_saved, sender=model)


def is_own(model: type[Model]) -> bool:
    """Return whether `model` is of the lesson's app and has a table."""
    options = model._meta
    return options.app_label != "django_q" and options.managed and not options.proxy


def task_read(instance: Task, **_: Any) -> None:
    if probe.lane in WORKING and instance.pk:
        probe.rows_read.append((instance.pk, instance.attempt_count))


def own_row_saved(sender: type[Model], **_: Any) -> None:
    if probe.lane in WORKING:
        probe.tables_saved += [name for name, model in own_models.items() if model is sender]
