from __future__ import annotations

import traceback

import pytest

from tutor.labs.inside.observe import alarms, tracebacks


@alarms.undisturbed
def intervene() -> None:
    raise RuntimeError("Raised on purpose")


def work() -> None:
    intervene()


def work_with_a_cause() -> None:
    try:
        work()
    except RuntimeError as error:
        raise LookupError("because of that") from error


def work_while_handling() -> None:
    try:
        work()
    except RuntimeError:
        raise LookupError("meanwhile")  # noqa: B904


@pytest.mark.parametrize("function", [work, work_with_a_cause, work_while_handling])
def test_a_traceback_is_pythons_own_without_the_frames_of_observers(function: object) -> None:
    try:
        function()  # type: ignore[operator]
    except Exception as error:
        own, formatted = "".join(traceback.format_exception(error)), tracebacks.formatted(error)
        assert tracebacks.format_exc() == formatted
    assert "alarms.py" in own
    assert "alarms.py" not in formatted
    assert "in work\n" in formatted
    assert [line for line in formatted.splitlines() if not line.startswith("  ")] == [
        line for line in own.splitlines() if not line.startswith("  ")
    ]
    assert set(formatted.splitlines()) <= set(own.splitlines())


def test_a_traceback_without_observers_is_pythons_own() -> None:
    try:
        int("x")
    except ValueError as error:
        assert tracebacks.formatted(error) == "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("math domain error"), "ValueError: math domain error"),
        (LookupError(), "LookupError"),
        (SystemExit(3), "SystemExit: 3"),
        (SyntaxError("invalid syntax", ("program.py", 1, 4, "for", 1, 4)), "SyntaxError: invalid syntax"),
    ],
)
def test_the_last_line_names_the_error(error: BaseException, line: str) -> None:
    assert tracebacks.last_line(error) == line
