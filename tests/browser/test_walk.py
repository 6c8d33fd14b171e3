from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import FIRST_LESSON, Site


@dataclass(frozen=True)
class Moment:
    """What each part of the page shows after a step."""

    status: str
    result: str
    node: str
    task_status: str
    rows: tuple[int, int] | None = None
    """OrmQ and Task, where the step makes them certain."""
    line: int | None = None


MOMENTS = {
    1: Moment("Pending", "None", "Start task", "Pending", (1, 0), 4),
    2: Moment("Running", "None", "Task running", "Running", (1, 0)),
    3: Moment("Success", "-1.0", "Store result and status", "Success", (1, 1), 7),
    4: Moment("Success", "-1.0", "Check status and result", "Success", line=9),
    5: Moment("Success", "-1.0", "Display or use the result", "Success"),
    6: Moment("N/A", "N/A", "Display or use the result", "Success", (0, 1)),
}
COUNT_PARSED = """
window.parsed = [];
const parse = Range.prototype.createContextualFragment;
Range.prototype.createContextualFragment = function (html) {
  const step = /id="stage"[^>]*data-step="(\\d+)"/.exec(html)?.[1];
  if (step) parsed.push(step);
  return parse.call(this, html);
};
"""
"""Notes the step of each stage that is parsed."""
LATER = {1: ["The task starts", "-1.0"], 2: ["-1.0", "The task completes"], 3: ["The last task is read"]}


def press_run(page: Page) -> None:
    """Press Run on a page that doesn't play by itself."""
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Run", exact=True).click()
    at_step(page, 1)


def at_step(page: Page, number: int) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-step", str(number), timeout=15_000)


def until_made(page: Page, number: int) -> None:
    expect(page.locator("#walk-nav[data-ended] .dot")).to_have_count(number, timeout=15_000)


def shows_step(page: Page, number: int) -> None:
    """Check that every part of the page shows step `number`."""
    moment = MOMENTS[number]
    row = page.locator(f'[data-row="{number}"]')
    expect(row).to_have_attribute("aria-current", "step")
    expect(row).to_contain_text(moment.status)
    expect(row.locator(".value")).to_have_text(moment.result)
    expect(page.locator("[data-row]")).to_have_count(number)
    expect(page.locator(".flow-node--at, .flow-node--last")).to_have_text(re.compile(r"\s*".join(moment.node.split())))
    tracked = page.locator("[data-variable=task_status] td").last
    expect(tracked).to_have_text(moment.task_status)
    if moment.rows:
        for table, count in zip(("OrmQ", "Task"), moment.rows, strict=True):
            expect(page.locator(f'[data-table="{table}"]')).to_have_attribute("data-count", str(count))
    if moment.line:
        expect(page.locator(f'.source__line:has(.process-tag)[data-line="{moment.line}"]')).to_have_count(1)


