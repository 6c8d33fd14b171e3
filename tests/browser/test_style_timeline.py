"""The timeline in a browser: at every step it shows what the run's data says, wherever it is zoomed to."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import OVERLAPPING, SHAPES, printed
from tests.browser.site import FIRST_LESSON, Site
from tests.browser.test_accessibility import overflow, violations

pytestmark = pytest.mark.thorough

"""The lessons in which two executions overlap."""
DRAWN = """() => {
  const svg = document.querySelector('[data-svg]').getBoundingClientRect();
  const lanes = [...document.querySelectorAll('.lane-names__lane')].map((lane) => {
    const name = lane.firstElementChild.cloneNode(true);
    name.querySelector('small')?.remove();
    return name.textContent;
  });
  const groups = [...document.querySelectorAll('[data-zoomed] > g')];
  const bars = groups.flatMap((group, number) => [...group.querySelectorAll('rect.bar')].map((bar) => {
    const box = bar.getBoundingClientRect();
    const row = [...document.getElementById(bar.dataset.b).cells].map((cell) => cell.textContent);
    return { kind: bar.classList[1].slice(5), task: bar.dataset.ofTask ?? null, lane: lanes[number], row,
      begin: box.left - svg.left, end: box.right - svg.left };
  }));
  const isPartial = document.querySelector('[data-zoomed] path') !== null;
  return { lanes, bars, isPartial, width: svg.width };
}"""
"""The lanes, each bar in pixels from the left end of the drawing, and whether others are drawn together."""


@pytest.fixture
def page(still: Page) -> Page:
    return still


def at_step(page: Page, step: int) -> None:
    expect(page.locator(f'#stage[data-step="{step}"]')).to_be_attached()


def open_at(page: Page, address: str, step: int, *, linear: bool = False) -> None:
    page.goto(f"{address}?style=timeline&step={step}")
    at_step(page, step)
    if linear:
        page.keyboard.press("f")
        expect(page.locator('#timeline-fold[aria-pressed="false"]')).to_be_attached()


def name_of(lane: str) -> str:
    """Return the name of a lane without the pid of its process."""
    name, _, pid = lane.rpartition(" ")
    return name if pid.isdecimal() else lane


def zero(moment: dict[str, Any]) -> float:
    """Return when the program's first event was."""
    return float(next(each["first_ms"] for each in moment["processes"] if each["role"] == "caller"))


def look(bar: dict[str, Any]) -> str:
    if bar["dropped"]:
        return "dropped"
    if bar["at_gate"]:
        return "held"
    return "failed" if bar["kind"] == "stored" and bar["success"] is False else str(bar["kind"])


def assert_shown(drawn: dict[str, Any], moment: dict[str, Any]) -> None:
    """Check lanes and bars, on a clock without folds, against a moment that `show_run` prints."""
    start, now = zero(moment), moment["at_ms"]
    lanes = [name_of(each) for each in moment["lanes"]]
    assert drawn["lanes"] == (lanes if len(lanes) <= 8 else [*lanes[:7], ", ".join(lanes[7:])])
    scale = drawn["width"] / max(0.001, now - start)
    single = [bar for bar in drawn["bars"] if bar["kind"] != "several"]
    for bar in single:
        same = [
            each
            for each in moment["bars"]
            if (look(each), each["task_label"] or None, name_of(each["lane"]))
            == (bar["kind"], bar["task"], bar["lane"])
            or bar["lane"] not in lanes
        ]
        ends = [(each["begin_ms"], now if each["end_ms"] is None else min(now, each["end_ms"])) for each in same]
        assert any(
            abs(bar["begin"] - scale * (begin - start)) <= 1 and abs(bar["end"] - scale * (end - start)) <= 1
            for begin, end in ends
        ), (bar, ends)
    if len(single) == len(drawn["bars"]) and not drawn["isPartial"]:
        assert len(single) == sum(name_of(each["lane"]) in lanes for each in moment["bars"])


@pytest.mark.parametrize("slug", SHAPES)
def test_each_step_shows_the_lanes_and_bars_of_the_run_in_both_directions(
    slug: str, runs: dict[str, str], site: Site, page: Page
) -> None:
    moments = printed(site, runs[slug])["moments"]
    last = len(moments) - 1
    open_at(page, runs[slug], 1, linear=True)
    assert_shown(page.evaluate(DRAWN), moments[1])
    forth = [(number, "ArrowRight") for number in range(2, last + 1)]
    for number, key in [*forth, *((number, "ArrowLeft") for number in range(last - 1, 0, -1))]:
        page.keyboard.press(key)
        at_step(page, number)
        assert_shown(page.evaluate(DRAWN), moments[number])


