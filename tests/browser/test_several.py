from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import FIRST_LESSON, ROOT, Site, new_site, until

SLOW = "slow-count"
PATIENCE_S = 30


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[Site]:
    """A site with one lab."""
    site = new_site(tmp_path, TUTOR_MAX_LABS="1")
    site.start()
    yield site
    if site.process and site.process.poll() is None:
        site.end()


def press_run(page: Page, site: Site, lesson: str = SLOW, **knobs: str) -> str:
    page.goto(f"{site.url}/lessons/{lesson}/")
    for name, value in knobs.items():
        page.get_by_label(name, exact=True).fill(value)
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url(re.compile("/runs/"))
    return page.url.split("/runs/")[1].split("/")[0]


def processes_of(site: Site) -> list[psutil.Process]:
    """Return the processes of the site's labs, found by their working directory."""
    labs = str(site.var / "labs")
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(labs) or any(labs in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def named_memory() -> set[str]:
    """Return the names of the semaphores and shared memory that multiprocessing has made, here or in other programs."""
    return {each.name for pattern in ("sem.mp-*", "pym-*", "psm_*") for each in Path("/dev/shm").glob(pattern)}


def kinds(site: Site, public_id: str) -> list[str]:
    with sqlite3.connect(site.var / "site.sqlite3") as store:
        found = store.execute(
            "SELECT kind FROM runs_event JOIN runs_run ON run_id = runs_run.id WHERE public_id = ? ORDER BY number",
            [public_id],
        )
        return [kind for (kind,) in found]


@pytest.mark.thorough
def test_a_waiting_run_shows_its_place_in_the_queue_and_all_runs_finish(small_site: Site, browser: Browser) -> None:
    pages = [browser.new_context().new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{small_site.url}/lessons/{SLOW}/")
    for page in pages:
        page.get_by_role("button", name="Run", exact=True).click()
    expect(pages[-1].locator(".badge--waiting")).to_contain_text("in the run queue, place")
    for page in pages:
        expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=60_000)
        expect(page.locator(".badge--recorded")).to_be_attached()
        page.context.close()


def test_several_learners_each_see_their_own_run(site: Site, browser: Browser) -> None:
    pages = {x: browser.new_context(reduced_motion="reduce").new_page() for x in range(1, 5)}
    for x, page in pages.items():
        press_run(page, site, FIRST_LESSON, x=str(x))
    for x, page in pages.items():
        expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=30_000)
        page.get_by_role("link", name="Last step so far").click()
        expect(page.locator('[data-row="3"] .value')).to_have_text(f"-{x}.0")
        expect(page.locator('[data-table="Task"]')).to_contain_text(f"Success -{x}.0")
        page.context.close()


def test_a_newer_run_of_a_browser_replaces_its_older_one(site: Site, page: Page) -> None:
    older = press_run(page, site)
    expect(page.locator('[data-row="2"]')).to_be_visible()
    press_run(page, site, FIRST_LESSON)
    page.goto(f"{site.url}/runs/{older}/?step=99")
    expect(page.locator("#walk-nav")).to_contain_text("A newer run of the same browser took its place.", timeout=10_000)


@pytest.mark.thorough
def test_a_site_that_is_killed_leaves_nothing_but_its_events(small_site: Site, page: Page) -> None:
    beside = subprocess.Popen(
        [sys.executable, "manage.py", "run_lesson", SLOW, "--json"],
        cwd=ROOT,
        env=small_site.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    semaphores = named_memory()
    run = press_run(page, small_site)
    expect(page.locator('[data-row="2"]')).to_be_visible()
    before = kinds(small_site, run)
    small_site.end(signal.SIGKILL)
    out, _ = beside.communicate(timeout=30)
    assert beside.returncode == 0
    assert '"outcome": "finished"' in out
    assert until(lambda: not processes_of(small_site), PATIENCE_S)
    assert until(lambda: list((small_site.var / "labs").iterdir()) == [], PATIENCE_S)
    assert named_memory() <= semaphores
    small_site.start()
    page.goto(f"{small_site.url}/runs/{run}/?step=99")
    expect(page.locator("#walk-nav")).to_contain_text("ended before the run did")
    after = kinds(small_site, run)
    assert after[: len(before)] == before
    assert after[-1] == "ended"


@pytest.mark.thorough
def test_a_page_says_that_a_restart_of_the_site_ended_its_run(small_site: Site, page: Page) -> None:
    page.add_init_script("localStorage.setItem('tutor.pace', 'live')")
    press_run(page, small_site)
    expect(page.locator('[data-row="2"]')).to_be_visible()
    small_site.end(signal.SIGKILL)
    expect(page.locator("[data-connection]")).to_be_visible()
    small_site.start()
    expect(page.locator("#walk-nav")).to_contain_text("ended before the run did", timeout=60_000)
    expect(page.locator("[data-connection]")).to_be_hidden()


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=pytest.mark.thorough) for role in ("worker", "caller", "sentinel")]
)
def test_the_page_tells_of_a_killed_process(role: str, site: Site, page: Page) -> None:
    page.add_init_script("localStorage.setItem('tutor.pace', 'live')")
    run = press_run(page, site)
    expect(page.locator('[data-row="3"]')).to_be_visible()
    with sqlite3.connect(site.var / "site.sqlite3") as store:
        (pid,) = store.execute(
            "SELECT pid FROM runs_event JOIN runs_run ON run_id = runs_run.id WHERE public_id = ? AND lane = ?",
            [run, role],
        ).fetchone()
    os.kill(pid, signal.SIGKILL)
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=45_000)
    page.goto(f"{site.url}/runs/{run}/?step=99")
    expect(page.locator("main")).to_contain_text(f"The {role} {pid} died: SIGKILL")
