"""Step by step in a browser: what its lanes and its strip show at every step is what `show_run` prints."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import OVERLAPPING, SHAPES
from tests.browser.site import Site
from tests.browser.test_accessibility import SIZES, overflow, violations
from tests.browser.test_style_flow import printed
from tutor.styles.drawing.lane_places import SLOTS

pytestmark = pytest.mark.thorough

"""The lessons in which two executions overlap."""
ON_A_PHONE = """() => {
    const bottom = document.querySelector('.transport').getBoundingClientRect().top;
    const row = '[data-row][aria-current]';
    const parts = ['.headline', '.moved__rows', `${row} .execution__action`, `${row} .execution__prose`];
    return parts.filter(part => {
        const each = document.querySelector(`#moment ${part}`), box = each.getBoundingClientRect();
        const top = each.closest('.execution__scroll')?.getBoundingClientRect().top ?? 0;
        return box.height < 4 || box.top < top || box.bottom > bottom + 1;
    });
}"""
"""What of a moment isn't above the transport of a phone."""
CUT = """() => {
    const head = document.querySelector('.execution thead th').getBoundingClientRect().bottom;
    return [...document.querySelectorAll('.execution tbody:not([aria-current])')].filter(row => {
        const {top, bottom} = row.getBoundingClientRect();
        return top < head - 1 && bottom > head + 1;
    }).length;
}"""
"""The number of rows that the head of the table cuts."""
CURRENT_IS_WHOLE = """() => {
    const head = document.querySelector('.execution thead th').getBoundingClientRect().bottom;
    return document.querySelector('.execution tbody[aria-current]').getBoundingClientRect().top >= head - 1;
}"""
"""Whether the head of the table doesn't cut the current row."""
LINE = 1.25
"""The height of the line between two rows, in which nothing is drawn, and some rounding, in pixels."""
SHOWN = """() => {
    const strip = document.getElementById('strip'), plot = strip.querySelector('.strip__plot').getBoundingClientRect();
    const share = rect => [(rect.left - plot.left) / plot.width, (rect.right - plot.left) / plot.width];
    const lanes = [...strip.querySelectorAll('.strip__plot > g[class^=lane--]')].map(lane => ({
        bars: [...lane.querySelectorAll('.bar')].map(bar => ({
            kind: bar.classList[1].replace('bar--', ''), task: bar.dataset.ofTask ?? null,
            place: share(bar.getBoundingClientRect())})),
        isBand: lane.querySelector('.band') !== null,
    }));
    const row = document.querySelector('[data-row][aria-current] svg.lanes');
    return {
        step: Number(document.getElementById('stage').dataset.step),
        names: [...strip.querySelectorAll('.strip__names text')].map(each => each.textContent),
        states: strip.querySelector('.strip__states').getAttribute('aria-label'),
        folds: strip.querySelectorAll('.fold').length,
        bands: row.querySelectorAll('.band').length,
        lanes,
        width: plot.width,
        now: [...row.querySelectorAll('.bar:not(.own)')].filter(bar => {
            const [y, height] = [bar.getAttribute('y') ?? '0', bar.getAttribute('height') ?? '100'].map(parseFloat);
            return y + height > 99;
        }).map(bar => [
            parseFloat(bar.getAttribute('x')) / 100, bar.classList[1].replace('bar--', ''),
            bar.parentElement.dataset.ofTask ?? null]),
        sentence: document.querySelector('#stage .headline').textContent,
    };
}"""
EXECUTIONS = """() => {
    const box = each => { const {top, bottom} = each.getBoundingClientRect(); return [top, bottom]; };
    const found = {};
    for (const row of document.querySelectorAll('.execution tbody')) {
        for (const bar of row.querySelectorAll('.bar--execution')) {
            const key = `${bar.getAttribute('x')} ${bar.parentElement.dataset.ofTask}`;
            const [top, bottom] = box(bar);
            const last = (found[key] ??= []).at(-1);
            if (last && top - last[1] < 2) last[1] = bottom; else found[key].push([top, bottom]);
        }
    }
    const rows = [...document.querySelectorAll('.execution tbody')]
        .map(row => [row.id, ...box(row.querySelector('.lanes'))]);
    return {found: Object.entries(found), rows};
}"""


@pytest.fixture
def page(still: Page) -> Page:
    return still


def zero(moment: dict[str, Any]) -> float:
    """Return when the program's first event was."""
    return next(each["first_ms"] for each in moment["processes"] if each["role"] == "caller")


def ends(bar: dict[str, Any], now: float) -> tuple[float, float]:
    """Return when a bar began, and when it ended or how far it has come."""
    return bar["begin_ms"], now if bar["end_ms"] is None else min(bar["end_ms"], now)


def name_of(lane: str) -> str:
    """Return the name of a lane without the pid of its process."""
    name, _, pid = lane.rpartition(" ")
    return name if pid.isdecimal() else lane


def look(bar: dict[str, Any]) -> str:
    if bar["dropped"]:
        return "dropped"
    if bar["at_gate"]:
        return "held"
    return "failed" if bar["kind"] == "stored" and bar["success"] is False else bar["kind"]


