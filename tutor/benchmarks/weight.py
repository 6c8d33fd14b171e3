"""The bytes of pages over the wire, as Chromium receives them, headers included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CODE = ("Script", "Stylesheet")
PAGE = ("Document", "Image", *CODE)
"""What a page needs to be shown. The steps that it fetches ahead are no part of it."""


def page_bytes(browser: Browser, addresses: Sequence[str]) -> int:
    """Return the bytes of the page at the first address, with the code that those at the others need beyond its own."""
    first, *others = received(browser, addresses)
    return sum(first[sort] for sort in PAGE) + sum(other[sort] for other in others for sort in CODE)


def received(browser: Browser, addresses: Sequence[str]) -> list[Counter[str]]:
    """Open the addresses one after the other, with an empty cache at first.

    Return for each: type of a resource, as DevTools names it → the bytes of those that the cache did not have.
    """
    page = browser.new_page(reduced_motion="reduce")
    types: dict[str, str] = {}
    found: list[Counter[str]] = []

    def finish(event: dict[str, Any]) -> None:
        found[-1][types.get(event["requestId"], "")] += int(event["encodedDataLength"])

    network = page.context.new_cdp_session(page)
    network.on("Network.responseReceived", lambda event: types.update({event["requestId"]: event["type"]}))
    network.on("Network.loadingFinished", finish)
    network.send("Network.enable")
    for address in addresses:
        found.append(Counter())
        page.goto(address, wait_until="networkidle")
    page.close()
    return found