def test_every_part_of_the_page_shows_each_of_the_six_steps(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    for number in range(1, 7):
        if number > 1:
            lesson.get_by_role("link", name="Next step").click()
        at_step(lesson, number)
        shows_step(lesson, number)
        source = lesson.content()
        for later in LATER.get(number, []):
            assert later not in source


def test_a_link_to_a_step_shows_the_same_moment_to_anyone(lesson: Page, browser: Browser) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    for number in (2, 3):
        lesson.get_by_role("link", name="Next step").click()
        at_step(lesson, number)
    expect(lesson).to_have_url(lesson.url.split("?")[0] + "?step=3")
    there = lesson.locator("#stage").inner_html()
    lesson.reload()
    assert lesson.locator("#stage").inner_html() == there
    other = browser.new_page()
    other.goto(lesson.url)
    assert other.locator("#stage").inner_html() == there
    other.close()


def test_a_run_is_walked_with_previous_first_last_and_the_scrubber(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    lesson.get_by_role("link", name="Last step so far").click()
    at_step(lesson, 6)
    lesson.get_by_role("link", name="Previous step").click()
    at_step(lesson, 5)
    lesson.locator("#dot-2").click()
    at_step(lesson, 2)
    shows_step(lesson, 2)
    lesson.get_by_role("link", name="First step").click()
    at_step(lesson, 1)
    shows_step(lesson, 1)


def test_play_goes_on_by_itself_and_pauses_for_the_question_and_when_told(lesson: Page) -> None:
    lesson.clock.install()
    lesson.get_by_role("button", name="Run", exact=True).click()
    until_made(lesson, 6)
    play = lesson.get_by_role("button", name="Play")
    expect(play).to_be_visible(timeout=15_000)
    at_step(lesson, 2)  # Step 3 answers the question.
    expect(lesson.get_by_text("Paused: a question")).to_be_visible()
    # From here on, the page's clock advances when the test says so; a minute takes no time.
    lesson.clock.pause_at(lesson.evaluate("Date.now()") / 1000 + 1)
    play.click()
    at_step(lesson, 3)
    expect(lesson.get_by_text("Paused: a question")).to_be_hidden()
    lesson.clock.run_for(1_000)
    at_step(lesson, 4)
    lesson.get_by_role("button", name="Pause").click()
    lesson.clock.run_for(60_000)
    lesson.wait_for_load_state("networkidle")
    at_step(lesson, 4)
    lesson.clock.resume()
    lesson.get_by_label("Pace", exact=True).select_option("4")
    play.click()
    at_step(lesson, 6)
    expect(play).to_be_visible()
    lesson.clock.pause_at(lesson.evaluate("Date.now()") / 1000 + 1)
    play.click()  # At the end, it starts anew.
    at_step(lesson, 1)
    lesson.clock.run_for(250)
    at_step(lesson, 2)


def test_run_again_keeps_the_place_and_an_edited_knob_says_that_the_run_had_another_value(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    lesson.goto(f"{lesson.url.split('?')[0]}?step=99")
    at_step(lesson, 6)
    expect(lesson).to_have_url(re.compile(r"\?step=6$"))
    edited = lesson.get_by_text("The run that is shown used other values.")
    lesson.locator(".knobs-menu > summary").click()
    expect(edited).to_be_hidden()
    y = lesson.locator("#knobs [name=y]")
    y.fill("2")
    expect(edited).to_be_visible()
    y.fill("-1")
    expect(edited).to_be_hidden()
    lesson.evaluate("scrollTo(0, 120)")
    lesson.locator("[data-run]").focus()
    shown, top = lesson.url, lesson.evaluate("scrollY")
    lesson.keyboard.press("Enter")
    expect(lesson).not_to_have_url(shown)
    until_made(lesson, 6)
    assert lesson.evaluate("scrollY") == top == 120


def test_the_whole_page_can_be_used_by_keyboard(lesson: Page) -> None:
    lesson.emulate_media(reduced_motion="reduce")
    button = lesson.get_by_role("button", name="Run", exact=True)
    for _ in range(40):
        lesson.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    lesson.keyboard.press("Enter")
    at_step(lesson, 1)
    until_made(lesson, 6)
    for key, number in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 6), ("Home", 1)]:
        lesson.keyboard.press(key)
        at_step(lesson, number)
    lesson.get_by_label("Pace", exact=True).select_option("4")
    lesson.locator("body").click(position={"x": 2, "y": 2})
    for number in (2, 6):  # It pauses for the question that step 3 answers.
        lesson.keyboard.press("Space")
        at_step(lesson, number)
    lesson.keyboard.press("?")
    expect(lesson.get_by_role("dialog")).to_be_visible()
    lesson.keyboard.press("Escape")
    expect(lesson.get_by_role("dialog")).to_be_hidden()
    before = lesson.url
    lesson.keyboard.press("r")
    expect(lesson).not_to_have_url(before)
    at_step(lesson, 1)


def test_the_steps_of_a_key_that_is_held_down_are_one_step_back(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    for _ in range(4):
        lesson.keyboard.down("ArrowRight")
    lesson.keyboard.up("ArrowRight")
    at_step(lesson, 5)
    expect(lesson).to_have_url(lesson.url.split("?")[0] + "?step=5")
    lesson.go_back()
    at_step(lesson, 1)


def test_a_step_is_parsed_once_however_soon_the_next_one_is_pressed(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    lesson.add_init_script(COUNT_PARSED)
    lesson.reload()
    for step in range(2, 7):
        lesson.keyboard.press("ArrowRight")
        at_step(lesson, step)
    assert sorted(lesson.evaluate("parsed")) == [str(step) for step in range(2, 7)]


def test_keys_do_nothing_in_a_field(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    before = lesson.url
    lesson.get_by_text("Knobs and cases").click()
    field = lesson.get_by_label("x", exact=True)
    field.fill("1")
    for key in ("End", "ArrowRight", "r", " ", "?"):
        field.press(key)
    at_step(lesson, 1)
    assert lesson.url == before


@pytest.mark.parametrize("step", [1, 3, 6])
def test_without_javascript_links_walk_through_a_finished_run(
    lesson: Page, browser: Browser, site: Site, step: int
) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(lesson.url.split("?")[0] + "?step=1")
    for number in range(2, step + 1):
        plain.get_by_role("link", name="Next step").click()
        expect(plain).to_have_url(lesson.url.split("?")[0] + f"?step={number}")
    expect(plain.locator("[data-row]")).to_have_count(step)
    plain.context.close()


def test_a_knob_out_of_bounds_has_a_message_beside_its_field(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    page.get_by_label("x", exact=True).fill("banana")
    page.get_by_role("button", name="Run", exact=True).click()
    field = page.get_by_label("x", exact=True)
    expect(field).to_have_value("banana")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#knob-x-help")).to_contain_text("isn't a number from")
