"""Questions of each kind: right and wrong, by mouse, by keys and with JavaScript off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.kinds.questions import CELL, LEFT, LONG, ORDER, QUESTIONS, QUEUED, STARTED, STORED
from tests.browser.lessons import without_errors
from tests.browser.site import FIRST_LESSON, Site, new_site
from tests.browser.test_accessibility import overflow, violations

RIGHT_POINT = {"3": "program.py:4", "4": "worker B", "5": "Deliver"}
WRONG_POINT = {"3": "program.py:1", "4": "caller", "5": "Queue"}
"""Id of a question that is answered by pointing → the beginning of a target."""
LINES_FIRST = ["3", *(pytest.param(id, marks=pytest.mark.thorough) for id in ("4", "5"))]
"""Those ids: lanes and nodes are pressed as lines are."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a lesson that asks a question of each kind."""
    folder: Path = tmp_path_factory.mktemp("kinds")
    site: Site = new_site(folder, DJANGO_SETTINGS_MODULE="tests.browser.kinds.settings")
    site.start()
    yield f"{site.url}/lessons/{FIRST_LESSON}/"
    site.end()


@pytest.fixture
def at(address: str, still: Page) -> Page:
    still.goto(address)
    return still


@pytest.fixture
def plain(address: str, browser: Browser) -> Iterator[Page]:
    """The page without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def form(page: Page, id: str) -> Locator:
    return page.locator(f"#question-{id}")


def check(page: Page, id: str) -> Locator:
    """Press Check; return the verdict."""
    form(page, id).get_by_role("button", name="Check").click()
    return page.locator(f"#verdict-{id}")


def shown(page: Page) -> list[str]:
    """Return the texts of the items in their order on the page."""
    return form(page, ORDER.id).locator("[data-order-text]").all_inner_texts()


def row(page: Page, text: str) -> Locator:
    return form(page, ORDER.id).get_by_role("listitem").filter(has_text=text)


def drag_above(page: Page, text: str, other: str) -> None:
    """Drag an item, by its text, to the upper edge of another one."""
    row(page, text).locator("[data-order-text]").hover()
    box = row(page, other).bounding_box()
    assert box
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 2, steps=8)
    page.mouse.up()


def put_in_order(page: Page, *texts: str) -> None:
    """Move the items up by their buttons, with keys alone, until they have that order."""
    for place, text in enumerate(texts):
        row(page, text).get_by_role("button", name="Move up").focus()
        while shown(page).index(text) > place:
            page.keyboard.press("Enter")
    assert shown(page) == list(texts)


def test_items_are_dragged_into_a_right_order(at: Page) -> None:
    for text in (LEFT, STORED, STARTED, QUEUED):
        if shown(at)[0] != text:
            drag_above(at, text, shown(at)[0])
    assert shown(at) == [QUEUED, STARTED, STORED, LEFT]
    expect(check(at, "1")).to_contain_text("Right.")
    expect(form(at, "1").get_by_role("button")).to_have_count(0)


def test_items_are_moved_by_keys_which_says_their_place_and_keeps_the_focus(at: Page) -> None:
    put_in_order(at, QUEUED, STARTED, LEFT, STORED)
    button = row(at, LEFT).get_by_role("button", name="Move down")
    button.focus()
    at.keyboard.press("Space")
    expect(button).to_be_focused()
    expect(form(at, "1").get_by_role("status").first).to_have_text(f"4th now: {LEFT}")
    assert shown(at) == [QUEUED, STARTED, STORED, LEFT]
    expect(check(at, "1")).to_contain_text("Right.")


def test_a_wrong_order_says_which_pair_is_the_wrong_way_round_and_stays_over_a_reload(at: Page) -> None:
    order = [STARTED, QUEUED, LONG, LEFT]
    put_in_order(at, *order)
    expect(check(at, "1")).to_contain_text("Only what is in the queue can be started.")
    at.reload()
    expect(at.locator("#verdict-1")).to_contain_text(f"Not “{STARTED}”, then “{QUEUED}”")
    assert shown(at) == order
    wrong = form(at, "1").get_by_role("listitem").filter(has_text="the wrong way round")
    expect(wrong).to_have_count(2)
    drag_above(at, QUEUED, STARTED)
    expect(check(at, "1")).to_contain_text("Right.")


@pytest.mark.thorough
def test_a_finger_drags_an_item_by_its_grip(address: str, browser: Browser) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    first, last = shown(page)[0], shown(page)[-1]
    row(page, last).scroll_into_view_if_needed()
    grip, above = row(page, last).locator("[data-order-grip]").bounding_box(), row(page, first).bounding_box()
    assert grip and above
    touch = context.new_cdp_session(page)
    points = [{"x": grip["x"] + 8, "y": grip["y"] + 8}, {"x": grip["x"] + 8, "y": above["y"] + 2}]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points[1:]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(form(page, "1").get_by_role("status").first).to_have_text(f"1st now: {last}")
    assert shown(page)[0] == last
    context.close()


def test_without_javascript_each_item_is_given_its_place(plain: Page) -> None:
    def choose(*texts: str) -> None:
        for place, text in enumerate(texts, 1):
            form(plain, "1").get_by_label(f"Place of: {text}").select_option(str(place))

    expect(form(plain, "1").get_by_role("button", name="Move up")).to_have_count(0)
    choose(STARTED, QUEUED, STORED, LEFT)
    expect(check(plain, "1")).to_contain_text("Only what is in the queue can be started.")
    choose(QUEUED, STARTED, LEFT, STORED)
    expect(check(plain, "1")).to_contain_text("Right.")


@pytest.mark.thorough
def test_without_javascript_two_items_at_one_place_are_refused(plain: Page) -> None:
    for place, text in enumerate((QUEUED, STARTED, STORED, LEFT)):
        form(plain, "1").get_by_label(f"Place of: {text}").select_option(str(place or 1))
    form(plain, "1").get_by_role("button", name="Check").click()
    expect(plain.get_by_text("Give each item a place of its own")).to_be_visible()


def test_a_value_is_written_and_may_be_written_in_words(at: Page) -> None:
    field = form(at, CELL.id).get_by_label("Rows in OrmQ")
    field.fill("one")
    expect(check(at, CELL.id)).to_contain_text("Not “one”. That was a step earlier.")
    at.reload()
    expect(field).to_have_value("one")
    field.press("Control+A")
    at.keyboard.type("two")
    at.keyboard.press("Enter")
    expect(at.locator(f"#verdict-{CELL.id}")).to_contain_text("Right.")
    expect(field).to_be_disabled()


@pytest.mark.thorough
def test_a_value_is_shown_as_it_was_written_and_has_an_end(at: Page) -> None:
    field = form(at, CELL.id).get_by_label("Rows in OrmQ")
    written = "<b>\"2'&amp;"
    field.fill(written)
    expect(check(at, CELL.id)).to_contain_text(f"Not “{written}”.")
    expect(field).to_have_value(written)
    field.press("Control+A")
    at.keyboard.insert_text("x" * 120)
    assert len(field.input_value()) == 100


def test_without_javascript_a_value_is_written_too(plain: Page) -> None:
    form(plain, CELL.id).get_by_label("Rows in OrmQ").fill("1")
    expect(check(plain, CELL.id)).to_contain_text("That was a step earlier.")
    form(plain, CELL.id).get_by_label("Rows in OrmQ").fill(" 2 ")
    expect(check(plain, CELL.id)).to_contain_text("Right.")


def target(page: Page, id: str, text: str) -> Locator:
    return form(page, id).get_by_role("radio", name=re.compile(f"^{re.escape(text)}"))


@pytest.mark.parametrize("id", RIGHT_POINT)
def test_a_line_a_lane_and_a_node_are_pressed(id: str, at: Page) -> None:
    form(at, id).locator("label").filter(has_text=WRONG_POINT[id]).click()
    expect(check(at, id)).to_contain_text("Not “")
    at.reload()
    expect(target(at, id, WRONG_POINT[id])).to_be_disabled()
    form(at, id).locator("label").filter(has_text=RIGHT_POINT[id]).click()
    expect(check(at, id)).to_contain_text("Right.")


@pytest.mark.parametrize("id", LINES_FIRST)
def test_lines_lanes_and_nodes_are_reached_by_keys(id: str, at: Page) -> None:
    form(at, id).get_by_role("radio").first.focus()
    at.keyboard.press("Space")
    while not target(at, id, RIGHT_POINT[id]).is_checked():
        at.keyboard.press("ArrowDown")
    at.keyboard.press("Enter")
    expect(at.locator(f"#verdict-{id}")).to_contain_text("Right.")


@pytest.mark.parametrize("id", LINES_FIRST)
def test_without_javascript_lines_lanes_and_nodes_are_pressed_too(id: str, plain: Page) -> None:
    target(plain, id, WRONG_POINT[id]).check()
    expect(check(plain, id)).to_contain_text("Not “")
    target(plain, id, RIGHT_POINT[id]).check()
    expect(check(plain, id)).to_contain_text("Right.")


@pytest.mark.parametrize("width", [390, *(pytest.param(each, marks=pytest.mark.thorough) for each in (1280, 320))])
def test_questions_of_all_kinds_fit_and_are_accessible(width: int, address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    with without_errors(page):
        page.goto(address)
        form(page, CELL.id).get_by_label("Rows in OrmQ").fill("1")
        for id, text in WRONG_POINT.items():
            target(page, id, text).check()
        for id in QUESTIONS:
            expect(check(page, id)).to_contain_text("Not “")
        assert violations(page) == []
        assert overflow(page) <= 0
        for id in QUESTIONS:
            form(page, id).get_by_role("button", name="Show the answer").click()
            expect(page.locator(f"#verdict-{id}")).to_contain_text("answer is “")
        assert violations(page) == []
        assert overflow(page) <= 0
    page.close()
