"""A site of several processes behind nginx, as docs/deploy describes it, seen by browsers over https."""

from __future__ import annotations

import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.lessons import without_errors
from tests.browser.test_class import code_on, step_of
from tests.browser.test_quiz import answer, right_of
from tutor.benchmarks.fleet.part import Part
from tutor.benchmarks.fleet.whole import Fleet, fleet

LESSON = "it-ran-twice"
TOKEN = "for-the-tests"
SOCKETS = re.compile(r'^tutor_websockets\{kind="(\w+)"\} (\d+)', re.MULTILINE)
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def started() -> Iterator[Fleet]:
    environment = {"TUTOR_METRICS_TOKEN": TOKEN, "TUTOR_REFERENCE_RUNS": "0", "TUTOR_RUNS_PER_MINUTE": "1000"}
    with fleet(web=2, labs=1, environment=environment) as site:
        yield site


@pytest.fixture
def site(started: Fleet) -> Fleet:
    """The fleet with all its parts."""
    for part in started.parts():
        if not part.is_running:
            part.start()
    return started


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A function that opens a page in a browser of its own. The test fails if one of them logs an error."""
    with ExitStack() as ending:

        def open_page(address: str, *, may_fail: bool = False, moves: bool = False) -> Page:
            motion = "no-preference" if moves else "reduce"
            context: BrowserContext = browser.new_context(ignore_https_errors=True, reduced_motion=motion)
            context.add_init_script('localStorage.setItem("tutor.pace", "live")')
            ending.callback(context.close)
            page = context.new_page()
            if not may_fail:
                ending.enter_context(without_errors(page))
            page.goto(address)
            return page

        yield open_page


def get(site: Fleet, path: str) -> tuple[int, str]:
    """Return the status and the text of a page, through nginx."""
    context = ssl.create_default_context(cafile=site.proxy.certificate)
    try:
        with urllib.request.urlopen(f"{site.base}{path}", context=context, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def sockets(site: Fleet, number: int) -> dict[str, int]:
    """Return how many websockets of which kind a web process has."""
    address = f"http://127.0.0.1:{site.ports[number]}/metrics"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return {kind: int(count) for kind, count in SOCKETS.findall(response.read().decode())}


def process_of(site: Fleet, kind: str) -> int:
    """Return the number of the web process that has the only websocket of a kind."""
    (found,) = [number for number in range(len(site.web)) if sockets(site, number)[kind]]
    return found


def test_visitors_see_pages_by_https_and_nothing_of_those_who_run_the_site(site: Fleet) -> None:
    assert get(site, "/live/") == (200, "alive\n")
    assert get(site, "/")[0] == 200
    assert {get(site, path)[0] for path in ("/metrics", "/metrics/", "/ready", "/ready/")} == {404}


@pytest.mark.thorough
def test_a_run_is_followed_to_its_end_walked_and_asked_about(site: Fleet, opened: Opened) -> None:
    page = opened(f"{site.base}/lessons/{LESSON}/", moves=True)
    with page.expect_websocket() as socket:
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=60_000)
    assert socket.value.url.startswith("wss://")
    expect(page.locator('[data-row="3"]')).to_be_visible()
    page.keyboard.press("Home")
    step_of(page, 1)
    page.keyboard.press("ArrowRight")
    step_of(page, 2)
    expect(answer(page, 1, right_of(1))).to_contain_text("Right")
    page.reload()
    expect(page.locator("#question-1 .verdict")).to_contain_text("Right")


def test_a_member_whose_web_process_is_killed_stands_where_it_stood(site: Fleet, opened: Opened) -> None:
    wall = opened(f"{site.base}/lessons/{LESSON}/")
    wall.get_by_role("button", name="Teach this").click()
    expect(wall.get_by_role("button", name="Start the class")).to_be_visible()
    member = opened(f"{site.base}/join/", may_fail=True)
    member.get_by_label("Code").fill(code_on(wall))
    member.get_by_role("button", name="Join").click()
    expect(wall.locator(".wall__here")).to_contain_text("1")
    while process_of(site, "room") == process_of(site, "presenter"):
        member.reload()
        expect(member.locator("[data-connection]")).to_be_hidden()
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.keyboard.press("PageDown")
    step_of(member, 2)

    site.web[process_of(site, "room")].kill()
    expect(member.locator("[data-connection]")).to_be_visible()
    expect(member.locator("[data-connection]")).to_be_hidden()
    step_of(member, 2)
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()  # The run may not have come to its third step yet.
    wall.keyboard.press("PageDown")
    step_of(wall, 3)
    step_of(member, 3)


@pytest.mark.thorough
def test_an_answer_is_stored_once_the_site_is_back(site: Fleet, opened: Opened) -> None:
    page = opened(f"{site.base}/lessons/{LESSON}/", may_fail=True)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=60_000)
    for part in site.web:
        part.kill()
    verdict = answer(page, 1, right_of(1))
    expect(page.locator("[data-connection]")).to_be_visible()
    site.web[0].start()
    expect(verdict).to_contain_text("Right")
    expect(page.locator("[data-connection]")).to_be_hidden()


@pytest.mark.thorough
@pytest.mark.parametrize("end", [Part.restart, Part.kill])
def test_no_visitor_sees_an_error_while_one_web_process_after_the_other_ends(
    site: Fleet, end: Callable[[Part], None]
) -> None:
    over = Event()

    def visit() -> set[int]:
        seen = set()
        while not over.is_set():
            seen.add(get(site, f"/lessons/{LESSON}/")[0])
        return seen

    with ThreadPoolExecutor(4) as visitors:
        visiting = [visitors.submit(visit) for _ in range(4)]
        try:
            for part in site.web:
                end(part)
                if not part.is_running:
                    part.start()
        finally:
            over.set()
        assert set().union(*(each.result() for each in visiting)) == {200}, site.proxy.log.read_text()
