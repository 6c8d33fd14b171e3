"""Devices and members that send at the same time, with real threads and the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, transaction

from tutor.classroom import commands
from tutor.classroom.commands import Sent, carry_out
from tutor.classroom.models import Answer, Command, Member, Question, Room
from tutor.classroom.rooms import NotStored, answer, join
from tutor.classroom.turn import Refused

from .conftest import Press

pytestmark = pytest.mark.django_db(transaction=True)
FEW, MANY = 10, 200
AT_ONCE = 6
R = TypeVar("R")


@pytest.fixture(params=["one process", "several processes"])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of a process hands over the turn to write; between processes, the store does."""
    if request.param == "several processes":
        monkeypatch.setattr(commands, "writing", nullcontext())


@pytest.fixture
def devices() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield threads


def at_once(devices: ThreadPoolExecutor, *calls: Callable[[], R]) -> list[R]:
    """Make the calls at the same time, each in a thread."""
    barrier = Barrier(len(calls))

    def make(call: Callable[[], R]) -> R:
        barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    return list(devices.map(make, calls))


def press(room: Room, key: str, saw: int, step: int) -> str:
    """Press a button of a device; return the number of the last command then, or why it was refused."""
    try:
        return str(carry_out(room.secret, Sent(key, str(saw), "go", {"step": str(step)}), None).number)
    except Refused as error:
        return str(error)


@pytest.mark.parametrize("presses", [FEW, pytest.param(MANY, marks=pytest.mark.thorough)])
def test_of_two_devices_that_press_at_once_one_wins_each_time_and_the_other_is_told(
    room: Room, devices: ThreadPoolExecutor, processes: None, presses: int
) -> None:
    for number in range(presses):
        steps = (1 + number % 3, 4 + number % 2)
        presses_of_both = [partial(press, room, f"press-{step}-{number}", number, step) for step in steps]
        told = at_once(devices, *presses_of_both)
        won = told.index(str(number + 1))
        assert "faster" in told[1 - won]
        room.refresh_from_db()
        assert (room.number, room.step) == (number + 1, steps[won])
    assert list(Command.objects.values_list("number", flat=True)) == list(range(1, presses + 1))


def test_a_command_that_is_sent_several_times_at_once_counts_once_and_each_is_told_so(
    room: Room, devices: ThreadPoolExecutor, processes: None
) -> None:
    for number in range(FEW):
        same = partial(press, room, f"the-press-{number}", number, 2)
        assert at_once(devices, *[same] * AT_ONCE) == [str(number + 1)] * AT_ONCE
    assert Command.objects.count() == FEW


def test_answers_at_once_make_one_member_of_a_browser_with_one_answer(
    room: Room, press: Press, devices: ThreadPoolExecutor
) -> None:
    press("begin")
    press("ask class")
    question = Question.objects.get()

    def send(option: int) -> int:
        with transaction.atomic():
            return answer(room, join(room, "the same browser"), question.pk, 1, option).option

    sent = at_once(devices, *[partial(send, option % 2) for option in range(AT_ONCE)])
    assert sent == [0, 1] * (AT_ONCE // 2)
    assert Member.objects.count() == Answer.objects.count() == 1


def test_an_answer_that_is_acknowledged_while_the_question_is_closed_and_shown_is_among_the_shares(
    room: Room, press: Press, devices: ThreadPoolExecutor
) -> None:
    press("begin")
    press("ask class")
    question = Question.objects.get()

    def send(browser: str) -> bool:
        try:
            with transaction.atomic():
                return bool(answer(room, join(room, browser), question.pk, 1, 0))
        except NotStored as error:
            assert "closed" in str(error)
            return False

    def show() -> bool:
        return not carry_out(room.secret, Sent("show-shares", "2", "shares", {}), None).number

    members = [partial(send, f"browser {number}") for number in range(AT_ONCE - 1)]
    acknowledged = sum(at_once(devices, *members, show))
    assert acknowledged == Answer.objects.count() == Member.objects.count()
