"""The store while another program has locked it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

PATIENCE = {"sqlite": ("timeout", 0.1), "postgresql": ("options", "-c lock_timeout=100ms")}
"""Kind of database → the option, and its value, with which a connection waits no longer than a test can."""


@contextmanager
def locked_store() -> Iterator[None]:
    """Have another program lock the store, so that nobody else can write to it."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg.connect(**connection.get_connection_params())
        other.execute("LOCK TABLE runs_run, runs_event, django_session IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
