"""The timeline in a browser: at every step it shows what the run's data says, wherever it is zoomed to."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import run_all
from tests.browser.site import FIRST_LESSON, ROOT, Site
from tests.browser.test_accessibility import overflow, violations

SLUGS = [FIRST_LESSON, "it-ran-twice", "a-race-on-one-counter", "chains", "sixty-mails-three-workers"]
OVERLAPS = ["it-ran-twice", "a-race-on-one-counter", "one-worker-three-workers"]
BARS = """bars => bars.map(bar => {
  const rect = bar.firstElementChild.getBoundingClientRect();
  const row = document.getElementById('bar-' + bar.dataset.mark).cells;
  return {kind: [...bar.classList].find(name => name.startsWith('bar--')).slice(5), lane: row[0].textContent,
    begin: Number(bar.dataset.begin), end: bar.dataset.end === '' ? null : Number(bar.dataset.end),
    x: rect.left - document.querySelector('[data-svg]').getBoundingClientRect().left, width: rect.width,
    single: !/^\\d+ × /.test(row[1].textContent)};
})"""
WIDTH = "document.querySelector('[data-svg]').getBoundingClientRect().width"


@pytest.fixture(scope="module")
def runs(site: Site, browser: Browser) -> dict[str, str]:
    """Return the address of an ended run of each lesson."""
    addresses = run_all(site, browser, sorted({*SLUGS, *OVERLAPS}))
    page = browser.new_page(reduced_motion="reduce")
    for address in addresses.values():
        page.goto(address)
        expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=120_000)
    page.close()
    return addresses


@pytest.fixture
def quiet_page(browser: Browser) -> Iterator[Page]:
    """A page without motion. The test fails if the browser logs an error or a violation of the CSP."""
    errors: list[str] = []
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


@cache
def moments(var: str, address: str) -> list[dict[str, Any]]:
    """Return what `show_run --json --moments` prints of a run: its moments, step 0 being the first."""
    command = [sys.executable, "manage.py", "show_run", address.rstrip("/").rpartition("/")[2], "--json", "--moments"]
    printed = subprocess.run(command, cwd=ROOT, env=json.loads(var), capture_output=True, text=True, check=False)
    return json.loads(printed.stdout)["moments"]


def moments_of(site: Site, address: str) -> list[dict[str, Any]]:
    return moments(json.dumps(site.environment), address)


def at_step(page: Page, step: int) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-step", str(step))


def open_at(page: Page, address: str, step: int, *, linear: bool = False) -> None:
    page.goto(f"{address}?style=timeline&step={step}")
    at_step(page, step)
    if linear:
        page.keyboard.press("f")
        expect(page.locator(".timeline--linear")).to_be_attached()


def drawn(page: Page) -> list[dict[str, Any]]:
    return page.locator("[data-mark]").evaluate_all(BARS)


def shows(page: Page, moment: dict[str, Any]) -> None:
    """Check that lanes and bars are those of the moment, at their places on the linear clock."""
    zero = next(each["first_ms"] for each in moment["processes"] if each["role"] == "caller")
    now, width = moment["at_ms"] - zero, page.evaluate(WIDTH)
    lanes = [name.rpartition(" ")[0] if name[-1].isdigit() else name for name in moment["lanes"]]
    assert (
        page.locator(".lane-name > span").evaluate_all(
            "names => names.map(name => name.firstChild.nodeType === 3 ? name.firstChild.data : name.textContent)"
        )
        == lanes
    )
    known = {
        (bar["kind"], bar["lane"].rpartition(" ")[0] or bar["lane"], round(bar["begin_ms"] - zero, 3)): bar["end_ms"]
        for bar in moment["bars"]
    }
    found = [bar for bar in drawn(page) if bar["single"]]
    for bar in found:
        end = known[bar["kind"], bar["lane"], bar["begin"]]
        assert bar["end"] == (None if end is None else round(end - zero, 3))
        assert abs(bar["x"] - width * bar["begin"] / now) <= 1
        if end is not None and end - zero <= now and bar["kind"] != "execution":
            assert abs(bar["width"] - max(1.5, width * (bar["end"] - bar["begin"]) / now)) <= 1
    if not page.locator("[data-band]").count() and len(moment["bars"]) <= 48:
        assert len(found) == len(moment["bars"])


@pytest.mark.parametrize("slug", SLUGS)
def test_every_step_shows_the_lanes_and_bars_of_the_run(
    site: Site, runs: dict[str, str], quiet_page: Page, slug: str
) -> None:
    all_moments = moments_of(site, runs[slug])
    last = len(all_moments) - 1
    open_at(quiet_page, runs[slug], 1, linear=True)
    for step in [*range(1, last + 1), *range(last - 1, 0, -1)]:
        if quiet_page.locator("#stage").get_attribute("data-step") != str(step):
            ahead = int(quiet_page.locator("#stage").get_attribute("data-step") or 0) < step
            quiet_page.keyboard.press("ArrowRight" if ahead else "ArrowLeft")
            at_step(quiet_page, step)
        shows(quiet_page, all_moments[step])


@pytest.mark.parametrize("slug", OVERLAPS)
def test_bars_overlap_by_as_many_pixels_as_the_events_say(
    site: Site, runs: dict[str, str], quiet_page: Page, slug: str
) -> None:
    moment = moments_of(site, runs[slug])[-1]
    open_at(quiet_page, runs[slug], moment["step"], linear=True)
    zero = next(each["first_ms"] for each in moment["processes"] if each["role"] == "caller")
    scale = quiet_page.evaluate(WIDTH) / (moment["at_ms"] - zero)
    lane = {"one-worker-three-workers": "locked"}.get(slug, "execution")
    (one, other) = [bar for bar in moment["bars"] if bar["kind"] == lane][:2]
    in_time = min(one["end_ms"], other["end_ms"]) - max(one["begin_ms"], other["begin_ms"])
    first, second = [bar for bar in drawn(quiet_page) if bar["kind"] == lane][:2]
    ends = [bar["x"] + bar["width"] for bar in (first, second)]
    assert in_time > 0
    assert abs(min(ends) - max(first["x"], second["x"]) - in_time * scale) <= 1


def test_keys_zoom_fold_and_fit(runs: dict[str, str], quiet_page: Page) -> None:
    open_at(quiet_page, runs["it-ran-twice"], 7)
    frames = quiet_page.locator("[data-frames] > rect:visible")
    whole = frames.count()
    quiet_page.keyboard.press("+")
    quiet_page.keyboard.press("+")
    expect(frames).not_to_have_count(whole)
    quiet_page.keyboard.press("0")
    expect(frames).to_have_count(whole)
    quiet_page.keyboard.press("f")
    expect(frames).to_have_count(1)
    expect(quiet_page.get_by_role("button", name="Folded")).to_have_attribute("aria-pressed", "false")


def test_the_zoom_stays_when_the_step_changes_and_ends_at_the_cursor(runs: dict[str, str], quiet_page: Page) -> None:
    open_at(quiet_page, runs["it-ran-twice"], 5)
    for _ in range(3):
        quiet_page.keyboard.press("+")
    quiet_page.keyboard.press("ArrowRight")
    at_step(quiet_page, 6)
    expect(quiet_page.locator(".flag--now")).to_be_visible()
    expect(quiet_page.locator('.flag[data-of-step="1"]')).to_be_hidden()


def test_events_are_gone_through_by_keys_and_measured(runs: dict[str, str], quiet_page: Page) -> None:
    open_at(quiet_page, runs["it-ran-twice"], 7)
    quiet_page.keyboard.press(".")
    expect(quiet_page.locator("[data-card]")).to_contain_text("begins")
    expect(quiet_page.locator("[data-mark]:focus")).to_have_count(1)
    quiet_page.keyboard.press("m")
    expect(quiet_page.locator("[data-to-name]")).to_have_text("choose another event")
    begin = float(quiet_page.locator("[data-from]").inner_text().replace("\u202f", ""))
    for _ in range(4):
        quiet_page.keyboard.press(".")
    end = float(quiet_page.locator("[data-to]").inner_text().replace("\u202f", ""))
    length = quiet_page.locator("[data-length]").inner_text().replace("\u202f", "").removesuffix(" ms")
    assert abs(float(length) - (end - begin)) <= 0.11
    expect(quiet_page.locator("[data-measure]")).to_be_visible()
    quiet_page.keyboard.press("Escape")
    expect(quiet_page.locator("[data-card]")).to_be_hidden()


def test_keys_of_one_character_can_be_switched_off(runs: dict[str, str], quiet_page: Page) -> None:
    open_at(quiet_page, runs["it-ran-twice"], 7)
    quiet_page.evaluate("document.documentElement.dataset.singleKeys = 'off'")
    quiet_page.keyboard.press(".")
    expect(quiet_page.locator("[data-card]")).to_be_hidden()
    quiet_page.get_by_role("button", name="Next event").click()
    expect(quiet_page.locator("[data-card]")).to_be_visible()


def test_pointing_at_a_bar_shows_its_numbers(runs: dict[str, str], quiet_page: Page) -> None:
    open_at(quiet_page, runs["it-ran-twice"], 7)
    quiet_page.locator(".bar--execution rect").first.hover()
    card = quiet_page.locator("[data-card]")
    expect(card).to_contain_text("report, delivery 1: runs")
    expect(card).to_contain_text("longer than its lock")
    quiet_page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_wheel_zooms_where_it_points_and_a_drag_moves(runs: dict[str, str], quiet_page: Page) -> None:
    open_at(quiet_page, runs["it-ran-twice"], 7, linear=True)
    bar = quiet_page.locator(".bar--execution rect").first
    before = bar.bounding_box()
    assert before
    quiet_page.mouse.move(before["x"] + 5, before["y"] + 5)
    quiet_page.keyboard.down("Control")
    quiet_page.mouse.wheel(0, -60)
    quiet_page.keyboard.up("Control")
    quiet_page.wait_for_function(
        "width => document.querySelector('.bar--execution rect').getBoundingClientRect().width > width * 1.2",
        arg=before["width"],
    )
    zoomed = bar.bounding_box()
    assert zoomed and abs(zoomed["x"] + 5 - (before["x"] + 5)) < 5
    quiet_page.mouse.down()
    quiet_page.mouse.move(before["x"] - 55, before["y"] + 5, steps=4)
    quiet_page.mouse.up()
    quiet_page.wait_for_function(
        "x => Math.abs(document.querySelector('.bar--execution rect').getBoundingClientRect().x - x) < 3",
        arg=zoomed["x"] - 60,
    )


def test_two_fingers_zoom(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 390, "height": 844}, has_touch=True)
    open_at(page, runs["it-ran-twice"], 7, linear=True)
    before = page.locator(".bar--execution rect").first.bounding_box()
    assert before
    page.locator("[data-svg]").evaluate(
        """svg => {
          const box = svg.getBoundingClientRect();
          const send = (type, id, x) => svg.dispatchEvent(new PointerEvent(type,
            {pointerId: id, pointerType: 'touch', clientX: box.left + x, clientY: box.top + 80, bubbles: true}));
          svg.setPointerCapture = () => {};
          send('pointerdown', 1, 100); send('pointerdown', 2, 140);
          for (let by = 0; by < 40; by += 4) {
            send('pointermove', 1, 100 - by);
            send('pointermove', 2, 140 + by);
          }
          send('pointerup', 1, 60); send('pointerup', 2, 180);
        }"""
    )
    page.wait_for_function(
        "width => document.querySelector('.bar--execution rect').getBoundingClientRect().width > width * 1.8",
        arg=before["width"],
    )
    page.close()


def test_a_flag_leads_to_its_step(runs: dict[str, str], quiet_page: Page) -> None:
    open_at(quiet_page, runs["it-ran-twice"], 7)
    quiet_page.locator('.flag[data-of-step="2"] circle').click()
    at_step(quiet_page, 2)


def test_without_scripts_a_step_is_complete(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{runs['it-ran-twice']}?style=timeline&step=7")
    expect(page.locator(".bar--execution[data-mark]")).to_have_count(2)
    expect(page.get_by_text("both are at work for")).to_be_visible()
    page.get_by_text("All bars as a table").click()
    expect(page.get_by_role("table", name="Bars of the timeline").get_by_role("row")).to_have_count(14)
    page.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (320, 700)])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    site: Site, runs: dict[str, str], browser: Browser, width: int, height: int
) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": height})
    page.goto(f"{site.url}/lessons/{FIRST_LESSON}/?style=timeline")
    assert violations(page) == []
    for slug in ("it-ran-twice", "sixty-mails-three-workers"):
        open_at(page, runs[slug], 3)
        assert violations(page) == [], slug
        assert overflow(page) <= 0, slug
    page.close()


def test_lines_and_bars_stay_visible_with_forced_colours(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce", forced_colors="active")
    open_at(page, runs["it-ran-twice"], 7)
    strokes = page.locator(".bar rect").evaluate_all("rects => rects.map(rect => getComputedStyle(rect).stroke)")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert strokes
    assert ground not in strokes
    page.close()
