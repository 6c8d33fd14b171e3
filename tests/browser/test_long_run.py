"""A real run that is too long to be shown as a whole, in a browser."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import RUN_MS
from tests.browser.site import new_site
from tests.browser.test_accessibility import PHONE_FIRST, SIZES, overflow, violations
from tutor.checking.new_lesson import make_lesson
from tutor.styles.window import ROWS

TASKS = 40
STEPS = 3 * TASKS + 2
"""Each task is queued, started and stored; the program reads the last answer, and nothing is left in the queue."""
PROGRAM = f"""from django_q.tasks import async_task, result

for _ in range({TASKS}):
    task = async_task('mine.tasks.double', 21)

answer = result(task, wait=100_000)
"""
SETTINGS = "[Q_CLUSTER]\nworkers = 1\ntimeout = 60\nretry = 600\n"
"""However slow the machine is, no task is delivered twice."""


pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def long_run(browser: Browser) -> Iterator[str]:
    """The address of a run that has ended, on a site of its own."""
    with tempfile.TemporaryDirectory(prefix="tutor-browser-") as name:
        folder = Path(name)
        lesson = make_lesson("many-tasks", folder / "lessons")
        (lesson / "program.py").write_text(PROGRAM)
        (lesson / "settings.toml").write_text(SETTINGS)
        site = new_site(folder, TUTOR_LESSONS=str(folder / "lessons"))
        site.start()
        page = browser.new_page(reduced_motion="reduce")
        page.goto(f"{site.url}/lessons/many-tasks/")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator(f'#walk-nav[data-ended][data-made="{STEPS}"]')).to_be_attached(timeout=RUN_MS)
        yield page.url.split("?")[0]
        page.close()
        site.end()


@pytest.mark.parametrize("size", PHONE_FIRST)
def test_axe_finds_nothing_in_a_long_run(long_run: str, browser: Browser, size: str) -> None:
    width, height = SIZES[size]
    page = browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": height})
    page.goto(f"{long_run}?step=60")
    assert violations(page) == []
    assert overflow(page) <= 0
    page.close()


def test_without_javascript_links_lead_to_every_step(long_run: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{long_run}?step=1")
    reached = []
    while True:
        reached += page.locator(".dot a").evaluate_all("links => links.map((link) => link.id)")
        if not page.locator("#next-page").count():
            break
        page.locator("#next-page").click()
    assert reached == [f"dot-{step}" for step in range(1, STEPS + 1)]
    page.locator("#previous-page").click()
    expect(page).to_have_url(f"{long_run}?step=81")
    page.get_by_label("Go to step").fill("100")
    page.get_by_label("Go to step").press("Enter")
    expect(page).to_have_url(f"{long_run}?step=100")
    page.locator("#earlier-rows").click()
    expect(page.locator("[data-row]").last).to_have_attribute("data-row", str(100 - ROWS))
    page.context.close()


def test_what_is_left_out_is_a_press_away_and_the_link_keeps_the_focus(long_run: str, page: Page) -> None:
    page.goto(f"{long_run}?step={STEPS}")
    link = page.locator("#earlier-transcript")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stage")).to_have_attribute("data-step", str(STEPS - ROWS))
    expect(link).to_be_focused()
    expect(page.get_by_text(f"Step {STEPS - ROWS} of {STEPS}")).to_be_visible()


def test_a_run_that_fits_on_a_page_has_no_pages(long_run: str, page: Page) -> None:
    page.goto(long_run.split("/runs/")[0] + "/lessons/many-tasks/")
    expect(page.get_by_label("Go to step")).to_be_hidden()