@pytest.mark.parametrize("slug", OVERLAPPING)
def test_two_executions_overlap_by_what_the_events_say(slug: str, runs: dict[str, str], site: Site, page: Page) -> None:
    moment = printed(site, runs[slug])["moments"][-1]
    open_at(page, runs[slug], moment["step"], linear=True)
    drawn = page.evaluate(DRAWN)
    scale = drawn["width"] / (moment["at_ms"] - zero(moment))
    executions = [each for each in moment["bars"] if each["kind"] == "execution"]
    pairs = [(one, other) for one in executions for other in executions if overlap(one, other) > 0 and one is not other]
    assert pairs
    for pair in pairs:
        one, other = ([bar for bar in drawn["bars"] if is_drawn(each, bar, moment, scale)] for each in pair)
        assert len(one) == len(other) == 1
        pixels = min(one[0]["end"], other[0]["end"]) - max(one[0]["begin"], other[0]["begin"])
        assert abs(pixels - overlap(*pair) * scale) <= 1


def overlap(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return for how many milliseconds two bars that have ended overlap."""
    return float(min(one["end_ms"], other["end_ms"]) - max(one["begin_ms"], other["begin_ms"]))


def is_drawn(bar: dict[str, Any], drawn: dict[str, Any], moment: dict[str, Any], scale: float) -> bool:
    """Return whether it is the bar of that task and process which begins where that one does."""
    is_same = (drawn["kind"], drawn["task"], drawn["lane"]) == (look(bar), bar["task_label"], name_of(bar["lane"]))
    return is_same and abs(drawn["begin"] - scale * (bar["begin_ms"] - zero(moment))) <= 1


def test_the_table_has_the_numbers_of_the_bars(runs: dict[str, str], site: Site, page: Page) -> None:
    moment = printed(site, runs["it-ran-twice"])["moments"][-1]
    open_at(page, runs["it-ran-twice"], moment["step"])
    first = next(each for each in moment["bars"] if each["kind"] == "execution")
    row = next(bar["row"] for bar in page.evaluate(DRAWN)["bars"] if bar["kind"] == "execution")
    begin, end = (f"{first[name] - zero(moment):+,.1f}".replace(",", "\u202f") for name in ("begin_ms", "end_ms"))
    assert row[1:4] == ["report, delivery 1: runs", begin, end]


def test_keys_zoom_fold_and_fit(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 7)
    frames = page.locator("[data-frames] > rect:visible")
    whole = frames.count()
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(frames).not_to_have_count(whole)
    page.keyboard.press("0")
    expect(frames).to_have_count(whole)
    expect(page.locator(".torn:visible")).not_to_have_count(0)
    page.keyboard.press("f")
    expect(frames).to_have_count(1)
    expect(page.locator(".torn:visible, .fold__veil:visible, .fold-name:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Folded")).to_have_attribute("aria-pressed", "false")


def test_the_zoom_stays_when_the_step_changes_and_ends_at_the_cursor(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 5)
    for _ in range(3):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    at_step(page, 6)
    expect(page.locator(".flag--now")).to_be_visible()
    expect(page.locator('.flag[data-of-step="1"]')).to_be_hidden()


def test_events_are_gone_through_by_keys_and_measured(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 7)
    page.keyboard.press(".")
    expect(page.locator("[data-numbers]")).to_contain_text("begins")
    expect(page.locator("[data-b]:focus")).to_have_count(1)
    page.keyboard.press("m")
    expect(page.locator("[data-to-name]")).to_have_text("choose another event")
    begin = float(page.locator("[data-from]").inner_text().replace("\u202f", ""))
    for _ in range(4):
        page.keyboard.press(".")
    end = float(page.locator("[data-to]").inner_text().replace("\u202f", ""))
    length = page.locator("[data-length]").inner_text().replace("\u202f", "").removesuffix(" ms")
    assert abs(float(length) - (end - begin)) <= 0.11
    expect(page.locator("[data-measure]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-numbers]")).to_be_hidden()


def test_keys_of_one_character_can_be_switched_off(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 7)
    page.evaluate("document.documentElement.dataset.singleKeys = 'off'")
    page.keyboard.press(".")
    expect(page.locator("[data-numbers]")).to_be_hidden()
    page.get_by_role("button", name="Next event").click()
    expect(page.locator("[data-numbers]")).to_be_visible()


def test_pointing_at_a_bar_shows_its_numbers(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 7)
    page.locator("[data-svg] .bar--execution").first.hover()
    card = page.locator("[data-numbers]")
    expect(card).to_contain_text("report, delivery 1: runs")
    expect(card).to_contain_text("longer than its lock")
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_wheel_zooms_where_it_points_and_a_drag_moves(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 7, linear=True)
    bar = page.locator("[data-svg] .bar--execution").first
    before = bar.bounding_box()
    assert before
    page.mouse.move(before["x"] + 5, before["y"] + 5)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    page.wait_for_function(
        "width => document.querySelector('[data-svg] .bar--execution').getBoundingClientRect().width > width * 1.2",
        arg=before["width"],
    )
    zoomed = bar.bounding_box()
    assert zoomed and abs(zoomed["x"] + 5 - (before["x"] + 5)) < 5
    page.mouse.down()
    page.mouse.move(before["x"] - 55, before["y"] + 5, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "x => Math.abs(document.querySelector('[data-svg] .bar--execution').getBoundingClientRect().x - x) < 3",
        arg=zoomed["x"] - 60,
    )


def test_two_fingers_zoom(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 390, "height": 844}, has_touch=True)
    open_at(page, runs["it-ran-twice"], 7, linear=True)
    before = page.locator("[data-svg] .bar--execution").first.bounding_box()
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
        "width => document.querySelector('[data-svg] .bar--execution').getBoundingClientRect().width > width * 1.8",
        arg=before["width"],
    )
    page.close()


def test_a_flag_leads_to_its_step(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 7)
    page.locator('.flag[data-of-step="2"] circle').click()
    at_step(page, 2)


FLAGS = """() => [...document.querySelectorAll('.flag')].filter((flag) => flag.checkVisibility()).map((flag) => {
  const box = flag.querySelector('circle, rect').getBoundingClientRect();
  return [flag.querySelector('text').textContent, box.left, box.right];
})"""
"""The flags that are shown: the text of each, and where it begins and ends."""


@pytest.mark.parametrize("width", [1280, 390])
def test_each_step_so_far_is_in_a_flag_and_no_two_overlap(width: int, runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": 844})
    for step in (5, 12, 20):
        open_at(page, runs["sixty-mails-three-workers"], step)
        flags = page.evaluate(FLAGS)
        ends = [[int(number) for number in text.split("–")] for text, _, _ in flags]
        assert [number for each in ends for number in range(each[0], each[-1] + 1)] == list(range(1, step + 1))
        assert all(end <= begin for (_, _, end), (_, begin, _) in pairwise(flags))
    page.close()


def test_the_bars_of_many_tasks_say_which_they_are(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["sixty-mails-three-workers"], 20)
    said = set(page.locator("[data-over] .on-bar:visible").all_text_contents())
    assert {"1", "2", "3", "4", "5", "6"} <= said


def test_a_row_that_a_step_stores_is_right_of_its_cursor(runs: dict[str, str], page: Page) -> None:
    open_at(page, runs["it-ran-twice"], 4)
    row = page.locator("[data-at-cursor] .bar--stored")
    cursor, box = page.locator(".flag--now line").last.bounding_box(), row.bounding_box()
    assert cursor and box and box["x"] > cursor["x"]
    expect(page.locator("[data-at-cursor]").get_by_text("report", exact=True).last).to_be_visible()


def test_there_is_no_button_to_unfold_what_is_not_folded(runs: dict[str, str], page: Page) -> None:
    button, folded = page.get_by_role("button", name="Folded"), []
    for step in range(1, 8):
        open_at(page, runs["it-ran-twice"], step)
        folded.append(bool(page.locator("[data-svg]").get_attribute("data-folds")))
        expect(button).to_be_visible(visible=folded[-1])
    assert folded[-1]


def test_without_scripts_a_step_is_complete(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{runs['it-ran-twice']}?style=timeline&step=7")
    expect(page.locator(".bar--execution[data-b]")).to_have_count(2)
    expect(page.get_by_text("both are at work for")).to_be_visible()
    page.get_by_text("All bars as a table").click()
    row = page.get_by_role("table", name="Bars of the timeline").get_by_role("row", name="report, delivery 2: runs")
    expect(row).to_be_visible()
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
    strokes = page.locator("[data-svg] .bar").evaluate_all("rects => rects.map(rect => getComputedStyle(rect).stroke)")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert strokes
    assert ground not in strokes
    page.close()
