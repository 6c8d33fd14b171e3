"""Rooms, what was done in them, and what their members sent, as they are stored."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.urls import reverse

from tutor.runs.models import LessonVersion, Run

from .code import LENGTH, new_code

SECRET_BYTES = 18
"""The random bytes of a secret; as text, it has 24 characters."""
LONGEST_NAME = 30
LONGEST_UNCLEAR = 500
"""The maximum characters of what somebody says is unclear."""
LONGEST_TEXT = 300
"""The maximum characters of a question that is typed, and of each of its options."""


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


class Room(models.Model):
    """A class as it is now: the state after the last command. `state.py` says where it stands in its run."""

    code = models.CharField(max_length=LENGTH, unique=True, default=new_code)
    """What members enter."""
    secret = models.CharField(max_length=32, unique=True, default=new_secret)
    """What the presenter's addresses contain."""
    word = models.CharField(max_length=LONGEST_NAME, blank=True)
    """The word that members have to enter, too; "" if there is none."""
    version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT, related_name="rooms")
    """The lesson that is taught."""
    number = models.PositiveIntegerField(default=0)
    """The number of the last command."""
    has_begun = models.BooleanField(default=False)
    """Whether the class sees the stage, and no longer how to join."""
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    """The run that the class sees."""
    beside = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    """The run that it is compared with."""
    step = models.PositiveIntegerField(default=1)
    """The step at which the class stands or, if it plays, from which it has begun to."""
    pace = models.FloatField(null=True)
    """Steps a second; None if the class stands still."""
    since = models.DateTimeField(null=True)
    """When it has begun to play."""
    style = models.CharField(max_length=20)
    question = models.ForeignKey("Question", on_delete=models.SET_NULL, null=True, related_name="+")
    """The question that the class sees."""
    invites_runs = models.BooleanField(default=False)
    """Whether members run the lesson with inputs of their own."""
    lecture = models.ForeignKey("Lecture", on_delete=models.SET_NULL, null=True, related_name="rooms")
    """What the presenter wants to show, if that was saved before."""
    next_item = models.PositiveIntegerField(default=0)
    """The index of the lecture's next item."""
    opened_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(auto_now_add=True)
    """When the last command came."""
    ended_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["address", "opened_at"]), models.Index(fields=["used_at"])]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("room", args=[self.code])

    @property
    def group(self) -> str:
        """The name of the channel group that is notified of its changes."""
        return f"room.{self.code}"


class Command(models.Model):
    """Something that a presenter did. It is never changed."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="commands")
    number = models.PositiveIntegerField()
    """The number within its room: 1, 2, 3…"""
    key = models.CharField(max_length=36)
    """The id that the device gave it. A command that is sent again has the same one."""
    kind = models.CharField(max_length=12)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["room", "number"]
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="number_of_command"),
            models.UniqueConstraint(fields=["room", "key"], name="key_of_command"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    def save(self, **kwargs: Any) -> None:
        """Add the command. Raises TypeError if it is already stored."""
        if not self._state.adding:
            raise TypeError("Commands can't be changed.")
        super().save(**kwargs)


class Seen(models.Model):
    """A run that a class has seen, and how far."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seen")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="seen")
    title = models.CharField(max_length=200)
    """The title of its case; "" for the lesson's own."""
    furthest = models.PositiveIntegerField(default=1)
    """The furthest step that the class has seen, apart from what it plays now."""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.run} up to step {self.furthest}"


class Member(models.Model):
    """A browser that has joined a class."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="members")
    browser = models.CharField(max_length=40)
    """The id that its cookie has."""
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    is_hidden = models.BooleanField(default=False)
    """Whether the presenter has hidden the name."""
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "browser"], name="member_of_room")]

    def __str__(self) -> str:
        return self.name or f"member {self.pk}"


class Question(models.Model):
    """A question to a class."""

    class State(models.TextChoices):
        OPEN = "open"
        """Members answer."""
        CLOSED = "closed"
        """They don't any more, and the presenter alone knows the shares."""
        SHOWN = "shown"
        """The class sees the shares."""
        REVEALED = "revealed"
        """The class sees the right answer."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="questions")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    step = models.PositiveIntegerField()
    """The step at which it was asked."""
    text = models.CharField(max_length=LONGEST_TEXT)
    options = models.JSONField()
    """The texts of its options, in the order in which they are shown."""
    right = models.PositiveSmallIntegerField(null=True)
    """The index of the right option; None if nobody but the class knows."""
    why = models.TextField(blank=True)
    """Why it is right, in Markdown with claims."""
    answered_in = models.PositiveIntegerField(null=True)
    """The step that answers it."""
    round = models.PositiveSmallIntegerField(default=1)
    """How often it has been asked."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    tally = models.JSONField(default=dict)
    """Number of a round → how many chose each option besides `answers`: by raising their hands, in a room without
    devices, or with an answer that was deleted with all others."""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """What a member says to a question in one round; it may be changed as long as the round is open."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="answers")
    option = models.PositiveSmallIntegerField()
    """The index of the option."""
    sent_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "round", "member"], name="answer_in_round")]

    def __str__(self) -> str:
        return f"{self.member}: {self.option}"


class Lost(models.Model):
    """A member who couldn't follow a step."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="lost")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="lost")
    """None if everything that tells who was here is deleted."""
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "run", "step"], name="lost_at_step")]

    def __str__(self) -> str:
        return f"{self.member} at step {self.step}"


class Presence(models.Model):
    """How many members a process of the site is connected with, as it last said."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="presence")
    process = models.CharField(max_length=40)
    here = models.PositiveIntegerField()
    following = models.PositiveIntegerField()
    behind = models.PositiveIntegerField(default=0)
    """How many of those that follow haven't said for a while that they show where the class is."""
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "process"], name="presence_in_process")]

    def __str__(self) -> str:
        return f"{self.here} in {self.process}"


class Ticket(models.Model):
    """What members are asked before they leave: two questions, and what is still unclear."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="ticket")
    questions = models.JSONField()
    """For each its `text`, its `options` in the order in which they are shown, and the index of the `right` one."""
    tally = models.JSONField(default=list)
    """For each, how many chose each option with an answer that was deleted with all others."""

    def __str__(self) -> str:
        return f"of {self.room}"


class TicketAnswer(models.Model):
    """What one member answers to a ticket; it may be changed until the class ends."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="answers")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="ticket_answers")
    options = models.JSONField()
    """The index of the option for each question, or None."""
    unclear = models.CharField(max_length=LONGEST_UNCLEAR, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "member"], name="answer_to_ticket")]

    def __str__(self) -> str:
        return f"{self.member}: {self.options}"


class OwnRun(models.Model):
    """A run that a member has started with inputs of its own."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="own_runs")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="own_runs")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.run} of {self.member}"


class Lecture(models.Model):
    """A saved list of moments and questions, from which a class can be opened again and again. It is never changed."""

    secret = models.CharField(max_length=32, unique=True, default=new_secret)
    """What its address contains."""
    version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT, related_name="lectures")
    items = models.JSONField()
    """What is shown and asked, in this order; see `lectures.Item`."""
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.version.slug}, {len(self.items)} items"
