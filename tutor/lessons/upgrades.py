"""Upgrades of stored lessons: from each schema of documents to the next. Pure.

A document never changes where it is stored; it is upgraded whenever it is read. The schema gets a new number when a
key is removed or renamed, or means something else. A new key with a default needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Document = dict[str, Any]

FIRST = 1
"""The schema of the documents without a number: those of the first edition."""


def upgraded(document: Document) -> Document:
    """Return `document` in the current schema. Raise ValueError for an unknown one."""
    number = document.get("schema", FIRST)
    if number not in range(FIRST, SCHEMA + 1):
        raise ValueError(f"unknown schema {number} of a lesson (known: {FIRST} to {SCHEMA})")
    for each in range(number, SCHEMA):
        document = UPGRADES[each](document)
    return document


def from_1_to_2(document: Document) -> Document:
    """Keep the keys of `lesson.toml` in `content`, and leave out what can be derived: claims, and steps' statuses.

    A step shows the status and the result of its task, whatever its rule said of them.
    """
    rest = ("slug", "source", "files", "raw_settings", "why", "inside", "claims", "unmarked")
    content = {key: value for key, value in document.items() if key not in rest}
    derived = ("status", "result")
    steps = [{key: value for key, value in step.items() if key not in derived} for step in document["steps"]]
    return {
        "schema": 2,
        "slug": document["slug"],
        "content": {**content, "steps": steps},
        "program": document["source"],
        "files": document["files"],
        "settings": document["raw_settings"],
        "why": document["why"],
        "inside": document["inside"],
    }


UPGRADES: Mapping[int, Callable[[Document], Document]] = {1: from_1_to_2}
"""Schema → the function that upgrades a document to the next one."""
SCHEMA = FIRST + len(UPGRADES)
"""The schema of the documents that are made now."""
