"""A quiz that a teacher gives: made, answered on phones and desktops, seen live, with and without JavaScript."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.browser.lessons import RUN_MS, without_errors
from tests.browser.site import FIRST_LESSON, Site, new_site
from tests.browser.test_accessibility import overflow, violations
from tutor.lessons import catalogue
from tutor.live.consumers import FAILED

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
LESSONS = [catalogue.get(slug).content.title for slug in (FIRST_LESSON, "too-early")]
Keys = dict[str, str]
"""The text of a question → its right answer."""


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose lessons ask a question of each kind."""
    folder: Path = tmp_path_factory.mktemp("kinds")
    site = new_site(folder, DJANGO_SETTINGS_MODULE="tests.browser.kinds.settings")
    site.start()
    yield site
    site.end()


def give(teacher: Page, site: Site, **choices: str) -> str:
    """Give a quiz about the first lesson; return the students' address once its questions are made."""
    teacher.goto(f"{site.url}/give/")
    teacher.get_by_label("Title").fill("Week 3")
    for lesson in LESSONS:
        teacher.get_by_label(lesson, exact=True).check()
    for legend, choice in choices.items():
        teacher.get_by_role("group", name=legend.replace("_", " ")).get_by_label(choice).check()
    teacher.get_by_role("button", name="Make the quiz").click()
    expect(teacher.get_by_text("Nobody has come yet")).to_be_visible(timeout=RUN_MS)
    return teacher.locator(".given__link").inner_text()


def keys_of(teacher: Page) -> Keys:
    """Return the right answers, which the teacher's page has."""
    found = {}
    for each in teacher.locator(".question-result").all():
        text = each.locator("h3").inner_text().partition(".")[2].strip()
        found[text] = each.locator("p.muted b").first.inner_text()
    return found


def take_part(page: Page, address: str, name: str) -> Page:
    page.goto(address)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Begin").click()
    return page


def choose(page: Page, keys: Keys, *, right: bool) -> None:
    """Choose a right or a wrong option of the question that is shown."""
    key = keys[page.locator("form.question legend").inner_text().strip()]
    for option in page.locator("form.question .option").all():
        if (option.locator(".option__text").inner_text() == key) == right:
            option.click()
            return
    raise AssertionError(key)


def check(page: Page) -> Locator:
    """Press Check; return the verdict."""
    page.get_by_role("button", name=re.compile("^Check")).click()
    return page.locator(".verdict")


def score_of(teacher: Page, name: str) -> Locator:
    return teacher.locator(".given__scores tr", has_text=name)


def close(teacher: Page) -> None:
    teacher.get_by_text("Close it…").click()
    teacher.get_by_role("button", name="Close it now").click()


def results(teacher: Page) -> dict[str, dict[str, str]]:
    """Return the lines of the CSV file by name."""
    text = teacher.context.request.get(f"{teacher.url.partition('?')[0]}results.csv").text()
    return {each["name"]: each for each in csv.DictReader(io.StringIO(text))}


def test_a_class_answers_on_phones_and_desktops_and_the_teacher_sees_it_as_it_comes(
    site: Site, still: Page, browser: Browser
) -> None:
    address = give(still, site)
    keys = keys_of(still)
    of = f"of {len(keys)}"

    def student(name: str, size: dict[str, int], *, script: bool = True) -> Page:
        context = browser.new_context(viewport=size, reduced_motion="reduce", java_script_enabled=script)  # type: ignore[arg-type]
        return take_part(context.new_page(), address, name)

    ada = student("Ada", PHONE)
    with without_errors(ada):
        choose(ada, keys, right=True)
        expect(check(ada)).to_contain_text("Right.")
    expect(score_of(still, "Ada")).to_contain_text(f"1 {of}")

    twice = student("Bob", DESKTOP)
    choose(twice, keys, right=False)
    twice.get_by_role("button", name="Check").dblclick()
    expect(twice.locator(".verdict")).to_contain_text("Not “")
    choose(twice, keys, right=True)
    expect(check(twice)).to_contain_text("Right.")
    expect(score_of(still, "Bob")).to_contain_text(f"0.50 {of}")

    cut_off = student("Cleo", PHONE)
    choose(cut_off, keys, right=True)
    cut_off.context.set_offline(True)
    cut_off.get_by_role("button", name="Check").click()
    expect(cut_off.locator("[data-connection]")).to_be_visible()
    cut_off.context.set_offline(False)
    expect(cut_off.locator(".verdict")).to_contain_text("Right.")
    expect(score_of(still, "Cleo")).to_contain_text(f"1 {of}")

    plain = student("Eve", DESKTOP, script=False)
    choose(plain, keys, right=True)
    expect(check(plain)).to_contain_text("Right.")
    expect(score_of(still, "Eve")).to_contain_text(f"1 {of}")

    late = student("Dan", DESKTOP)
    choose(late, keys, right=True)
    close(still)
    expect(check(late)).to_contain_text("has closed")
    assert {name: each["points"] for name, each in results(still).items()} == {
        "Ada": "1",
        "Bob": "0.5",
        "Cleo": "1",
        "Eve": "1",
        "Dan": "0",
    }
    ada.reload()
    ada.get_by_role("link", name="See it in the run of this quiz").click()
    expect(ada.locator("#walk-nav")).to_be_attached()
    for each in (ada, twice, cut_off, plain, late):
        each.context.close()