def assert_shown(shown: dict[str, Any], moment: dict[str, Any]) -> None:
    """Check lanes and bars against a moment that `show_run` prints."""
    now, start = moment["at_ms"], zero(moment)
    lanes = [name_of(each) for each in moment["lanes"]]
    assert shown["step"] == moment["step"]
    assert shown["names"] == (lanes if len(lanes) <= 8 else [*lanes[:7], ", ".join(lanes[7:])])
    for number, name in enumerate(shown["names"][: len(lanes)]):
        bars = [each for each in moment["bars"] if name_of(each["lane"]) == name]
        live = [each for each in bars if each["end_ms"] is None or each["end_ms"] > now]
        lane = shown["lanes"][number]
        if name in ("OrmQ", "Task"):
            assert f"{name}: {len(live)} row" in shown["states"]
        if len(live) > SLOTS:
            assert shown["bands"] > 0
        if lane["isBand"] or len(live) > SLOTS:
            continue
        middle = (number + 0.5) / max(5, min(8, len(lanes)))
        beside = [each[1:] for each in shown["now"] if abs(each[0] - middle) < 0.5 / max(5, min(8, len(lanes)))]
        assert sorted(beside, key=str) == sorted(([look(each), each["task_label"]] for each in live), key=str)
        if not shown["folds"] and now > start:
            for bar in (each for each in bars if each["kind"] != "paused" and each["kind"] != "program"):
                place = [(at - start) / (now - start) for at in ends(bar, now)]
                own = [each for each in lane["bars"] if (each["kind"], each["task"]) == (look(bar), bar["task_label"])]
                is_covered = bar not in live and near(place, place[:1] * 2, shown["width"])
                own = lane["bars"] if is_covered else own
                assert any(near(each["place"], place, shown["width"]) for each in own), (name, bar, own)


def near(shown: list[float], place: list[float], width: float) -> bool:
    """Return whether a bar is where it should be, to two pixels, which is the least width of a bar."""
    return all(abs(one - other) * width <= 2.5 for one, other in zip(shown, place, strict=True))


@pytest.mark.parametrize("slug", SHAPES)
def test_each_step_shows_the_lanes_and_bars_of_the_run_in_both_directions(
    slug: str, runs: dict[str, str], site: Site, page: Page
) -> None:
    moments = printed(site, runs[slug])["moments"]
    page.goto(f"{runs[slug]}?step=1")
    last = len(moments) - 1
    forth = [(number, "ArrowRight") for number in range(2, last + 1)]
    for number, key in [*forth, *((number, "ArrowLeft") for number in range(last - 1, 0, -1))]:
        page.keyboard.press(key)
        expect(page.locator(f'#stage[data-step="{number}"]')).to_be_attached()
        assert_shown(page.evaluate(SHOWN), moments[number])


@pytest.mark.parametrize("slug", OVERLAPPING)
def test_two_executions_overlap_in_rows_and_strip_by_what_the_events_say(
    slug: str, runs: dict[str, str], site: Site, page: Page
) -> None:
    moments = printed(site, runs[slug])["moments"]
    last = len(moments) - 1
    page.goto(f"{runs[slug]}?step={last}")
    times = {f"row-{number}": moments[number]["at_ms"] for number in range(1, last + 1)}
    drawn, strip = page.evaluate(EXECUTIONS), page.evaluate(SHOWN)
    heights = heights_by_time(drawn["rows"], times)
    executions = [each for each in moments[last]["bars"] if each["kind"] == "execution"]
    pairs = [
        (one, other)
        for one in executions
        for other in executions
        if one["pid"] < other["pid"] and overlap(one, other, moments[last]["at_ms"]) > 0
    ]
    assert pairs
    for one, other in pairs:
        for bar in (one, other):
            begin, end = (height(at, heights) for at in ends(bar, moments[last]["at_ms"]))
            assert any(
                key.endswith(f" {bar['task_label']}") and abs(top - begin) <= LINE and abs(bottom - end) <= LINE
                for key, spans in drawn["found"]
                for top, bottom in spans
            ), (bar, begin, end, drawn["found"])
        (left, right), (other_left, other_right) = (in_strip(strip, moments[last], bar) for bar in (one, other))
        begin, end = ends(one, moments[last]["at_ms"])
        pixels = overlap(one, other, moments[last]["at_ms"]) * (right - left) / (end - begin)
        assert abs(min(right, other_right) - max(left, other_left) - pixels) <= 1, (one, other)


def in_strip(strip: dict[str, Any], moment: dict[str, Any], bar: dict[str, Any]) -> tuple[float, float]:
    """Return the ends of an execution in the strip, in pixels."""
    lane = strip["lanes"][strip["names"].index(name_of(bar["lane"]))]
    drawn = [each for each in lane["bars"] if (each["kind"], each["task"]) == ("execution", bar["task_label"])]
    same = [each for each in moment["bars"] if all(each[key] == bar[key] for key in ("kind", "lane", "task"))]
    number = sorted(each["begin_ms"] for each in same).index(bar["begin_ms"])
    left, right = sorted(each["place"] for each in drawn)[number]
    return left * strip["width"], right * strip["width"]


