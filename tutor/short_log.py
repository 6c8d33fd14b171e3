"""A log whose records are short, whatever a visitor sends and however many exceptions led to another one."""

from __future__ import annotations

import logging

MOST = 4000
"""The maximum characters of a record."""
CUT = "\n[…]\n"


class ShortFormatter(logging.Formatter):
    """Formats a record in full or, if it is long, its beginning and its end."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text if len(text) <= MOST else text[: MOST // 4] + CUT + text[-(MOST - MOST // 4 - len(CUT)) :]
