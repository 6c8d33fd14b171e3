"""Pages that are shown while the store fails, as to a new visitor of a site without runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Self

from django.contrib.sessions.backends.base import SessionBase
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponse

from tutor.store_errors import is_unavailable

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def shown_without_store(view: View) -> View:
    """Call `view` again if the store fails, with nothing in it: half of what is stored would be worse than nothing."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        try:
            return view(request, *args, **names)
        except (DatabaseError, InterfaceError) as error:
            if not is_unavailable(error):
                raise
            logger.warning("Showed a page without what is stored", exc_info=error)
        keep(request.session)
        with nothing_found():
            return view(request, *args, **names)

    return shown


def keep(session: SessionBase) -> None:
    """Count a session that can't be read as one without data. Otherwise its browser would lose its cookie."""
    if not hasattr(session, "_session_cache"):
        session._session_cache = {}  # type: ignore[attr-defined]


@contextmanager
def nothing_found() -> Iterator[None]:
    """Have every query of this thread find nothing, also if the store can't be reached at all."""
    own: Any = connections[DEFAULT_DB_ALIAS]
    own.cursor = own.chunked_cursor = NoRows
    try:
        yield
    finally:
        del own.cursor, own.chunked_cursor


class NoRows:
    """A cursor that executes nothing, and so has no rows."""

    rowcount = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def execute(self, sql: str, params: object = None) -> None:
        pass

    def fetchone(self) -> None:
        pass

    def fetchmany(self, size: int = 1) -> list[Any]:
        return []

    def close(self) -> None:
        pass
