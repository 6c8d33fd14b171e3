"""Quizzes of ten questions: answered one at a time, by mouse, by keys and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import without_errors
from tests.browser.site import FIRST_LESSON, Site
from tests.browser.test_accessibility import overflow, violations
from tests.browser.test_quiz import answer, right_of, wrong_of
from tests.browser.test_style_quiz import pieces
from tutor.lessons import catalogue

QUIZ = f"/quizzes/{FIRST_LESSON}/abc234/"
VERSION = catalogue.get(FIRST_LESSON).version[:8]


def id_at(page: Page) -> str:
    """Return the id of the question that is shown: its version, and its number in the lesson."""
    return (page.locator("form.question").get_attribute("id") or "").removeprefix("question-")


def answer_shown(page: Page, *, right: bool) -> None:
    id = id_at(page)
    number = id.partition("-")[2]
    text = right_of(number, FIRST_LESSON) if right else wrong_of(number, FIRST_LESSON)[0]
    expect(answer(page, id, text)).to_contain_text("Right." if right else f"Not “{text}”.")


def go_on(page: Page, name: str = "Next") -> None:
    before = page.url
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).not_to_have_url(before)


def test_ten_mixed_questions_are_one_press_away(site: Site, still: Page) -> None:
    still.goto(site.url)
    still.get_by_role("link", name="Quizzes").click()
    still.get_by_role("link", name="Ten questions, mixed").click()
    expect(still).to_have_url(re.compile(r"/quizzes/mixed/[2-9a-z]{6}/$"))
    expect(pieces(still)).to_have_count(10)
    expect(still.locator("#quiz-about")).to_contain_text("program.py")
    still.get_by_role("radio").first.check()
    still.get_by_role("button", name="Check").click()
    expect(still.locator(".verdict__text").first).to_be_visible()


def test_a_quiz_is_answered_reloaded_in_the_middle_and_counted(site: Site, still: Page) -> None:
    still.goto(site.url + QUIZ)
    answer_shown(still, right=True)
    go_on(still)
    answer_shown(still, right=False)
    still.reload()
    expect(still.locator(".verdict")).to_contain_text("Not")
    still.goto(site.url + QUIZ)
    expect(pieces(still).nth(1)).to_have_attribute("aria-current", "step")
    answer_shown(still, right=True)
    still.get_by_role("link", name="See the result").click()
    expect(still.locator(".quiz-result")).to_contain_text("1 of 2")
    still.reload()
    expect(still.locator(".quiz-result")).to_contain_text("1 of 2")
    still.get_by_role("link", name="Question 2", exact=True).click()
    expect(still.locator(".verdict")).to_contain_text("Right.")


@pytest.mark.thorough
def test_another_ten_have_another_seed(site: Site, still: Page) -> None:
    still.goto(site.url + QUIZ)
    still.get_by_role("link", name="Ask others").click()
    expect(still).not_to_have_url(site.url + QUIZ)
    expect(still.locator("form.question")).to_be_visible()


@pytest.mark.thorough
def test_the_keyboard_is_enough(site: Site, still: Page) -> None:
    still.goto(site.url + QUIZ)
    options = still.get_by_role("radio")
    options.first.focus()
    still.keyboard.press("Space")
    still.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_be_checked()
    still.keyboard.press("Enter")
    expect(still.locator(".verdict")).to_contain_text(re.compile("Right|Not"))


def test_without_javascript_the_quiz_is_the_same(site: Site, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site.url + QUIZ)
    first = id_at(page)
    answer_shown(page, right=True)
    expect(page).to_have_url(f"{site.url}{QUIZ}?question={first}#question-{first}")
    go_on(page)
    answer_shown(page, right=False)
    page.context.close()


def test_a_question_that_was_wrong_opens_another_lesson(site: Site, still: Page) -> None:
    other = "too-early"
    still.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    expect(answer(still, 1, wrong_of(1, FIRST_LESSON)[0]).locator(".verdict__text")).to_be_visible()
    still.goto(f"{site.url}/lessons/{other}/")
    card = still.get_by_role("region", name="Before you begin: a question that you got wrong")
    expect(card).to_be_visible()
    expect(answer(still, f"{VERSION}-1", right_of(1, FIRST_LESSON))).to_contain_text("Right.")
    expect(card.locator(".quiz-result")).to_contain_text("1 of 1")
    assert violations(still) == []
    still.reload()
    expect(card).to_have_count(0)
    expect(still.locator(".again__done")).to_contain_text("1 of 1 right this time.")


@pytest.mark.parametrize("width", [390, *(pytest.param(each, marks=pytest.mark.thorough) for each in (1280, 320))])
def test_its_pages_fit_and_are_accessible(width: int, site: Site, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    with without_errors(page):
        page.goto(f"{site.url}/quizzes/")
        assert overflow(page) <= 0
        assert violations(page) == []
        page.goto(site.url + QUIZ)
        answer_shown(page, right=False)
        assert overflow(page) <= 0
        assert violations(page) == []
        for _ in range(2):
            answer_shown(page, right=True)
            go_on(page, "Next" if page.get_by_role("link", name="Next", exact=True).count() else "See the result")
        expect(page.locator(".quiz-result")).to_be_visible()
        assert overflow(page) <= 0
        assert violations(page) == []
    page.close()
