"""What all tests share: the browser, and a database that several threads and event loops may use."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

import pytest

# Before Django's settings are read: tests keep their files to themselves.
os.environ.setdefault("TUTOR_VAR", tempfile.mkdtemp(prefix="tutor-tests-"))

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["TUTOR_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, as Playwright's own is not needed; a machine without one fails the tests."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.fail("There is no Chromium. On Debian: sudo apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}
