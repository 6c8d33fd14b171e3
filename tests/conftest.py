"""What all tests share: the browser, and patience. A machine that is busy makes a test slow, never red."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
expect.set_options(timeout=20_000)

IS_FLEET = os.environ.get("TUTOR_TEST_SITE") == "fleet"
"""Whether browsers are shown a deployment of many processes, whose certificate they don't know."""
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


def chromium() -> str | None:
    """The path of Chromium, if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, as Playwright's own is not needed; a machine without one fails the tests."""
    found = chromium()
    if found is None:
        pytest.fail("There is no Chromium. On Debian: sudo apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}
