"""The style Quiz: one question at a time, beside the table and the variables of the step."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.lessons import SHAPES, without_errors
from tests.browser.site import FIRST_LESSON, Site
from tests.browser.test_accessibility import overflow, violations
from tests.browser.test_quiz import LESSON, answer, form, right_of, wrong_of
from tutor.lessons import catalogue

WRITTEN = len(catalogue.get(LESSON).content.quiz)


def at_quiz(page: Page, run: str, step: int = 1) -> Page:
    page.goto(f"{run}?style=quiz&step={step}")
    return page


def pieces(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Questions of this quiz").get_by_role("link")


def is_seen(locator: Locator) -> bool:
    """Whether all of an element is in the window."""
    return locator.evaluate(
        "(element) => { const { top, bottom } = element.getBoundingClientRect();"
        " return top >= 0 && bottom <= innerHeight; }"
    )


def top_of(locator: Locator) -> float:
    return float(locator.evaluate("(element) => element.getBoundingClientRect().top"))


def test_it_asks_one_question_beside_the_table_and_the_variables(runs: dict[str, str], still: Page) -> None:
    at_quiz(still, runs[LESSON])
    expect(still.locator("form.question")).to_have_count(1)
    expect(still.locator("#moment")).to_be_visible()
    expect(still.locator("#tracker-card")).to_be_visible()
    assert is_seen(still.locator("#moment"))
    assert is_seen(still.locator("#tracker-card"))
    for closed in ("#quiz", ".lesson-head__summary", "#key-moments", "#snapshot"):
        expect(still.locator(closed)).to_have_count(0)


@pytest.mark.thorough
def test_the_table_stays_in_view_while_the_page_is_scrolled(runs: dict[str, str], still: Page) -> None:
    at_quiz(still, runs[LESSON])
    form(still, 1).get_by_role("button", name="Hint: how to think").click()
    answer(still, 1, wrong_of(1)[0])
    still.mouse.wheel(0, 120)
    assert is_seen(still.locator("#moment"))


def test_the_next_question_is_offered_after_an_answer_and_the_progress_tells_in_words(
    runs: dict[str, str], still: Page
) -> None:
    at_quiz(still, runs[LESSON])
    expect(still.get_by_role("link", name="Next", exact=True)).to_have_count(0)
    expect(answer(still, 1, right_of(1))).to_contain_text("Right.")
    expect(pieces(still).first).to_have_accessible_name("Question 1: right")
    still.get_by_role("link", name="Next", exact=True).click()
    expect(form(still, 2)).to_be_visible()
    still.get_by_role("link", name="Previous", exact=True).click()
    expect(form(still, 1).get_by_role("status")).to_contain_text("Right.")
    pieces(still).nth(2).click()
    expect(form(still, 3)).to_be_visible()
    expect(pieces(still).nth(2)).to_have_attribute("aria-current", "step")


def test_an_answer_in_progress_stays_while_one_walks_and_the_links_follow_the_step(
    runs: dict[str, str], still: Page
) -> None:
    at_quiz(still, runs[LESSON])
    question = still.locator("#quiz-question").element_handle()
    choice = form(still, 1).get_by_role("radio").nth(1)
    choice.check()
    still.get_by_role("link", name="Next step").click()
    expect(still.locator("#stage")).to_have_attribute("data-step", "2")
    expect(choice).to_be_checked()
    assert question.evaluate("(element) => element.isConnected")
    expect(answer(still, 1, right_of(1))).to_contain_text("Right.")
    still.get_by_role("link", name="Next", exact=True).click()
    expect(still).to_have_url(f"{runs[LESSON]}?style=quiz&step=2&question=2#quiz-question")


def test_a_reload_in_the_middle_comes_back_to_the_question_and_the_answer(runs: dict[str, str], still: Page) -> None:
    at_quiz(still, runs[LESSON])
    verdict = form(still, 1).get_by_role("status")
    wrong = wrong_of(1)[0]
    expect(answer(still, 1, wrong)).to_contain_text(f"Not “{wrong}”.")
    still.reload()
    expect(verdict).to_contain_text(f"Not “{wrong}”.")
    still.goto(f"{runs[LESSON]}?step=1")
    expect(verdict).to_contain_text(f"Not “{wrong}”.")


def test_after_the_last_question_comes_the_result(runs: dict[str, str], still: Page) -> None:
    at_quiz(still, runs[LESSON])
    asked = pieces(still).count()
    assert asked >= WRITTEN
    for number in range(1, asked + 1):
        current = still.locator("form.question")
        current.get_by_role("button", name=re.compile("^Hint")).first.click()
        current.get_by_role("button", name="Show the answer").click()
        expect(current.locator(".verdict__text--right")).to_be_visible()
        still.get_by_role("link", name="Next" if number < asked else "See the result", exact=True).click()
        expect(pieces(still).nth(number - 1)).to_have_accessible_name(f"Question {number}: wrong")
    for _ in range(2):
        expect(still.locator(".quiz-result")).to_contain_text(f"0 of {asked}")
        expect(still.locator(".quiz-result").get_by_role("link", name="Question 1")).to_be_visible()
        still.reload()


@pytest.mark.thorough
def test_the_number_of_the_tab_leads_to_it(runs: dict[str, str], still: Page) -> None:
    still.goto(f"{runs[LESSON]}?step=2")
    number = still.get_by_role("link", name="Quiz", exact=True).get_attribute("data-style-key")
    still.keyboard.press(str(number))
    expect(still).to_have_url(f"{runs[LESSON]}?style=quiz&step=2")
    expect(form(still, 1)).to_be_visible()


def test_without_javascript_questions_are_answered_one_after_the_other(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    at_quiz(page, runs[LESSON], 2)
    expect(answer(page, 1, right_of(1))).to_contain_text("Right.")
    expect(page).to_have_url(f"{runs[LESSON]}?style=quiz&step=2&question=1#question-1")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page).to_have_url(f"{runs[LESSON]}?style=quiz&step=2&question=2#quiz-question")
    expect(answer(page, 2, wrong_of(2)[0])).to_contain_text("Not")
    page.context.close()


@pytest.mark.thorough
def test_on_a_phone_the_question_comes_first(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    at_quiz(page, runs[LESSON])
    question, moment = (page.locator(id).bounding_box() for id in ("#quiz-question", "#moment"))
    assert question
    assert moment
    assert question["y"] + question["height"] <= moment["y"]
    page.close()


def test_without_a_run_it_asks_about_the_program(site: Site, still: Page) -> None:
    still.goto(f"{site.url}/lessons/{FIRST_LESSON}/?style=quiz")
    expect(still.locator("#quiz-about")).to_contain_text("program.py")
    expect(answer(still, 1, right_of(1, FIRST_LESSON))).to_contain_text("Right.")
    still.get_by_role("link", name="Next", exact=True).click()
    expect(still).to_have_url(f"{site.url}/lessons/{FIRST_LESSON}/?style=quiz&question=3#quiz-question")


@pytest.mark.thorough
def test_without_a_run_a_phone_shows_the_question_at_once_and_the_next_one_at_the_top(
    site: Site, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.goto(f"{site.url}/lessons/{LESSON}/?style=quiz")
    assert is_seen(page.locator("form.question"))
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_hidden()
    answer(page, 1, right_of(1))
    page.get_by_role("link", name="Next", exact=True).click()
    expect(form(page, 2)).to_be_visible()
    assert top_of(page.locator("#quiz-question")) < 50
    assert overflow(page) <= 0
    page.close()


@pytest.mark.parametrize("width", [390, *(pytest.param(each, marks=pytest.mark.thorough) for each in (1280, 320))])
def test_it_fits_and_is_accessible(width: int, runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    with without_errors(page):
        for slug in SHAPES if width == 320 else [LESSON]:
            at_quiz(page, runs[slug], 3)
            expect(answer(page, 1, wrong_of(1, slug)[0])).to_contain_text("Not")
            assert overflow(page) <= 0, slug
        assert violations(page) == []
    page.close()
