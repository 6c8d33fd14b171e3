from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import FIRST_LESSON, new_site
from tests.labs.observed import soon


@pytest.mark.thorough
def test_a_site_without_learners_makes_runs_of_its_own_and_its_pages_show_them(page: Page, tmp_path: Path) -> None:
    site = new_site(tmp_path, TUTOR_REFERENCE_RUNS="1")
    site.start()
    try:
        page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
        seen = page.get_by_role("link", name="see it in a run of the site").first

        def is_there() -> bool:
            page.reload()
            return seen.count() > 0

        assert soon(is_there, 60)
        seen.click()
        expect(page).to_have_url(re.compile("/runs/"))
        expect(page.locator("#walk-nav[data-ended]")).to_be_attached()
    finally:
        site.end()
