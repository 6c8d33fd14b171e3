"""A pattern matches the events that meet all its conditions."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.lessons.format.patterns import Pattern

LINE = {"file": "program.py", "line": None, "ran": 9, "function": "<module>", "locals": {"status": "True"}, "hits": 1}


def matches(pattern: dict[str, Any], payload: dict[str, Any], kind: str = "stored", lane: str = "monitor") -> bool:
    return Pattern.model_validate({"event": "stored", **pattern}).when.matches(kind, lane, payload)


def test_the_kind_alone_is_enough() -> None:
    assert matches({}, {})
    assert not matches({}, {}, kind="queued")


def test_a_lane_is_compared() -> None:
    assert matches({"lane": "monitor"}, {})
    assert not matches({"lane": "caller"}, {})


@pytest.mark.parametrize(
    ("where", "payload", "expected"),
    [
        ({"success": True}, {"success": True}, True),
        ({"success": True}, {"success": False}, False),
        ({"success": True}, {}, False),
        ({"attempt_count": {"min": 2}}, {"attempt_count": 2}, True),
        ({"attempt_count": {"min": 2}}, {"attempt_count": 1}, False),
        ({"attempt_count": {"min": 2, "max": 3}}, {"attempt_count": 4}, False),
        ({"attempt_count": {"min": 2}}, {"attempt_count": None}, False),
        ({"result": {"not": "None"}}, {"result": "1"}, True),
        ({"result": {"not": "None"}}, {"result": "None"}, False),
        ({"error": {"present": False}}, {"error": None}, True),
        ({"error": {"present": False}}, {}, True),
        ({"error": {"present": False}}, {"error": "ValueError: no"}, False),
        ({"error": {"present": True}}, {"error": "ValueError: no"}, True),
        ({"rows.OrmQ.count": 0}, {"rows": {"OrmQ": {"count": 0}}}, True),
        ({"rows.OrmQ.count": {"min": 1}}, {"rows": {"OrmQ": {"count": 0}}}, False),
        ({"name": "a", "success": True}, {"name": "b", "success": True}, False),
    ],
)
def test_fields_of_the_payload_are_compared(where: dict[str, Any], payload: dict[str, Any], expected: bool) -> None:
    assert matches({"where": where}, payload) is expected


def test_a_line_is_the_programs_unless_another_file_is_named() -> None:
    assert matches({"event": "line", "ran": 9}, LINE, "line", "caller")
    assert not matches({"event": "line", "ran": 8}, LINE, "line", "caller")
    assert not matches({"event": "line", "line": 9}, LINE, "line", "caller")
    assert not matches({"event": "line", "ran": 9}, {**LINE, "file": "shop/tasks.py"}, "line", "caller")
    assert matches({"event": "line", "file": "shop/tasks.py"}, {**LINE, "file": "shop/tasks.py"}, "line", "worker")


def test_names_of_the_program_are_compared_as_text() -> None:
    assert matches({"event": "line", "where": {"locals.status": "True"}}, LINE, "line", "caller")