@pytest.mark.thorough
def test_everything_works_without_javascript(site: Site, browser: Browser) -> None:
    teacher, student = (browser.new_context(java_script_enabled=False).new_page() for _ in range(2))
    teacher.goto(f"{site.url}/give/")
    teacher.get_by_label("Title").fill("Week 4")
    for lesson in LESSONS:
        teacher.get_by_label(lesson, exact=True).check()
    teacher.get_by_role("button", name="Make the quiz").click()
    while not teacher.get_by_text("Nobody has come yet").count():
        teacher.reload()
    keys = keys_of(teacher)
    of = f"of {len(keys)}"
    take_part(student, teacher.locator(".given__link").inner_text(), "Ada")
    choose(student, keys, right=False)
    expect(check(student)).to_contain_text("Not “")
    choose(student, keys, right=True)
    expect(check(student)).to_contain_text("Right.")
    student.get_by_role("link", name="Next").click()
    check(student)  # Nothing is chosen, and the browser asks for it.
    teacher.reload()
    expect(score_of(teacher, "Ada")).to_contain_text(f"0.50 {of}")
    first = teacher.locator(".question-result").first
    first.get_by_text("Take it out…").click()
    first.locator("[name=note]").fill("It was unclear.")
    first.get_by_role("button", name="Take it out").click()
    expect(score_of(teacher, "Ada")).to_contain_text(f"of {len(keys) - 1}")
    close(teacher)
    choose(student, keys, right=True)
    student.get_by_role("button", name="Check").click()
    expect(student.get_by_role("heading", name="This wasn’t stored")).to_be_visible()
    student.get_by_role("link", name=re.compile("^Back to")).click()
    student.get_by_role("button", name="Delete my name and answers…").click()
    student.get_by_role("button", name="Delete them").click()
    expect(student.get_by_role("heading", name="Your name and your answers are deleted")).to_be_visible()
    assert results(teacher) == {}
    for each in (teacher, student):
        each.context.close()


@pytest.mark.thorough
def test_what_was_put_into_forms_is_there_again_after_a_reload_and_on_another_device(
    kinds: Site, still: Page, browser: Browser
) -> None:
    address = give(still, kinds, A_page_shows="All questions")
    page = take_part(browser.new_context(viewport=PHONE, reduced_motion="reduce").new_page(), address, "Ada")  # type: ignore[arg-type]
    with without_errors(page):
        order = page.locator("form.question", has=page.locator("[data-order]"))
        cell = page.locator("form.question", has=page.locator(".cell"))
        before = rows(order)
        with page.expect_response("**/drafts/**"):
            order.get_by_role("button", name=re.compile("^Move down")).first.click()
        moved = rows(order)
        assert moved == [before[1], before[0], *before[2:]]
        page.route("**/drafts/**", lambda route: route.abort())  # The site can't be reached; the device keeps it.
    cell.get_by_role("textbox").fill("two of them")
    with page.expect_event("requestfailed"):
        cell.get_by_role("textbox").press("Tab")
    page.unroute("**/drafts/**")
    with page.expect_response("**/drafts/**"):
        page.reload()
    assert rows(order) == moved
    expect(cell.get_by_role("textbox")).to_have_value("two of them")
    other = browser.new_context(viewport=DESKTOP).new_page()  # type: ignore[arg-type]
    own = page.locator("a[href*='/me/']").get_attribute("href")
    other.goto(f"{kinds.url}{own}")
    assert rows(other.locator("form.question", has=other.locator("[data-order]"))) == moved
    expect(other.locator(".cell").get_by_role("textbox")).to_have_value("two of them")
    expect(score_of(still, "Ada")).to_contain_text("0 of")
    for each in (page, other):
        each.context.close()


def rows(question: Locator) -> list[str]:
    """Return the items of an order from top to bottom."""
    return question.locator("[data-order-text]").all_inner_texts()


