from __future__ import annotations

from typing import Any

import pytest

from tests.trace.events import asked, event, lesson, trace_of
from tutor.protocol.events import KINDS
from tutor.trace.notices import TEXTS, notice_text

DIED = {"process": "worker", "died_pid": 73, "signal": None, "exitcode": 1}
NOT_STARTED = {"task": "t1", "func": "shop.tasks.fetch", "delivery": 1, "reason": "TypeError: no n."}
INTERVENED = {"action": "kill", "event": "started", "count": 2, "seconds": 0}


@pytest.mark.parametrize(
    ("kind", "lane", "payload", "text"),
    [
        ("gate_expired", "host", {"name": "later", "bound_s": 5.0}, "The gate “later” was not opened within 5 s."),
        ("died", "sentinel", {**DIED, "signal": "SIGKILL"}, "The worker 73 died: SIGKILL."),
        ("died", "sentinel", DIED, "The worker 73 died: exit code 1."),
        ("not_started", "worker", NOT_STARTED, "The worker did not enter shop.tasks.fetch: TypeError: no n."),
        ("started", "worker", {"task": "t1", "func": "shop.tasks.fetch", "delivery": 1}, ""),
        (
            "started",
            "worker",
            {"task": "t1", "func": "shop.tasks.invite", "delivery": 1, "swallowed": "group, timeout"},
            "async_task kept group and timeout as options of the task, although the function has such parameters:"
            " shop.tasks.invite doesn't get them.",
        ),
        (
            "limit",
            "host",
            {"limit": "wall", "unit": "seconds", "value": 30.0, "seen": 30.1},
            "The limit of 30 seconds was reached.",
        ),
        (
            "limit",
            "host",
            {"limit": "run_bytes", "unit": "bytes", "value": 4_000_000, "seen": 4_000_100},
            "The limit of 4 MB was reached.",
        ),
        ("warned", "worker", {"text": "DeprecationWarning: old\n  line 3"}, "django-q2 warns: DeprecationWarning: old"),
        (
            "logged",
            "worker",
            {"level": "ERROR", "text": "Failed 'x' - no : Traceback (most recent call last):\n  File"},
            "django-q2 logs: Failed 'x' - no",
        ),
        (
            "input_read",
            "caller",
            {},
            "The caller reads its standard input, which is empty in a lab, as it is for a service.",
        ),
        (
            "logged",
            "sentinel",
            {"level": "ERROR", "text": "Could not create task", "error": "NameError: two", "traceback": "Traceback …"},
            "django-q2 logs: Could not create task: NameError: two",
        ),
    ],
)
def test_a_notice_is_at_most_one_line(kind: str, lane: str, payload: dict[str, Any], text: str) -> None:
    assert notice_text(event(kind, lane, **payload), lesson()) == text


def test_what_a_message_has_beside_its_line_is_kept() -> None:
    logged = event("logged", "sentinel", text="Could not", error="NameError: two", traceback="Traceback:\n  two\n")
    short, long = event("warned", "worker", text="old"), event("warned", "worker", text="old\n  line 3\n")
    wholes = [each.whole for each in trace_of([asked(), logged, short, long]).state.notices]
    assert wholes == ["Could not\nTraceback:\n  two", "", "old\n  line 3"]


def test_a_gate_is_described_by_its_lesson_with_the_time_that_it_took() -> None:
    (later,) = (gate for gate in lesson().content.gates if gate.name == "later")
    opened = event("gate", "caller", name="later", waited_ns=3_400_000)
    assert notice_text(opened, lesson()) == f"{later.says} The caller waited 3 ms."
    unknown = event("gate", "caller", name="of-an-older-lesson", waited_ns=3_400_000)
    assert notice_text(unknown, lesson()) == "The caller waited 3 ms."
    long = event("gate", "caller", name="later", waited_ns=2_340_000_000)
    assert notice_text(long, lesson()) == f"{later.says} The caller waited 2.3 s."
    was_open = event("gate", "caller", name="later", waited_ns=300_000)
    assert notice_text(was_open, lesson()) == f"{later.says} The caller did not have to wait."


def test_an_intervention_says_that_it_was_asked_for_and_at_which_event() -> None:
    text = notice_text(event("intervened", "worker", **INTERVENED), lesson())
    assert text.startswith("As asked, the 2nd time that a task starts: ")


def test_an_intervention_at_an_event_without_a_description_names_the_event() -> None:
    text = notice_text(event("intervened", "worker", **{**INTERVENED, "event": "acknowledged"}), lesson())
    assert "“acknowledged”" in text


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(TEXTS)))
def test_other_events_make_no_notice(kind: str) -> None:
    assert notice_text(event(kind, "lab"), lesson()) == ""


def test_every_kind_with_a_notice_is_a_kind_of_event() -> None:
    assert set(TEXTS) <= set(KINDS)


def test_notices_are_part_of_the_state_with_their_process_and_time() -> None:
    (notice,) = trace_of([asked(), event("died", "sentinel", **DIED)]).state.notices
    assert (notice.kind, notice.process, notice.pid, notice.at_ms) == ("died", "sentinel", 75, 2.0)
