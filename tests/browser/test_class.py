"""A class in the browser: a presenter, a remote and five members, from the first minute to the last."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.lessons import without_errors
from tests.browser.site import Site
from tests.browser.test_accessibility import overflow, violations

LESSON = "it-ran-twice"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PROJECTOR = {"width": 1920, "height": 1080}
LEAST_PX = 32
"""The size of the smallest text on a wall. A menu isn't for the class."""
SMALL_TEXTS = """least => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const { width, height } = element.getBoundingClientRect();
    if (!texts.currentNode.data.trim() || width < 2 || height < 2) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(".visually-hidden, .desk__sheet, option")) continue;
    let size = parseFloat(getComputedStyle(element).fontSize);
    for (let each = element; each; each = each.parentElement) size *= parseFloat(getComputedStyle(each).zoom || 1);
    if (size < least - 0.1) found.push(`${size} ${texts.currentNode.data}`);
  }
  return found;
}"""
Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A function that opens a page in a browser of its own. The test fails if one of them logs an error."""
    with ExitStack() as ending:

        def open_page(address: str, size: dict[str, int] = DESKTOP, *, may_fail: bool = False) -> Page:
            context = browser.new_context(reduced_motion="reduce", viewport=size)  # type: ignore[arg-type]
            ending.callback(context.close)
            page = context.new_page()
            if not may_fail:
                ending.enter_context(without_errors(page))
            page.goto(address)
            return page

        yield open_page


@pytest.fixture
def wall(site: Site, opened: Opened) -> Page:
    """The presenter's page of a class that was opened by one press."""
    page = opened(f"{site.url}/lessons/{LESSON}/")
    page.get_by_role("button", name="Teach this").click()
    expect(page.get_by_role("button", name="Start the class")).to_be_visible()
    return page


def code_on(wall: Page) -> str:
    return re.sub(r"\s", "", wall.locator(".wall__code").inner_text())


def remote_of(site: Site, wall: Page) -> str:
    """Return the address of the remote, whose secret the wall’s form has."""
    secret = str(wall.locator("[data-commands]").get_attribute("action")).split("/")[2]
    return f"{site.url}/teach/{secret}/remote/"


def step_of(page: Page, step: int) -> None:
    """Wait until a page shows a step."""
    expect(page.locator("#stage")).to_have_attribute("data-step", str(step))


def join(site: Site, opened: Opened, code: str, size: dict[str, int] = DESKTOP) -> Page:
    page = opened(f"{site.url}/join/", size)
    page.get_by_label("Code").fill(code.lower())
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name=re.compile("Class"))).to_be_visible()
    return page


def answer(member: Page, option: int) -> None:
    member.locator(".ask").get_by_role("radio").nth(option).check()
    member.get_by_role("button", name=re.compile("my answer")).click()
    expect(member.get_by_text("Your answer is stored")).to_be_visible()


def press_menu(wall: Page, menu: str, button: str) -> None:
    wall.locator("summary", has_text=re.compile(f"^{menu}$")).click()
    wall.get_by_role("button", name=button).click()


