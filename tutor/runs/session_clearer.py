"""The thread of the site that deletes expired browser sessions. Django itself leaves them in the database for ever."""

from __future__ import annotations

import atexit

from django.contrib.sessions.backends.db import SessionStore

from .maker import Maker


class SessionClearer(Maker):
    """Deletes the sessions that have expired, every ten minutes."""

    failure = "Could not delete expired sessions"
    look_every_s = 600.0

    def __init__(self) -> None:
        super().__init__("session-clearer")

    def make_one(self) -> bool:
        """Delete all expired sessions. Return False, as none are left."""
        SessionStore.clear_expired()
        return False


def start() -> None:
    """Delete expired sessions in the background of the site."""
    clearer = SessionClearer()
    atexit.register(clearer.stop)
    clearer.start()
