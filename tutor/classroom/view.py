"""A class as its screens show it: one look at the store, for all screens of a process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from tutor.lessons.lesson import Lesson
from tutor.pages.predict import neutral_title
from tutor.runs.versions import stored_lesson
from tutor.styles.moment import Moment, newest_of
from tutor.styles.step_by_step import presenter_note

from .asking import chances_here, class_styles, complete, offers
from .beside import beside
from .class_runs import loss_of
from .code import spoken
from .lectures import departure, next_item
from .models import Question, Room, Seen, TicketAnswer
from .own_runs import outcomes_of
from .poll import Poll, poll_of
from .pulse import Pulse, pulse_of
from .state import Place, is_over, place_of
from .tickets import ticket_of

SHARED = (Question.State.SHOWN, Question.State.REVEALED)
"""The states of a question in which members see how the class has answered."""
EDITION_BYTES = 8
MOST_NAMES = 200
MEMBER, PRESENTER, REMOTE = "member", "presenter", "remote"


@dataclass(frozen=True)
class RoomView:
    """A class at one moment."""

    room: Room
    lesson: Lesson
    place: Place
    newest: Moment
    """The newest moment of the run that the class sees."""
    moment: Moment
    """Where the class stands, without the steps that it hasn't seen."""
    before: Moment | None
    """The run that it is compared with, as far as the class has seen it."""
    elements: dict[str, str] = field(default_factory=dict)
    """Role → the element `#room` of its pages, for the roles that are prepared."""
    editions: dict[str, str] = field(default_factory=dict)
    """Role → what identifies that part."""

    @property
    def title(self) -> str:
        """The title of the lesson, which doesn't tell what its run shows."""
        return neutral_title(self.lesson)

    @property
    def is_over(self) -> bool:
        return is_over(self.room, timezone.now())

    def prepare(self, roles: Iterable[str]) -> RoomView:
        """Render what the pages of these roles show about the room. It needs the database."""
        for role in roles:
            part = self.part(role)
            whole = self.element(role, part, edition="")
            self.editions[role] = blake2b(whole.encode(), digest_size=EDITION_BYTES).hexdigest()
            self.elements[role] = self.element(role, part, self.editions[role])
        return self

    def html(self, role: str, said: int | None = None) -> str:
        """Return the element `#room` of a role. `said` is the option that the viewer has chosen in this round."""
        if said is None:
            return self.elements[role]
        return self.element(role, self.part(role, said), self.editions[role])

    def element(self, role: str, part: str, edition: str) -> str:
        names = {"role": role, "edition": edition, "room": self.room, "part": part}
        return render_to_string("classroom/parts/room.html", names)

    def part(self, role: str, said: int | None = None) -> str:
        return render_to_string(f"classroom/parts/{role}.html", {**self.context(role), "said": said})

    @cached_property
    def poll(self) -> Poll | None:
        """The question that the class sees, and how it has answered it. It needs the database."""
        return poll_of(self.room.question) if self.room.question else None

    @cached_property
    def pulse(self) -> Pulse:
        """How the class is. It needs the database."""
        return pulse_of(self.room, self.place.step)

    def context(self, role: str) -> dict[str, Any]:
        """The names that the templates of a role use."""
        question = self.room.question
        knows_shares = role != MEMBER or (question and question.state in SHARED)
        shown = {
            "role": role,
            "room": self.room,
            "lesson": self.lesson,
            "code": spoken(self.room.code),
            "title": self.title,
            "is_over": self.is_over,
            "poll": self.poll if knows_shares else None,
            "question": question,
            "beside": beside(self.before, self.moment) if self.before else None,
            "case": self.moment.case,
            "inputs": self.lesson.knob_summary(self.moment.knobs),
            "step": self.moment.steps[-1] if self.moment.steps else None,
            "position": self.moment.position,
            "ticket": ticket_of(self.room) if self.room.has_begun else None,
        }
        return shown if role == MEMBER else {**shown, **self.presented}

    @cached_property
    def presented(self) -> dict[str, Any]:
        """The names that only a presenter's templates use."""
        here = self.newest.at(self.moment.position, self.room.style)
        has_next = here.position < here.made
        return {
            "pulse": self.pulse,
            "is_playing": self.place.next_in_s is not None,
            "previous": here.position - 1,
            "next": here.position + 1 if has_next else None,
            "next_step": here.trace.steps[here.position] if has_next else None,
            "made": here.made if here.trace.ended else None,
            "lost": loss_of(here.trace),
            "notes": presenter_note(here),
            "offers": list(offers(here)) if here.position and not self.room.question else [],
            "cases": [
                (each, self.lesson.knob_summary(self.lesson.case_knobs(each)))
                for each in self.lesson.cases
                if here.case is None or each.name != here.case.name
            ],
            "chances": chances_here(here),
            "names": list(self.room.members.exclude(name="").filter(is_hidden=False)[:MOST_NAMES]),
            "outcomes": outcomes_of(self.room) if self.room.invites_runs else None,
            "tickets": TicketAnswer.objects.filter(ticket__room=self.room).count(),
            "item": (item := next_item(self.room)),
            "departure": departure(item, here),
            "styles": class_styles(),
        }


def look_at(pk: int) -> RoomView:
    """Return a class as it is now. Raises Room.DoesNotExist."""
    now = timezone.now()
    room = Room.objects.select_related("run", "beside", "question", "lecture").get(pk=pk)
    assert room.run
    newest = newest_of(room.run)
    if room.question:
        complete(room.question, newest)
    place = place_of(room, newest.made, now)
    seen = dict(Seen.objects.filter(run__in=(room.run_id, room.beside_id)).values_list("run", "furthest"))
    furthest = max(place.step, seen[room.run.pk])
    return RoomView(
        room=room,
        lesson=stored_lesson(room.version_id),
        place=place,
        newest=newest,
        moment=in_room(newest, room, place.step).covered_after(furthest),
        before=newest_of(room.beside).covered_after(seen[room.beside.pk]) if room.beside else None,
    )


def next_moment(view: RoomView) -> Moment | None:
    """Return where the class stands if it goes one step further; None at the last step so far."""
    step, made = view.moment.position + 1, view.moment.made
    if step > view.newest.made:
        return None
    return in_room(view.newest, view.room, step).covered_after(max(step, made))


def in_room(newest: Moment, room: Room, step: int) -> Moment:
    return replace(newest.at(step, room.style), page=room.get_absolute_url())