def overlap(one: dict[str, Any], other: dict[str, Any], now: float) -> float:
    """Return for how many milliseconds two bars overlap."""
    return min(ends(one, now)[1], ends(other, now)[1]) - max(one["begin_ms"], other["begin_ms"])


def heights_by_time(rows: list[tuple[str, float, float]], times: dict[str, float]) -> list[tuple[float, float, float]]:
    """Return (time, upper end, lower end) of what is drawn: a step is in the middle of its row, a gap is a stretch."""
    return [(times.get(name, -1.0), top, bottom) for name, top, bottom in rows]


def height(at: float, rows: list[tuple[float, float, float]]) -> float:
    """Return the y of a time: the middle of a step's row, or its share of a gap."""
    for number, (time, top, bottom) in enumerate(rows):
        if time == at:
            return (top + bottom) / 2
        if time == -1.0:
            before, after = rows[number - 1][0], rows[number + 1][0]
            if before < at < after:
                return top + (bottom - top) * (at - before) / (after - before)
    before = [row for row in rows if row[0] != -1.0 and row[0] < at]
    return before[-1][2] if before else rows[0][1]


def test_pointing_at_a_row_marks_its_step_and_pressing_goes_there(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['it-ran-twice']}?step=4")
    row = page.locator('[data-row="2"] .execution__action')
    row.hover()
    expect(page.locator('.strip [data-of-step="2"]')).to_have_class("mark is-linked")
    row.click()
    expect(page.locator('#stage[data-step="2"]')).to_be_attached()
    expect(page).to_have_url(f"{runs['it-ran-twice']}?step=2")


def test_a_press_on_the_strip_goes_to_the_nearest_step(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['it-ran-twice']}?step=4")
    box = page.locator('.strip [data-of-step="2"]').bounding_box()
    assert box
    page.mouse.click(box["x"] + 6, box["y"] - 30)
    expect(page.locator('#stage[data-step="2"]')).to_be_attached()


def test_playing_pauses_once_before_the_step_that_answers_the_question(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['it-ran-twice']}?step=1")
    page.get_by_label("Pace", exact=True).select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("#walk-nav[data-answers-next]")).to_be_attached()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.locator(".class-question")).to_be_visible()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("link", name="Next step")).to_have_attribute("aria-disabled", "true")


def test_knobs_and_cases_are_behind_one_button(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['it-ran-twice']}?step=1")
    again = page.get_by_role("button", name="Run again")
    expect(again).to_be_hidden()
    page.get_by_text("Knobs and cases").click()
    expect(again).to_be_visible()
    page.keyboard.press("Escape")
    expect(again).to_be_hidden()


@pytest.mark.parametrize("size", [*SIZES, "narrow"])
def test_it_fits_and_is_accessible(size: str, runs: dict[str, str], browser: Browser) -> None:
    width, height = {**SIZES, "narrow": (320, 700)}[size]
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    for slug, step in (("chains", 12), ("it-ran-twice", 2), ("sixty-mails-three-workers", 8)):
        page.goto(f"{runs[slug]}?step={step}")
        assert overflow(page) <= 0, slug
        assert violations(page) == [], slug
    page.close()


@pytest.mark.parametrize("slug", SHAPES)
def test_on_a_phone_the_first_card_holds_the_moment_at_every_step(
    slug: str, runs: dict[str, str], browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.goto(f"{runs[slug]}?step=1")
    for step in range(1, int(page.locator("#walk-nav").get_attribute("data-made") or 0) + 1):
        page.goto(f"{runs[slug]}?step={step}")
        assert page.evaluate(ON_A_PHONE) == [], step
    expect(page.locator(".strip")).to_be_hidden()
    page.close()


@pytest.mark.parametrize("slug", SHAPES)
def test_on_the_narrowest_phone_the_current_row_shows_its_beginning(
    slug: str, runs: dict[str, str], browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    page.goto(f"{runs[slug]}?step=1")
    for step in range(1, int(page.locator("#walk-nav").get_attribute("data-made") or 0) + 1):
        page.goto(f"{runs[slug]}?step={step}")
        assert page.evaluate(CURRENT_IS_WHOLE), step
    page.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_first_row_below_the_head_of_the_table_is_whole(size: str, runs: dict[str, str], browser: Browser) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce", bypass_csp=True)
    page.goto(f"{runs['sixty-mails-three-workers']}?step=15")
    for step in range(15, 25):
        expect(page.locator(f'#stage[data-step="{step}"]')).to_be_attached()
        page.wait_for_function(f"({CUT})() === 0")
        assert page.evaluate(CURRENT_IS_WHOLE), step
        page.keyboard.press("ArrowRight")
    page.close()


def test_in_forced_colours_the_current_row_and_the_bars_can_be_seen(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(forced_colors="active", reduced_motion="reduce")
    page.goto(f"{runs['it-ran-twice']}?step=3")
    outline = page.locator("[data-row][aria-current] td").first.evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"
    assert page.locator(".lanes .bar--execution").first.evaluate("each => getComputedStyle(each).fill") != "none"
    page.close()