def test_a_whole_class(site: Site, opened: Opened, wall: Page) -> None:
    code = code_on(wall)
    members = [join(site, opened, code, PHONE if number % 2 else DESKTOP) for number in range(4)]
    remote = opened(remote_of(site, wall), PHONE)
    expect(wall.locator(".wall__here")).to_contain_text("4")
    for page in (wall, members[1], remote):
        assert violations(page) == []
    wall.get_by_role("button", name="Start the class").click()

    # Six steps: by a clicker, by keys, by the remote, which everybody follows.
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.keyboard.press("PageDown")
    for page in (wall, *members):
        step_of(page, 2)

    # A question, twice, with changed answers.
    press_menu(wall, "Ask the class", "What will end that lock?")
    for number, member in enumerate(members):
        answer(member, number % 2)
    members[2].reload()
    expect(members[2].locator(".ask").get_by_role("radio").nth(0)).to_be_checked()
    expect(remote.locator(".pulse")).to_contain_text("4")
    expect(wall.locator(".share__percent")).to_have_count(0)
    assert violations(members[1]) == []
    wall.get_by_role("button", name="Close the question").click()
    expect(remote.locator(".ask__advice")).to_be_visible()
    assert violations(remote) == []
    wall.get_by_role("button", name="Ask again").click()
    expect(members[0].locator(".ask__kicker")).to_contain_text("round 2")
    right = next(number for number, text in enumerate(options(members[0])) if "retry" in text)
    for member in members:
        answer(member, right)
    wall.get_by_role("button", name="Close the question").click()
    expect(remote.locator(".ask__kicker", has_text="Round 2 closed")).to_be_visible()
    remote.get_by_role("button", name="Reveal").click()
    for page in (wall, *members):
        step_of(page, 3)
        expect(page.locator(".share--right")).to_contain_text("100 %")
        expect(page.locator(".share--right .share__before")).to_be_visible()
    assert violations(wall) == []

    # Looking around, and back; late; a reload at a step.
    wall.get_by_role("button", name="Put it away").click()
    expect(remote.locator(".ask")).to_have_count(0)
    remote.get_by_role("button", name="Next").click()
    step_of(members[0], 4)
    members[0].keyboard.press("ArrowLeft")
    step_of(members[0], 3)
    expect(members[0].get_by_text("Looking around")).to_be_visible()
    late = join(site, opened, code, PHONE)
    step_of(late, 4)
    step_of(wall, 4)
    wall.keyboard.press("ArrowRight")
    step_of(late, 5)
    step_of(members[0], 3)
    members[1].reload()
    step_of(members[1], 5)
    members[0].get_by_role("button", name="Back to the class").click()
    step_of(members[0], 5)
    wall.keyboard.press("PageUp")
    step_of(members[0], 4)

    # Lost, break it, your turn, exit ticket.
    members[0].get_by_role("button", name="I’m lost").click()
    expect(remote.locator(".pulse__lost")).to_contain_text("1")
    wall.locator("summary", has_text="What if…").click()
    wall.locator("#desk-case").get_by_role("button").first.click()
    expect(members[1].get_by_role("region", name="The run before")).to_be_visible()
    expect(members[1].locator("#stage")).to_have_attribute("data-step", re.compile("[1-4]"))
    press_menu(wall, "Class", "Your turn: let everybody run it")
    with members[2].expect_popup() as popup:
        members[2].get_by_role("button", name="Run it").click()
    expect(popup.value.locator("#stage")).to_be_visible()
    expect(remote.get_by_text("Their own runs")).to_be_visible()
    press_menu(wall, "Class", "Exit ticket")
    members[3].get_by_label("What is still unclear?").fill("Who unlocks it?")
    members[3].get_by_role("button", name="Hand it in").click()
    expect(members[3].get_by_text("Your answers are stored")).to_be_visible()
    assert violations(members[3]) == []

    # Afterwards.
    wall.on("dialog", lambda dialog: dialog.accept())
    press_menu(wall, "Class", "End the class")
    wall.get_by_role("link", name="See what was shown").click()
    expect(wall.get_by_text("Who unlocks it?")).to_be_visible()
    members[0].get_by_role("link", name="See what was shown").click()
    expect(members[0].get_by_role("heading", name="What you said")).to_be_visible()
    assert overflow(members[1]) <= 0
    assert violations(wall) == []


def look_at_all(wall: Page, *others: Page) -> None:
    """Look for mistakes in the pages, and for texts on the wall that can't be read from the last row."""
    for page in (wall, *others):
        assert violations(page) == [], page.url
        assert overflow(page) <= 0, page.url
    for size in (PROJECTOR, DESKTOP):
        wall.set_viewport_size(size)  # type: ignore[arg-type]
        assert wall.evaluate(SMALL_TEXTS, LEAST_PX) == []
        assert wall.evaluate("document.scrollingElement.scrollHeight - innerHeight") <= 0


