"""Pages that are shown while the store fails, as to a new visitor of a site without runs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError, InterfaceError, connection
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
        with connection.execute_wrapper(find_nothing):
            return view(request, *args, **names)

    return shown


def keep(session: SessionBase) -> None:
    """Count a session that can't be read as one without data. Otherwise its browser would lose its cookie."""
    if not hasattr(session, "_session_cache"):
        session._session_cache = {}  # type: ignore[attr-defined]


def find_nothing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> None:
    """Execute nothing. The cursor has no rows."""
