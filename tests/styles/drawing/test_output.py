from __future__ import annotations

from django.template.loader import render_to_string

from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import printed, queued, started, stored
from tutor.styles.drawing.output import LENGTH, LINES, Output, output_at

SLOW = event("warned", "worker", text="DeprecationWarning: slow")


def output(*events: MadeUpEvent) -> Output:
    trace = trace_of([asked(), *events])
    return output_at(trace, len(trace.steps))


def test_each_line_says_who_printed_it_and_whether_it_is_new() -> None:
    found = output(queued(), printed("one\n", "caller"), started(), SLOW, printed("two\n"), stored()).lines
    assert [(line.lane.name, line.text, line.kind, line.is_new) for line in found] == [
        ("caller", "one", "printed", False),
        ("A", "django-q2 warns: DeprecationWarning: slow", "warned", True),
        ("A", "two", "printed", True),
    ]


def test_nothing_that_was_printed_later_is_shown() -> None:
    trace = trace_of([asked(), queued(), printed("one\n"), started(), printed("two\n"), stored()])
    assert [len(output_at(trace, position).lines) for position in range(4)] == [0, 0, 1, 2]


def test_of_a_long_output_the_end_is_shown_with_the_step_that_shows_what_came_before() -> None:
    many = [printed(f"line {number}\n") for number in range(LINES)]
    found = output(queued(), printed("first\n"), started(), *many, stored())
    assert (len(found.lines), found.left_out, found.step) == (LINES, 1, 2)
    assert found.lines[-1].text == f"line {LINES - 1}"


def test_the_whole_of_a_logged_exception_is_at_its_line() -> None:
    logged = event("logged", "sentinel", text="Could not", error="NameError: two", traceback="Traceback:\n  two\n")
    (line,) = output(logged, queued()).lines
    assert (line.text, line.whole) == ("django-q2 logs: Could not: NameError: two", "Could not\nTraceback:\n  two")
    html = render_to_string("styles/parts/output.html", {"output": output(logged, queued())})
    assert html.index("NameError: two") < html.index("<summary>") < html.index("Traceback:\n  two</pre>")


def test_a_long_line_is_shortened() -> None:
    assert len(output(printed("x" * 1000), queued()).lines[0].text) == LENGTH
