"""What this process counts from its start: records of the log by level, and responses by the class of their status."""

from __future__ import annotations

import logging
from collections import Counter

LEVELS = {"critical": logging.CRITICAL, "error": logging.ERROR, "warning": logging.WARNING}
"""The levels that are counted, from the highest one."""
CLASSES = "2xx", "3xx", "4xx", "5xx"

log_records: Counter[str] = Counter()
responses: Counter[str] = Counter()


class CountingHandler(logging.Handler):
    """Counts the records of each level, also those that the log leaves out because they repeat."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count one record. The lock of the handler is held."""
        name = next((name for name, least in LEVELS.items() if record.levelno >= least), None)
        if name:
            log_records[name] += 1


def count_response(status: int) -> None:
    """Count a response. Called on the event loop, so it needs no lock."""
    responses[f"{status // 100}xx"] += 1
