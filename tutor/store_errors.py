"""Errors of a store that fails for a while: it is locked, full, read-only or out of reach, or a table is missing."""

from __future__ import annotations

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether `error` says that the store fails. Other errors are about what is stored: they are mistakes."""
    return isinstance(error, DatabaseError | InterfaceError) and not isinstance(error, DataError | IntegrityError)
