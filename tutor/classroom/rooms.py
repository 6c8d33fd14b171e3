"""Rooms: opening them, finding them, and what their members send."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from tutor.lessons.lesson import Lesson
from tutor.pages.typed import one_line
from tutor.runs.service import valid_address
from tutor.runs.versions import version_of
from tutor.styles.moment import STEP_BY_STEP, newest_of

from .class_runs import run_for
from .models import LONGEST_NAME, Answer, Lecture, Lost, Member, Question, Room
from .state import is_over

HOUR = timedelta(hours=1)
MOST_ROOMS = 60
"""The number of rooms that are opened from one address in an hour."""
MOST_MEMBERS = 3000
MEMBER = "SELECT * FROM classroom_member WHERE room_id = %s AND browser = %s"
MEMBERS = "SELECT COUNT(*) FROM classroom_member WHERE room_id = %s"
"""Constants, because a class answers at once, and a queryset takes longer to make its SQL than to execute it."""
State = Question.State


class NotStored(Exception):
    """Something that a member sent and that isn't stored. The message says why."""

    status = 409


class Full(NotStored):
    """A limit on rooms or members is reached."""

    status = 429


def open_room(lesson: Lesson, *, address: str | None, lecture: Lecture | None = None) -> Room:
    """Open a room that teaches a lesson, perhaps as a lecture, and start its run.

    Raises NotStored and, if no run can be started now, `tutor.classroom.turn.Refused`.
    """
    address, now = valid_address(address), timezone.now()
    if Room.objects.filter(address=address, opened_at__gt=now - HOUR).count() >= MOST_ROOMS:
        raise Full("Too many classes were opened from your network. Try again in an hour.")
    with transaction.atomic():
        version = version_of(lesson).pk
        room = Room.objects.create(version_id=version, style=STEP_BY_STEP, address=address, lecture=lecture)
        run_for(room, lesson, "", address=address)
        room.save()
    return room


def member_of(room: Room, browser: str) -> Member | None:
    """Return the member that a browser is; None if it has sent nothing so far."""
    return next(iter(Member.objects.raw(MEMBER, [room.pk, browser])), None) if browser else None


def lacks_word(room: Room, browser: str) -> bool:
    """Return whether a browser has to enter the word of a room before anything else."""
    return bool(room.word) and member_of(room, browser) is None


def join(room: Room, browser: str, name: str = "") -> Member:
    """Return the member that a browser is from now on. Raises NotStored."""
    member = member_of(room, browser)
    if member is None:
        if members_in(room) >= MOST_MEMBERS:
            raise Full("This class is full.")
        (member,) = Member.objects.bulk_create(
            [Member(room=room, browser=browser)],
            update_conflicts=True,  # Another request of the browser may have been faster.
            unique_fields=["room", "browser"],
            update_fields=["browser"],
        )
    if name := one_line(name, LONGEST_NAME):
        member.name = name
        member.save()
    return member


def members_in(room: Room) -> int:
    """Return how many members a room has."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, [room.pk])
        return int(cursor.fetchone()[0])


def answer(room: Room, member: Member, question: int, round: int, option: int) -> Answer:
    """Store what a member says to a question in a round, in a transaction.

    As long as the round is open, the member may change it. A member who was cut off then, and has no answer in the
    round, may send one until the class sees the shares or the right answer. Raises NotStored.
    """
    found = Question.objects.select_for_update(no_key=True).only("round", "state", "options")
    asked = next(iter(found.filter(room=room, pk=question)), None)
    if asked is None or asked.round != round:
        raise NotStored("Your teacher has gone on. This answer came too late.")
    if not 0 <= option < len(asked.options):
        raise NotStored("Choose one of the options.")
    if asked.state != State.OPEN:
        has_one = asked.answers.filter(round=round, member=member).exists()
        if has_one or asked.state != State.CLOSED:
            raise NotStored("Your teacher has closed the question.")
    (stored,) = Answer.objects.bulk_create(
        [Answer(question=asked, round=round, member=member, option=option)],
        update_conflicts=True,
        unique_fields=["question", "round", "member"],
        update_fields=["option", "sent_at"],
    )
    return stored


def said_by(member: Member | None, question: Question | None) -> int | None:
    """Return the option that a member has chosen in the round of a question; None without any."""
    if member is None or question is None:
        return None
    return question.answers.filter(round=question.round, member=member).values_list("option", flat=True).first()


def lost(room: Room, member: Member, step: int) -> None:
    """Note that a member can't follow a step of the run. Noting it again changes nothing. Raises NotStored."""
    assert room.run
    if not 1 <= step <= newest_of(room.run).made:
        raise NotStored("Load the page again.")
    Lost.objects.get_or_create(room=room, member=member, run=room.run, step=step)


def is_open(room: Room) -> bool:
    """Return whether a class goes on."""
    return not is_over(room, timezone.now())