@pytest.mark.thorough
def test_somebody_else_at_the_same_browser_doesnt_get_what_was_not_sent(
    kinds: Site, still: Page, browser: Browser
) -> None:
    address = give(still, kinds, A_page_shows="All questions")
    still.locator("#students-list summary").click()
    still.get_by_role("textbox", name="Paste one student").fill("Ada\nBob")
    still.get_by_role("button", name="Give each a personal address").click()
    ada, bob = (f"{kinds.url}{each.get_attribute('href')}" for each in still.locator(".given__list a").all())
    page = browser.new_page(reduced_motion="reduce")
    page.route("**/drafts/**", lambda route: route.abort())
    for name, own, written in (("Ada", ada, "two of them"), ("Bob", bob, "")):
        page.goto(own)
        expect(page).to_have_url(address)
        page.get_by_role("button", name="Begin").click()
        expect(page.locator(".sheet__facts")).to_contain_text(name)
        box = page.locator(".cell").get_by_role("textbox")
        expect(box).to_have_value("")
        box.fill(written)
    page.goto(ada)
    expect(page.locator(".cell").get_by_role("textbox")).to_have_value("two of them")
    page.close()


@pytest.mark.thorough
def test_the_time_that_is_left_runs_down_and_the_questions_close_by_themselves(
    site: Site, still: Page, browser: Browser
) -> None:
    still.goto(f"{site.url}/give/")
    still.locator("[name=minutes]").fill("5")
    still.get_by_label("Title").fill("Week 5")
    still.get_by_label(LESSONS[0], exact=True).check()
    still.get_by_role("button", name="Make the quiz").click()
    expect(still.get_by_text("Nobody has come yet")).to_be_visible(timeout=RUN_MS)
    page = take_part(browser.new_page(), still.locator(".given__link").inner_text(), "Ada")
    with without_errors(page):
        timer = page.get_by_role("timer")
        shown = timer.inner_text()
        assert re.fullmatch(r"4 min 5\d s left", shown)
        expect(timer).not_to_have_text(shown)
        begun = datetime.now(UTC) - timedelta(minutes=5) + timedelta(seconds=4)
        with closing(sqlite3.connect(site.var / "site.sqlite3", timeout=20)) as store:
            store.execute(
                "UPDATE assignments_student SET begun_at = ? WHERE name = 'Ada' AND id = (SELECT MAX(id)"
                " FROM assignments_student)",
                [begun.strftime("%Y-%m-%d %H:%M:%S.%f")],
            )
            store.commit()
        page.reload()
        expect(page.get_by_role("timer")).to_be_visible()
        expect(page.locator(".sheet__facts")).to_contain_text("Your time is over")
        expect(page.get_by_role("radio").first).to_be_disabled()
    page.close()


@pytest.mark.thorough
@pytest.mark.parametrize("width", [390, 1280, 320])
def test_its_pages_fit_and_are_accessible(width: int, kinds: Site, browser: Browser) -> None:
    size = {"width": width, "height": 844}
    teacher, student = (
        browser.new_context(viewport=size, reduced_motion="reduce").new_page()  # type: ignore[arg-type]
        for _ in range(2)
    )

    def fits(page: Page) -> None:
        page.wait_for_load_state()
        assert overflow(page) <= 0, page.url
        assert violations(page) == [], page.url

    with without_errors(teacher), without_errors(student):
        for path in ("/give/", "/teachers/sign-in/"):
            teacher.goto(f"{kinds.url}{path}")
            fits(teacher)
        address = give(teacher, kinds)
        fits(teacher)
        student.goto(address)
        fits(student)
        take_part(student, address, "Ada")
        onward = student.get_by_role("link", name="Next")
        while onward.count():
            fits(student)
            onward.click()
        student.get_by_role("link", name=re.compile("^Question 1:")).click()
        while not student.locator(".cell").count():
            onward.click()
        student.locator(".cell").get_by_role("textbox").fill("1")
        expect(check(student)).to_contain_text("Not “1”.")
        fits(student)
        expect(score_of(teacher, "Ada")).to_contain_text("0 of")
        for each in teacher.locator("details.card").all():
            each.locator("summary").click()
        fits(teacher)
        close(teacher)
        fits(teacher)
        student.reload()
        fits(student)
        student.get_by_role("button", name="Delete my name and answers…").click()
        fits(student)
        student.get_by_role("button", name="Delete them").click()
        fits(student)
        student.goto(address)
        fits(student)
    for each in (teacher, student):
        each.context.close()


@pytest.mark.thorough
def test_results_come_again_after_the_site_has_closed_their_socket(kinds: Site, browser: Browser) -> None:
    teacher, student = (browser.new_context().new_page() for _ in range(2))
    opened: list[WebSocketRoute] = []

    def serve(socket: WebSocketRoute) -> None:
        opened.append(socket)
        if len(opened) == 1:
            socket.close(code=FAILED)
        else:
            socket.connect_to_server()

    teacher.route_web_socket(re.compile("/ws/given/"), serve)
    take_part(student, give(teacher, kinds), "Ada")
    expect(score_of(teacher, "Ada")).to_contain_text("0 of")
    assert len(opened) == 2
    for each in (teacher, student):
        each.context.close()
