"""Concept flow in a browser: what it shows at every step is what `show_run` prints."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import SHAPES, printed
from tests.browser.site import Site
from tests.browser.test_accessibility import SIZES, overflow, violations
from tests.browser.test_every_lesson import FLOW
from tutor.lessons import catalogue

pytestmark = pytest.mark.thorough

SMALLEST = 12.0
"""The smallest font size in a drawing, in pixels."""
SHOWN = """() => {
    const visible = [...document.querySelectorAll('#stage svg.flow')].find(each => each.checkVisibility());
    return {
        step: Number(document.getElementById('stage').dataset.step),
        tags: [...visible.querySelectorAll('.token[data-token]')].map(each => [each.dataset.token, each.dataset.at]),
        merged: [...visible.querySelectorAll('.token--many')].map(
            each => [each.dataset.at, Number(each.dataset.count)]),
        edges: [...visible.querySelectorAll('[data-edge]')].map(
            each => [each.dataset.edge, Number(each.dataset.times), each.matches('.flow-edge--past')]),
        ways: [...document.querySelectorAll('.way[data-way-of]')].flatMap(way =>
            [...way.querySelectorAll('[data-token]')].map(each => [each.dataset.token,
                [...way.querySelectorAll('.way__stop')].map(stop => stop.textContent)])),
        unlisted: parseInt(document.querySelector('.ways-card > .left-out')?.textContent ?? 0),
        at: visible.querySelector('.flow-node--at')?.dataset.node ?? null,
    };
}"""


@pytest.fixture
def page(still: Page) -> Page:
    return still


def stops(path: list[str], labels: dict[str, str]) -> list[str]:
    """Return a path as the page says it: the labels of its nodes, with how often in a row."""
    found: list[list[str]] = []
    for node in path:
        if found and found[-1][0] == node:
            found[-1].append(node)
        else:
            found.append([node])
    return [labels[same[0]] + (f" ×{len(same)}" if len(same) > 1 else "") for same in found]


def assert_shown(page: Page, moment: dict[str, Any], labels: dict[str, str]) -> None:
    """Check that tags, edges and ways are those of the tokens of `moment`."""
    shown, tokens = page.evaluate(SHOWN), moment["tokens"]
    assert shown["step"] == moment["step"]
    listed, known = (
        Counter((label, *path) for label, path in ways)
        for ways in (shown["ways"], [(each["label"], stops(each["path"], labels)) for each in tokens])
    )
    assert listed <= known
    assert bool(known - listed) == bool(shown["unlisted"])
    for node in {each["node"] for each in tokens}:
        there = [each["label"] for each in tokens if each["node"] == node]
        tagged = [label for label, at in shown["tags"] if at == node]
        assert set(tagged) <= set(there)
        assert len(tagged) + sum(count for at, count in shown["merged"] if at == node) == len(there)
    assert {at for _, at in [*shown["tags"], *map(reversed, shown["merged"])]} == {each["node"] for each in tokens}
    taken: dict[str, int] = {}
    for each in tokens:
        known = max(1, each["inherited"])
        for ends in zip(each["path"][known - 1 :], each["path"][known:], strict=False):
            taken[" ".join(ends)] = taken.get(" ".join(ends), 0) + 1
    assert {edge: times for edge, times, _ in shown["edges"] if times} == taken
    assert all(past == (times > 0) for _, times, past in shown["edges"])


@pytest.mark.parametrize("slug", SHAPES)
def test_each_step_shows_the_tokens_of_the_run_in_both_directions(
    slug: str, runs: dict[str, str], site: Site, page: Page
) -> None:
    labels = {node.id: node.label for node in catalogue.get(slug).content.flow.nodes}
    moments = printed(site, runs[slug])["moments"]
    page.goto(f"{runs[slug]}?style=flow&step=1")
    last = len(moments) - 1
    for number, key in [(each, "ArrowRight") for each in range(2, last + 1)] + [
        (each, "ArrowLeft") for each in range(last - 1, 0, -1)
    ]:
        page.keyboard.press(key)
        expect(page.locator(f'#stage[data-step="{number}"]')).to_be_attached()
        assert_shown(page, moments[number], labels)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("slug", SHAPES)
def test_the_drawing_is_readable_and_nothing_in_it_is_covered(
    slug: str, width: int, runs: dict[str, str], page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{runs[slug]}?style=flow&step=1000")
    flow = page.locator("#stage svg.flow:visible").first.evaluate(FLOW)
    assert flow["found"] == []
    assert flow["smallest"] >= SMALLEST
    assert overflow(page) <= 0


@pytest.mark.parametrize("slug", SHAPES)
def test_on_a_phone_the_lit_node_is_in_the_first_screen(slug: str, runs: dict[str, str], page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for step in (1, 4, 1000):
        page.goto(f"{runs[slug]}?style=flow&step={step}")
        node = page.locator("#stage .flow-scroll svg.flow:visible :is(.flow-node--at, .flow-node--last)")
        if node.count():
            box, transport = node.bounding_box(), page.locator(".transport").bounding_box()
            assert box and transport and box["y"] > 0 and box["y"] + box["height"] <= transport["y"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("slug", "step"), [("chains", 9), ("sixty-mails-three-workers", 16)])
def test_axe_finds_nothing(slug: str, step: int, size: str, runs: dict[str, str], page: Page) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{runs[slug]}?style=flow&step={step}")
    assert violations(page) == []
    assert overflow(page) <= 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) <= 0


def test_a_task_is_followed_until_it_is_pressed_again(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['chains']}?style=flow&step=9")
    page.locator("svg.flow:visible .token[data-token='reserve']").first.click()
    expect(page.locator("#stage.is-following")).to_be_attached()
    expect(page.get_by_role("button", name="Following reserve")).to_be_visible()
    faded = page.locator("svg.flow:visible .token.is-faded")
    expect(faded).to_have_count(page.locator("svg.flow:visible .token:not([data-of-task='reserve'])").count())
    page.keyboard.press("ArrowRight")
    expect(page.locator('#stage[data-step="10"].is-following')).to_be_attached()
    expect(faded.first).to_be_attached()
    expect(page.locator("svg.flow:visible .token[data-token='reserve']")).not_to_have_class(re.compile("is-faded"))
    page.reload()
    expect(page.locator("#stage.is-following")).to_be_attached()
    page.get_by_role("button", name="Following reserve").click()
    expect(page.locator("#stage.is-following")).to_have_count(0)
    expect(page.locator(".is-faded")).to_have_count(0)


def test_what_is_of_other_tasks_is_pale_in_the_timeline_too(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['chains']}?style=flow&step=7")
    page.locator("button[data-follow-task='reserve']").first.click()
    page.goto(f"{runs['chains']}?style=timeline&step=7")
    expect(page.locator("#stage.is-following")).to_be_attached()
    opacity = "bars => [...new Set(bars.map(bar => getComputedStyle(bar).opacity))]"
    assert page.locator(".plot__zoomed .bar[data-of-task='reserve']").evaluate_all(opacity) == ["1"]
    assert "1" not in page.locator(".plot__zoomed .bar[data-of-task='charge']").evaluate_all(opacity)
    assert page.locator(".plot__zoomed .bar[data-of-task='charge']").count() > 0


def test_a_name_in_the_list_is_followed_by_keyboard(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['sixty-mails-three-workers']}?style=flow&step=1000")
    page.get_by_role("button", name="mail 37", exact=True).press("Enter")
    expect(page.get_by_role("button", name="mail 37", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("svg.flow:visible .token--many.is-followed")).to_have_count(1)


def test_a_token_moves_along_its_edge_and_stays_with_reduced_motion(runs: dict[str, str], browser: Browser) -> None:
    for motion, moving in (("no-preference", True), ("reduce", False)):
        page = browser.new_page(reduced_motion=motion, viewport={"width": 1280, "height": 800})  # type: ignore[arg-type]
        page.add_init_script(
            "window.moved = []; const animate = Element.prototype.animate;"
            "Element.prototype.animate = function (frames, options) {"
            " moved.push([this.dataset.token, options.duration]); return animate.call(this, frames, options); };"
        )
        page.goto(f"{runs['it-ran-twice']}?style=flow&step=1")
        page.keyboard.press("ArrowRight")
        expect(page.locator('#stage[data-step="2"]')).to_be_attached()
        moved = page.evaluate("moved")
        assert bool(moved) == moving
        assert all(token == "report" and duration < 250 for token, duration in moved)
        page.close()


def test_a_stop_on_a_way_leads_to_the_step_that_shows_it(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['it-ran-twice']}?style=flow&step=3")
    page.locator(".way__stop a").first.click()
    expect(page.locator('#stage[data-step="1"]')).to_be_attached()
    assert "style=flow" in page.url


def test_without_javascript_a_step_is_complete(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{runs['chains']}?style=flow&step=9")
    expect(page.locator("#stage svg.flow").first).to_be_visible()
    expect(page.locator(".way")).to_have_count(3)
    page.context.close()
