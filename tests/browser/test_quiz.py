"""Answers to a lesson's quiz and to its class question: explained, stored, and still there afterwards."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.lessons import without_errors
from tests.browser.site import FIRST_LESSON, Site
from tests.browser.test_accessibility import overflow, violations
from tutor.lessons import catalogue
from tutor.lessons.format.questions import QuizQuestion

LESSON = "it-ran-twice"


def question_of(number: int | str, slug: str = LESSON) -> QuizQuestion:
    content = catalogue.get(slug).content
    question = content.ask if number == "class" else content.quiz[int(number) - 1]
    assert question
    return question


def right_of(number: int | str, slug: str = LESSON) -> str:
    return question_of(number, slug).options[question_of(number, slug).key].text


def wrong_of(number: int | str, slug: str = LESSON) -> list[str]:
    return [option.text for option in question_of(number, slug).options if not option.right]


def form(page: Page, number: int | str) -> Locator:
    return page.locator(f"#question-{number}")


def answer(page: Page, number: int | str, option: str) -> Locator:
    """Choose an option and press Check; return the verdict."""
    form(page, number).get_by_role("radio", name=option, exact=True).check()
    form(page, number).get_by_role("button", name="Check").click()
    return form(page, number).get_by_role("status")


@pytest.fixture
def at_run(runs: dict[str, str], still: Page) -> Page:
    """The page of a run that has ended, at its first step, in a browser that hasn't answered anything."""
    still.goto(f"{runs[LESSON]}?step=1")
    return still


def test_a_wrong_answer_is_explained_and_a_second_one_shows_the_key(at_run: Page) -> None:
    first, second, *_ = wrong_of(1)
    verdict = answer(at_run, 1, first)
    expect(verdict).to_contain_text(f"Not “{first}”.")
    expect(verdict).not_to_contain_text("The answer is")
    expect(form(at_run, 1).get_by_role("radio", name=re.compile(f"^{re.escape(first)}"))).to_be_disabled()
    expect(form(at_run, 1).get_by_role("button", name="Check again")).to_be_focused()
    answer(at_run, 1, second)
    expect(verdict).to_contain_text(f"The answer is “{right_of(1)}”.")
    expect(form(at_run, 1).get_by_role("button")).to_have_count(0)
    expect(verdict).to_be_focused()


def test_hints_come_one_after_the_other_and_then_the_answer(at_run: Page) -> None:
    verdict = form(at_run, 1).get_by_role("status")
    form(at_run, 1).get_by_role("button", name="Hint: how to think").click()
    expect(verdict).to_contain_text("Hint: how to think.")
    form(at_run, 1).get_by_role("button", name="Hint: where to look").click()
    expect(verdict).to_contain_text("Hint: where to look.")
    form(at_run, 1).get_by_role("button", name="Show the answer").click()
    expect(verdict).to_contain_text(f"The answer is “{right_of(1)}”.")


def test_the_keyboard_is_enough(at_run: Page) -> None:
    options = form(at_run, 1).get_by_role("radio")
    options.first.focus()
    at_run.keyboard.press("Space")
    at_run.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_be_checked()
    at_run.keyboard.press("Enter")
    expect(form(at_run, 1).get_by_role("status")).to_contain_text(re.compile("Right|Not"))
    expect(at_run.locator("#stage")).to_have_attribute("data-step", "1")


def test_answers_stay_over_a_step_a_reload_and_another_style(at_run: Page) -> None:
    wrong = wrong_of(1)[0]
    answer(at_run, 1, wrong)
    at_run.get_by_role("link", name="Next step").click()
    expect(at_run.locator("#stage")).to_have_attribute("data-step", "2")
    expect(form(at_run, 1).get_by_role("status")).to_contain_text(f"Not “{wrong}”.")
    at_run.reload()
    expect(form(at_run, 1).get_by_role("status")).to_contain_text(f"Not “{wrong}”.")
    at_run.get_by_role("link", name="Concept flow").click()
    expect(form(at_run, 1).get_by_role("status")).to_contain_text(f"Not “{wrong}”.")
    verdict = answer(at_run, 1, right_of(1))
    expect(verdict).to_contain_text("Right.")
    verdict.get_by_role("link", name="See step").click()
    expect(at_run.locator("#stage")).not_to_have_attribute("data-step", "2")


def test_the_class_question_keeps_its_answer_while_one_walks_on_and_back(at_run: Page) -> None:
    question, verdict = at_run.locator("#class-question"), form(at_run, "class").get_by_role("status")
    wrong = wrong_of("class")[0]
    answer(at_run, "class", wrong)
    expect(verdict).to_contain_text(f"Not “{wrong}”.")
    at_run.keyboard.press("End")
    expect(question).to_have_count(0)
    at_run.keyboard.press("Home")
    expect(verdict).to_contain_text(f"Not “{wrong}”.")
    answer(at_run, "class", right_of("class"))
    expect(verdict).to_contain_text("Right.")


