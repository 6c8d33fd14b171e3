"""The page of every lesson at the last step of its own run: it fits the window, is readable and is accessible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import LESSONS, SHAPES, at_last_step, run_all
from tests.browser.site import Site
from tests.browser.test_accessibility import overflow, violations

WINDOWS: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
    "wide": (1280, 800, "light"),
    "phone": (390, 844, "dark"),
}
SHAPES_FIRST = [slug if slug in SHAPES[:4] else pytest.param(slug, marks=pytest.mark.thorough) for slug in LESSONS]
"""All lessons, those of different shape in every run of the tests, the others in the thorough one."""
FEW = [slug if slug in SHAPES[:1] else pytest.param(slug, marks=pytest.mark.thorough) for slug in LESSONS]
LAST = 1000
"""The number of a step that no run reaches: its address shows the last one."""
PDF_PAGE = re.compile(rb"/Type\s*/Page\b")
SMALLEST = 9.0
"""The smallest readable font size, in pixels."""
FLOW = """flow => {
    const found = [], scale = flow.getScreenCTM().a, slack = 0.5;
    const box = each => each.getBBox();
    const apart = (a, b) => a.x + a.width <= b.x + slack || b.x + b.width <= a.x + slack
        || a.y + a.height <= b.y + slack || b.y + b.height <= a.y + slack;
    const texts = [...flow.querySelectorAll('text')];
    for (const node of flow.querySelectorAll('.flow-node')) {
        const shape = node.querySelector('.flow-box'), outer = box(shape);
        for (const text of node.querySelectorAll('text')) {
            const inner = box(text);
            // Letters don't fill the height of their line.
            const [left, right] = [inner.x - 1, inner.x + inner.width + 1];
            const [top, bottom] = [inner.y + 3, inner.y + inner.height - 3];
            const within = [left, right].every(x => [top, bottom].every(y => shape.isPointInFill(new DOMPoint(x, y))));
            if (!within) found.push(`“${text.textContent}” is wider than its shape`);
        }
        for (const label of flow.querySelectorAll('.flow-label'))
            if (!apart(box(label), outer)) found.push(`“${label.textContent}” lies over ${node.dataset.node}`);
    }
    texts.forEach((one, index) => texts.slice(index + 1).forEach(other => {
        const [a, b] = [box(one), box(other)];
        a.y += 2; a.height -= 4;
        if (!apart(a, b)) found.push(`“${one.textContent}” lies over “${other.textContent}”`);
    }));
    const view = flow.viewBox.baseVal;
    for (const text of texts) {
        const inner = box(text);
        if (inner.x < view.x || inner.x + inner.width > view.x + view.width)
            found.push(`“${text.textContent}” sticks out of the drawing`);
    }
    const smallest = Math.min(...texts.map(each => parseFloat(getComputedStyle(each).fontSize))) * scale;
    return {found, smallest};
}"""

SMALLEST_TEXT = 11.0
"""The smallest font size outside drawings of a flow, in pixels."""
MOMENT = """smallest => {
    const bad = [], [width, height] = [innerWidth, innerHeight];
    const inside = (each, name, within) => {
        if (!each) return bad.push(`${name} is missing`);
        const box = each.getBoundingClientRect(), outer = within && each.closest(within)?.getBoundingClientRect();
        const [top, bottom] = [Math.max(0, outer?.top ?? 0), Math.min(height, outer?.bottom ?? height)];
        if (box.height < 4 || box.top < top - 1 || box.bottom > bottom + 1 || box.left < -1 || box.right > width + 1)
            bad.push(`${name} is outside: ${[box.top, box.bottom, top, bottom].map(Math.round)}`);
    };
    const all = (selector, within) => document.querySelectorAll(selector)
        .forEach((each, number) => inside(each, `${selector} ${number}`, within));
    inside(document.querySelector('#stage .headline'), 'the sentence');
    inside(document.querySelector('[data-row][aria-current]'), 'the row', '.execution__scroll');
    inside(document.querySelector('[data-row][aria-current] .lanes'), 'its lanes', '.execution__scroll');
    inside(document.getElementById('strip'), 'the strip');
    inside(document.getElementById('database'), 'the database');
    all('.source__line--at', '.source');
    all('.database .changed', '.database');
    all('.class-question :is(legend, .option, .question__foot .button)', '.class-question');
    const texts = document.createTreeWalker(document.getElementById('stage'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const parent = texts.currentNode.parentElement;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        const isShown = texts.currentNode.textContent.trim() && parent.checkVisibility() && !parent.closest('.flow');
        if (isShown && size < smallest) bad.push(`“${texts.currentNode.textContent}” has ${size} px`);
    }
    return bad;
}"""
"""What belongs to a moment and isn't in the window, or is too small."""

DOTS = """scrubber => Math.max(...[...scrubber.children].map(dot => dot.getBoundingClientRect().right))
    - scrubber.getBoundingClientRect().right"""
"""How far the steps reach beyond their part, in pixels."""


@pytest.fixture(scope="module")
def runs(site: Site, browser: Browser) -> dict[str, str]:
    return run_all(site, browser)


@pytest.fixture(scope="module", params=WINDOWS)
def window(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height, scheme = WINDOWS[request.param]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
    yield page
    page.close()


def test_a_label_that_does_not_fit_is_found(window: Page, site: Site) -> None:
    window.goto(f"{site.url}/lessons/{LESSONS[0]}/")
    flow = window.locator("svg.flow")
    flow.evaluate(
        """flow => {
            const [text, label] = [flow.querySelector('.flow-node text'), flow.querySelector('.flow-label')];
            text.textContent = 'A text that is far too long for it';
            for (const name of ['x', 'y']) label.setAttribute(name, text.getAttribute(name));
        }"""
    )
    found = " ".join(flow.evaluate(FLOW)["found"])
    assert "is wider than its shape" in found
    assert "lies over" in found


@pytest.mark.parametrize("slug", SHAPES_FIRST)
def test_a_lesson_fits_the_window_and_is_readable(slug: str, runs: dict[str, str], window: Page) -> None:
    at_last_step(window, runs[slug])
    assert overflow(window) <= 0
    assert window.locator(".scrubber").evaluate(DOTS) <= 1
    flow: dict[str, Any] = window.locator("svg.flow").evaluate(FLOW)
    assert flow["found"] == []
    assert flow["smallest"] >= SMALLEST


@pytest.mark.parametrize("slug", FEW)
def test_axe_finds_nothing_on_the_page_of_a_lesson(slug: str, runs: dict[str, str], window: Page) -> None:
    at_last_step(window, runs[slug])
    assert violations(window) == []


@pytest.mark.thorough
@pytest.mark.parametrize("slug", LESSONS)
def test_a_lesson_prints_as_a_handout_of_one_or_two_pages_of_a4(slug: str, runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs[slug]}?style=read&step={LAST}")
    pages = PDF_PAGE.findall(page.pdf(format="A4", prefer_css_page_size=True))
    assert 1 <= len(pages) <= 2


@pytest.mark.thorough
@pytest.mark.parametrize("slug", LESSONS)
def test_all_of_a_moment_is_in_the_window_at_every_step(slug: str, runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    at_last_step(page, runs[slug])
    last = int(page.locator("#walk-nav").get_attribute("data-made") or 0)
    for step in range(last, 0, -1):
        expect(page.locator(f'#stage[data-step="{step}"]')).to_be_attached()
        assert page.evaluate(MOMENT, SMALLEST_TEXT) == [], step
        page.keyboard.press("ArrowLeft")
    page.close()
