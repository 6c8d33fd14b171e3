from __future__ import annotations

import logging
import sys

from tutor.short_log import MOST, ShortFormatter


def record(message: str, error: bool = False) -> logging.LogRecord:
    return logging.LogRecord("site", logging.ERROR, "", 1, message, None, sys.exc_info() if error else None)


def chain(length: int) -> None:
    """Raise an error while another one is handled, and so on."""
    try:
        raise ValueError(f"Error {length}")
    except ValueError:
        if length:
            chain(length - 1)
        raise RuntimeError("The last one.") from None if not length else RuntimeError("The last one.")


def test_a_record_is_logged_in_full() -> None:
    assert ShortFormatter("%(levelname)s %(message)s").format(record("The store failed.")) == "ERROR The store failed."


def test_of_a_chain_of_errors_the_first_and_the_last_lines_are_logged() -> None:
    try:
        chain(40)
    except RuntimeError:
        text = ShortFormatter("%(message)s").format(record("Internal Server Error: /", error=True))
    assert len(text) <= MOST
    assert text.startswith("Internal Server Error: /\nTraceback") and text.endswith("RuntimeError: The last one.")


def test_a_message_that_a_visitor_makes_long_is_cut() -> None:
    assert len(ShortFormatter("%(message)s").format(record("x" * 1_000_000))) == MOST