def test_the_class_question_comes_when_one_walks_back_to_it(runs: dict[str, str], still: Page) -> None:
    still.goto(runs[LESSON] + "?step=1")
    last = still.locator(".dot").count()
    still.goto(f"{runs[LESSON]}?step={last}")
    expect(still.locator("#class-question")).to_have_count(0)
    still.keyboard.press("Home")
    expect(answer(still, "class", right_of("class"))).to_contain_text("Right.")


def test_the_class_question_comes_with_a_step_of_a_live_run(site: Site, still: Page) -> None:
    still.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    still.get_by_role("button", name="Run", exact=True).click()
    expect(answer(still, "class", right_of("class", FIRST_LESSON))).to_contain_text("Right.")


def test_an_answer_whose_acknowledgement_was_lost_is_sent_again_and_stored_once(
    runs: dict[str, str], page: Page
) -> None:
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    page.clock.install()
    page.goto(f"{runs[LESSON]}?step=1")
    page.route("**/quiz/1/*", lose_first)
    wrong = wrong_of(1)[0]
    form(page, 1).get_by_role("radio", name=wrong, exact=True).check()
    form(page, 1).get_by_role("button", name="Check").click()
    expect(page.locator("[data-connection]")).to_be_visible()
    page.clock.run_for(2000)
    expect(form(page, 1).get_by_role("status")).to_contain_text(f"Not “{wrong}”.")
    expect(form(page, 1).get_by_role("status")).not_to_contain_text("The answer is")
    assert f"Not “{wrong}”." in lost[0]


def test_a_choice_that_is_not_sent_yet_stays_over_a_step(at_run: Page) -> None:
    choice = form(at_run, "class").get_by_role("radio").first
    choice.check()
    at_run.get_by_role("link", name="Next step").click()
    expect(at_run.locator("#stage")).to_have_attribute("data-step", "2")
    expect(choice).to_be_checked()


def test_after_the_last_question_the_page_counts_and_says_what_to_see_again(at_run: Page) -> None:
    questions = catalogue.get(LESSON).content.quiz
    answer(at_run, 1, wrong_of(1)[0])
    expect(form(at_run, 1).get_by_role("status")).to_contain_text("Not")
    for number in range(1, len(questions) + 1):
        expect(answer(at_run, number, right_of(number))).to_contain_text("Right.")
    repair = form(at_run, "repair-1")
    repair.get_by_role("button", name="Hint: how to think").click()
    repair.get_by_role("button", name="Show the answer").click()
    result = at_run.locator("#quiz-result")
    expect(result).to_contain_text(f"{len(questions) - 1} of {len(questions) + 1}")
    expect(result.get_by_role("link", name="Question 1")).to_be_visible()


def test_without_javascript_the_page_comes_back_at_its_step_with_the_answer(
    runs: dict[str, str], browser: Browser
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{runs[LESSON]}?step=1")
    for number in ("class", 1):
        wrong = wrong_of(number)[0]
        expect(answer(page, number, wrong)).to_contain_text(f"Not “{wrong}”.")
        expect(page).to_have_url(f"{runs[LESSON]}?step=1#question-{number}")
    form(page, 1).get_by_role("button", name="Hint: how to think").click()
    expect(form(page, 1).get_by_role("status")).to_contain_text("Hint: how to think.")
    form(page, 1).get_by_role("button", name="Show the answer").click()
    expect(form(page, 1).get_by_role("status")).to_contain_text("The answer is")
    page.context.close()


def test_a_lesson_without_a_run_keeps_answers_too(site: Site, still: Page) -> None:
    still.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    right = right_of(1, FIRST_LESSON)
    expect(answer(still, 1, right)).to_contain_text("Right.")
    still.reload()
    expect(form(still, 1).get_by_role("status")).to_contain_text("Right.")


def test_a_question_that_was_closed_elsewhere_says_so(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs[LESSON]}?step=1")
    other = page.context.new_page()
    other.goto(page.url)
    expect(answer(other, 2, right_of(2))).to_contain_text("Right.")
    other.close()
    form(page, 2).get_by_role("button", name="Hint: how to think").click()
    verdict = form(page, 2).get_by_role("status")
    expect(verdict).to_contain_text("already answered")
    expect(verdict).to_contain_text("Right.")


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.thorough)])
def test_an_answered_quiz_fits_and_is_accessible(width: int, runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    with without_errors(page):
        page.goto(f"{runs[LESSON]}?step=1")
        form(page, 1).get_by_role("button", name="Hint: how to think").click()
        for number in ("class", 1, 2):
            expect(answer(page, number, wrong_of(number)[0])).to_contain_text("Not")
        for number in range(1, len(catalogue.get(LESSON).content.quiz) + 1):
            expect(answer(page, number, right_of(number))).to_contain_text("Right.")
        assert overflow(page) <= 0
        assert violations(page) == []
    page.close()