@pytest.mark.thorough
def test_axe_finds_nothing_on_any_view_of_a_class_and_what_is_projected_is_large(
    site: Site, opened: Opened, wall: Page
) -> None:
    """Nothing is smaller than it should be in one screen, from the lobby to the lecture, in light and in dark."""
    member, remote = join(site, opened, code_on(wall), PHONE), opened(remote_of(site, wall), PHONE)
    look_at_all(wall, member, remote)
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.keyboard.press("PageDown")
    step_of(member, 2)
    look_at_all(wall, member, remote)
    for menu in ("Ask the class", "What if…", "View", "Notes", "Class"):
        with pressed(wall, menu):
            look_at_all(wall)

    # A question, from the first round to its answer.
    press_menu(wall, "Ask the class", "What will end that lock?")
    answer(member, 0)
    look_at_all(wall, member, remote)
    for round, state in ((1, "Show shares"), (2, "Show shares"), (2, "Reveal")):
        if state != "Reveal":
            wall.get_by_role("button", name="Close the question").click()
            with pressed(wall, "Advice"):
                look_at_all(wall, member, remote)
        wall.get_by_role("button", name=state).click()
        expect(wall.locator(".share__percent").first).to_be_visible()
        expect(member.locator(".share__percent").first).to_be_visible()
        look_at_all(wall, member, remote)
        if round == 1:
            wall.get_by_role("button", name="Ask again").click()
            answer(member, 1)
    step_of(member, 3)
    wall.get_by_role("button", name="Put it away").click()

    # Other views, and another run.
    for view, part in (("Code walk", ".code-walk"), ("Read", ".read"), ("Step by step", ".stage__screen")):
        press_menu(wall, "View", view)
        expect(wall.locator(part)).to_be_visible()
        expect(member.locator(part)).to_be_visible()
        look_at_all(wall, member)
    wall.locator("summary", has_text="What if…").click()
    wall.locator("#desk-case").get_by_role("button", name="Patient enough").click()
    expect(member.get_by_role("region", name="The run before")).to_be_visible()
    expect(wall.locator(".beside__step")).to_be_visible()
    look_at_all(wall, member, remote)

    # The end, and afterwards.
    press_menu(wall, "Class", "Your turn: let everybody run it")
    expect(member.get_by_role("button", name="Run it")).to_be_visible()
    look_at_all(wall, member, remote)
    press_menu(wall, "Class", "Exit ticket")
    expect(member.get_by_role("button", name="Hand it in")).to_be_visible()
    look_at_all(wall, member, remote)
    wall.on("dialog", lambda dialog: dialog.accept())
    press_menu(wall, "Class", "End the class")
    for page in (wall, member, remote):
        expect(page.get_by_text("The class is over.")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("link", name="See what was shown").click()
        expect(page.get_by_role("heading", name="What was shown")).to_be_visible()
        assert violations(page) == []
        assert overflow(page) <= 0
    wall.get_by_role("link", name="Worksheet").click()
    assert violations(wall) == []
    wall.go_back()
    wall.get_by_role("button", name="Save it as a lecture").click()
    expect(wall.get_by_role("heading", name=re.compile("^Lecture"))).to_be_visible()
    assert violations(wall) == []


@contextmanager
def pressed(wall: Page, menu: str) -> Iterator[None]:
    """Open a menu for a while."""
    summary = wall.locator("summary", has_text=re.compile(f"^{menu}$"))
    summary.click()
    expect(wall.locator("[data-menu][open]")).to_be_visible()
    yield
    summary.click()


def options(member: Page) -> list[str]:
    return member.locator(".ask .option__text").all_inner_texts()


@pytest.mark.thorough
def test_who_has_chosen_a_view_keeps_it_and_goes_back_to_the_class(site: Site, opened: Opened, wall: Page) -> None:
    member = join(site, opened, code_on(wall), PHONE)
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    member.locator("summary", has_text="View").click()
    member.get_by_role("link", name="Concept flow").click()
    expect(member.locator(".stage-flow")).to_be_visible()
    wall.get_by_role("button", name="Next").click()
    step_of(member, 2)
    expect(member.get_by_text("in your own view")).to_be_visible()
    press_menu(wall, "View", "Timeline")
    expect(member.locator("#room")).to_have_attribute("data-style", "timeline")
    member.get_by_role("button", name="Look around").click()
    member.get_by_role("link", name="Previous step").click()
    step_of(member, 1)
    member.locator("summary", has_text="View").click()
    member.get_by_role("link", name="Code walk").click()
    expect(member.locator(".code-walk")).to_be_visible()
    step_of(member, 1)
    expect(member.get_by_text("Looking around")).to_be_visible()
    member.get_by_role("button", name="Back to the class").click()
    expect(member.locator(".timeline")).to_be_visible()
    step_of(member, 2)
    expect(member.get_by_role("button", name="Back to the class")).to_be_hidden()


@pytest.mark.thorough
def test_members_see_another_view_and_the_invitation_to_run(site: Site, opened: Opened, wall: Page) -> None:
    member = join(site, opened, code_on(wall), PHONE)
    expect(member.locator("#stage")).to_be_hidden()
    wall.get_by_role("button", name="Start the class").click()
    step_of(member, 1)
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    press_menu(wall, "View", "Timeline")
    expect(member.locator("#room")).to_have_attribute("data-style", "timeline")
    expect(member.locator(".timeline")).to_be_visible()
    press_menu(wall, "Class", "Your turn: let everybody run it")
    expect(member.get_by_role("button", name="Run it")).to_be_in_viewport()
    expect(wall.get_by_text("Your turn: run it on your device")).to_be_visible()
    press_menu(wall, "Class", "Exit ticket")
    expect(member.get_by_role("button", name="Hand it in")).to_be_visible()
    expect(member.get_by_role("button", name="Run it")).to_be_hidden()
    expect(wall.get_by_text("two questions are on your device")).to_be_visible()


def test_who_looks_around_goes_along_to_another_run(site: Site, opened: Opened, wall: Page) -> None:
    member = join(site, opened, code_on(wall), PHONE)
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.get_by_role("button", name="Next").click()
    step_of(member, 2)
    expect(member.get_by_role("link", name="Next step")).to_be_hidden()
    member.get_by_role("button", name="Look around").click()
    member.get_by_role("link", name="Previous step").click()
    step_of(member, 1)
    press_menu(wall, "Ask the class", "What will end that lock?")
    expect(member.get_by_text("Your teacher has asked a question.")).to_be_visible()
    step_of(member, 1)
    wall.locator("summary", has_text="What if…").click()
    wall.locator("#desk-case").get_by_role("button", name="Patient enough").click()
    expect(member.get_by_text("Following")).to_be_visible()
    expect(member.get_by_role("region", name="The run before")).to_contain_text("Now: Patient enough")
    step_of(member, 2)


@pytest.mark.thorough
def test_a_member_sees_the_own_answer_until_the_class_goes_on(site: Site, opened: Opened, wall: Page) -> None:
    member, remote = join(site, opened, code_on(wall), PHONE), opened(remote_of(site, wall), PHONE)
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.get_by_role("button", name="Next").click()
    step_of(member, 2)
    press_menu(wall, "Ask the class", "What will end that lock?")
    answer(member, 0)
    expect(member.get_by_role("button", name="Change my answer")).to_be_visible()
    remote.get_by_role("button", name="Close the question").click()
    expect(member.locator(".share__own:visible")).to_have_count(1)
    expect(member.get_by_text("You can change it")).to_have_count(0)
    expect(wall.locator(".ask .button--primary")).to_have_count(0)
    member.reload()
    expect(member.locator(".share__own:visible")).to_have_count(1)
    remote.get_by_role("button", name="Reveal").click()
    step_of(wall, 3)
    expect(member.locator(".ask__why")).to_be_visible()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.keyboard.press("PageDown")
    step_of(member, 4)
    expect(member.locator(".ask")).to_have_count(0)
    expect(member.locator("[data-said]")).to_be_empty()
    expect(member.locator(".headline")).to_be_in_viewport()


def test_a_clicker_goes_on_after_a_press_of_the_mouse(wall: Page) -> None:
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.get_by_role("button", name="Next").click()
    step_of(wall, 2)
    wall.keyboard.press("PageUp")
    step_of(wall, 1)


@pytest.mark.thorough
def test_a_remote_that_is_locked_out_says_so(site: Site, opened: Opened, wall: Page) -> None:
    remote = opened(remote_of(site, wall), PHONE, may_fail=True)
    form = wall.locator("[data-commands]")
    old = form.get_attribute("action")
    assert old
    wall.get_by_role("button", name="Start the class").click()
    wall.on("dialog", lambda dialog: dialog.accept())
    wall.locator("summary", has_text=re.compile("^Class$")).click()
    wall.locator("summary", has_text="Who may join and lead").click()
    wall.get_by_role("button", name="Lock out my other devices").click()
    expect(form).not_to_have_attribute("action", old)
    remote.locator(".remote__foot .button").last.click()
    expect(remote.get_by_text("No class is led from this address")).to_be_visible()
    expect(remote.get_by_role("button", name="Previous")).to_have_count(0)


@pytest.mark.thorough
def test_a_press_by_accident_moves_nothing(wall: Page) -> None:
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.locator("summary", has_text="Ask the class").click()
    wall.locator("summary", has_text="Type a question").click()
    wall.get_by_label("Question").fill("Why")
    wall.get_by_label("Question").press("ArrowLeft")
    wall.get_by_label("Question").press("PageDown")
    step_of(wall, 1)
    assert wall.get_by_label("Question").input_value() == "Why"


def test_an_answer_is_kept_while_the_line_is_lost(site: Site, opened: Opened, wall: Page) -> None:
    code = code_on(wall)
    member = opened(f"{site.url}/rooms/{code}/", PHONE, may_fail=True)
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.keyboard.press("PageDown")
    press_menu(wall, "Ask the class", "What will end that lock?")
    member.locator(".ask").get_by_role("radio").first.check()
    context: BrowserContext = member.context
    context.set_offline(True)
    member.get_by_role("button", name="Send my answer").click()
    expect(member.get_by_text("Your answer is kept on this device")).to_be_visible()
    expect(member.get_by_text("Reconnecting")).to_be_visible()
    expect(member.get_by_text("Following")).to_be_hidden()
    expect(member.get_by_role("button", name="Try now")).to_be_visible()
    wall.get_by_role("button", name="Close the question").click()
    expect(wall.get_by_role("button", name="Ask again")).to_be_visible()
    context.set_offline(False)
    expect(member.get_by_text("Your answer is stored")).to_be_visible()


def test_where_websockets_are_blocked_the_page_asks(site: Site, opened: Opened, wall: Page, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close())
    page.goto(f"{site.url}/rooms/{code_on(wall)}/")
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.keyboard.press("PageDown")
    step_of(page, 2)
    context.close()


@pytest.mark.thorough
def test_a_member_without_javascript(site: Site, wall: Page, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    wall.get_by_role("button", name="Start the class").click()
    expect(wall.get_by_role("button", name="Next")).to_be_enabled()
    wall.keyboard.press("PageDown")
    press_menu(wall, "Ask the class", "What will end that lock?")
    expect(wall.get_by_role("button", name="Close the question")).to_be_visible()
    page.goto(f"{site.url}/rooms/{code_on_stage(wall)}/")
    step_of(page, 2)
    page.locator(".ask").get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator(".ask").get_by_role("radio").nth(1)).to_be_checked()
    context.close()


def code_on_stage(wall: Page) -> str:
    return re.sub(r"\s", "", wall.locator(".desk__code").inner_text())
