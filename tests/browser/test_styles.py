"""What holds for the learning styles together: a change of style keeps the run, the step and the scroll."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.test_walk import at_step, press_run, until_made
from tutor.styles.registry import styles

PREDICT = "predict"
"""The style that shows only the steps before its first open question."""


def test_a_change_of_style_keeps_run_step_and_scroll(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    run = lesson.url.split("?")[0]
    lesson.keyboard.press("End")
    at_step(lesson, 6)
    lesson.keyboard.press("ArrowLeft")
    at_step(lesson, 5)
    for number, name in [*enumerate(styles(), 1)][1:]:
        if name == PREDICT:
            continue
        lesson.evaluate("scrollTo(0, 120)")
        lesson.keyboard.press(str(number))
        expect(lesson).to_have_url(f"{run}?style={name}&step=5")
        lesson.wait_for_load_state()
        at_step(lesson, 5)
        assert lesson.evaluate("scrollY") == 120, name


def test_the_tabs_and_the_keys_of_their_numbers_lead_to_the_step_that_is_shown(lesson: Page) -> None:
    press_run(lesson)
    until_made(lesson, 6)
    lesson.keyboard.press("ArrowRight")
    at_step(lesson, 2)
    for number, name in reversed([*enumerate(styles(), 1)]):
        if name == PREDICT:
            continue
        lesson.keyboard.press(str(number))
        expect(lesson).to_have_url(re.compile(rf"style={name}&step=2$"))
        lesson.wait_for_load_state()
    lesson.keyboard.press("ArrowRight")
    at_step(lesson, 3)
    lesson.get_by_role("navigation", name="Learning styles").get_by_role("link", name="Timeline").click()
    expect(lesson).to_have_url(re.compile(r"style=timeline&step=3$"))
