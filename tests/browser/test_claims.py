"""What the page says beside the run: the card of a claim, and what to do after the last step."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.test_walk import at_step, press_run, until_made


def test_a_claim_has_a_card_on_focus_and_on_hover_and_escape_hides_it(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    lesson.keyboard.press("End")
    at_step(lesson, 6)
    claim, card = lesson.locator("a.claim[data-of-step]:visible").first, lesson.get_by_role("tooltip")
    expect(card).to_be_hidden()
    claim.focus()
    expect(card).to_contain_text(f"Seen in step {claim.get_attribute('data-of-step')}: ")
    expect(claim).to_have_attribute("aria-describedby", "claim-card")
    lesson.keyboard.press("Escape")
    expect(card).to_be_hidden()
    claim.blur()
    claim.hover()
    expect(card).to_be_visible()
    card.hover()
    expect(card).to_be_visible()
    lesson.locator("h1").hover()
    expect(card).to_be_hidden()


def test_a_claim_about_the_run_walks_there_in_place(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    lesson.keyboard.press("End")
    at_step(lesson, 6)
    lesson.evaluate("window.isSamePage = true")
    claim = lesson.locator("a.claim[data-of-step]:visible").first
    step = int(claim.get_attribute("data-of-step") or 0)
    assert step < 6
    claim.click()
    at_step(lesson, step)
    assert lesson.evaluate("window.isSamePage")
    expect(lesson.locator("#stage")).to_be_focused()


def test_the_last_step_says_what_next_and_no_other_does(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    lesson.keyboard.press("Home")
    at_step(lesson, 1)
    what_next = lesson.get_by_role("navigation", name="What next?")
    expect(what_next).to_be_hidden()
    lesson.keyboard.press("End")
    expect(what_next).to_be_visible()
    expect(what_next.get_by_role("link", name="Answer the quiz")).to_be_visible()
    what_next.get_by_role("button", name="Run “").click()
    lesson.wait_for_url("**/runs/**")
