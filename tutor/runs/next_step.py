"""What an operator does after a store is copied."""

from __future__ import annotations

from django.conf import settings


def how_to_start() -> str:
    """Return how the site of these settings is started."""
    if settings.TUTOR_ROLE != "all":
        return "start the units of the site, such as: systemctl start tutor-web@8001 tutor-labs"
    return "start the site with this DATABASE_URL: make run" if settings.STORE else "start the site: make run"
