"""JSON that is stored as its text, so that it comes back as it was."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver


class JSONTextField(models.JSONField):
    """Keys keep their order, and strings can have every character.

    Django's own field is PostgreSQL's `jsonb`, which sorts keys and refuses U+0000. This one is `json` there. The store
    can't compare its values. It can read a key of them, unless there is a U+0000 in it.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if connection.vendor != "postgresql":
            return super().get_db_prep_value(value, connection, prepared)
        from psycopg.types.json import Json  # A site with SQLite doesn't load it.

        return Json(value)


@receiver(connection_created)
def read_as_text(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """Have psycopg return `json` as text, as it does with `jsonb` for Django, whose field reads it."""
    if connection.vendor == "postgresql":
        from psycopg.types.string import TextLoader

        connection.connection.adapters.register_loader("json", TextLoader)
