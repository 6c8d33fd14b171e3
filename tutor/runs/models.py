"""Runs, their events, the versions of lessons, reference runs and hosts, as they are stored."""

from __future__ import annotations

import secrets
from typing import Any, NoReturn

from django.db import models
from django.urls import reverse
from django.utils import timezone

from tutor.json_text import JSONTextField

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
"""Letters and digits that are hard to confuse with each other."""


def new_public_id() -> str:
    """Return a random id of 10 characters (49 bits): short enough to read out, too long to guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


class LessonVersion(models.Model):
    """A lesson as it was when a run of it was requested. `tutor.runs.versions` stores and reads it."""

    hash = models.CharField(max_length=16, primary_key=True)
    """The beginning of the SHA-256 hash of its document."""
    slug = models.SlugField(max_length=100)
    schema = models.PositiveSmallIntegerField()
    """The number of the document's schema; `tutor.lessons.upgrades` knows them."""
    document = models.BinaryField()
    """The lesson as JSON, compressed by zlib. It never changes."""
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.slug} {self.hash}"


class Host(models.Model):
    """A process of the site with a heartbeat. It is there from before its first run until it ends or is given up."""

    name = models.CharField(max_length=40, unique=True)
    """The name of its folder of labs, as `Run.host` has it."""
    folder = models.CharField(max_length=100)
    """The folder that contains its folder of labs, identified by `tutor.labs.host.sweep.folder_id`."""
    beat = models.PositiveBigIntegerField(default=0)
    """The number of its heartbeats. Only its changes mean something; the clocks of two machines are never compared."""
    labs = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How many runs of the run queue it executes at the same time; 0 if it only serves pages, or is a command."""

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One execution of a lesson's program, with its knob values and interventions."""

    class State(models.TextChoices):
        WAITING = "waiting"
        """It waits for a lab."""
        RUNNING = "running"
        """It has a lab."""
        ENDED = "ended"
        """Its last event, `ended`, is stored. Both are written in one transaction."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    lesson = models.SlugField(max_length=100)
    version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT, null=True, related_name="runs")
    """The version of the lesson that it executes; None if that isn't stored, as with some runs of the first edition."""
    knobs = JSONTextField(default=dict)
    interventions = JSONTextField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    host = models.CharField(max_length=40, blank=True)
    """The process that executes the run, by the name of its folder of labs; empty while the run is in the run queue."""
    goes_first = models.BooleanField(default=False, db_default=False)
    """Whether it has its turn before others in the run queue, because a class waits for it."""
    stop_reason = models.CharField(max_length=200, blank=True, db_default="")
    """Why the process that executes it is asked to end it; empty unless it is. See `tutor.runs.run_queue`."""
    session = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    closed_until = models.DateTimeField(null=True)
    """Until when only a class sees it; None if anybody who has its address does."""
    name = models.CharField(max_length=60, blank=True)
    """What the browser that has started it calls it."""
    is_pinned = models.BooleanField(default=False)
    """Whether it is kept for good; see `tutor.runs.library`."""

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["session", "asked_at"]),
            models.Index(fields=["address", "asked_at"]),
            models.Index(fields=["state", "host"]),
            models.Index(fields=["asked_at"], condition=models.Q(is_pinned=False), name="run_not_pinned"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson} {self.public_id}"

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.public_id])

    @property
    def is_closed(self) -> bool:
        """Whether only a class sees it now."""
        return self.closed_until is not None and self.closed_until > timezone.now()

    @property
    def group(self) -> str:
        """The name of the channel group that is notified of its events."""
        return f"run.{self.public_id}"


class GoneRun(models.Model):
    """A run that was deleted, so that its address can say so."""

    class Reason(models.TextChoices):
        DELETED = "deleted"
        """The browser that started it has deleted it."""
        EXPIRED = "expired"
        """It was kept as long as a run is that isn't pinned."""

    public_id = models.CharField(max_length=16, unique=True)
    lesson = models.SlugField(max_length=100)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.lesson} {self.public_id}"


class Breaking(models.Model):
    """A run that is another one once more, with an intervention at one of its steps, and what was expected of it."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="breaking")
    origin = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="broken")
    """The run without the intervention; None if it isn't kept any more."""
    step = models.PositiveIntegerField()
    """The step of `origin` at which it was broken."""
    is_repair = models.BooleanField(default=False)
    """Whether it has the interventions of `origin`, and other knobs that may heal what they do."""
    yardstick = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="measured")
    """The run with the knobs of a repair and nothing done to it; None if it isn't kept any more."""
    is_shown = models.BooleanField(default=False)
    """Whether the run is shown to those who were asked what they expect."""
    expected = models.JSONField(default=dict)
    """Question → what was answered before the run was shown; empty if nothing was."""

    def __str__(self) -> str:
        return f"{self.run} from step {self.step}"


class ReferenceRun(models.Model):
    """A run of the site's own, which shows what a case of a lesson does. `tutor.runs.references` keeps them."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="reference")
    version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT, related_name="references")
    """The version of the run."""
    case = models.CharField(max_length=100)
    """The name of its case."""
    code = models.CharField(max_length=16)
    """The code that made it, as `tutor.runs.code_hash` identifies it."""
    number = models.PositiveSmallIntegerField(null=True)
    """Its number among the reference runs of the case, from 1; None if it isn't kept: it goes on, or was aborted."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "case", "code", "number"], name="reference_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.case} {self.number}"


class AppendOnly(models.QuerySet["Event"]):
    """A queryset whose events can be added and read, but not changed. They can only be deleted with their run."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Events can't be changed.")

    def delete(self) -> NoReturn:
        raise TypeError("Events can't be deleted.")

    def delete_with_runs(self) -> None:
        """Delete the events of runs that are deleted; see `tutor.runs.library` and `tutor.runs.references`."""
        super().delete()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Events can't be changed.")


class Event(models.Model):
    """One fact observed in a lab; `tutor.protocol.events` defines the kinds and their payloads."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="events", db_index=False)
    number = models.PositiveIntegerField()
    """The number within its run: 1, 2, 3… A cause comes before its effect."""
    kind = models.CharField(max_length=20)
    lane = models.CharField(max_length=10)
    pid = models.PositiveIntegerField()
    at = models.PositiveBigIntegerField()
    """Nanoseconds since the run asked for its lab. Never decreases within a run."""
    payload = JSONTextField(default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="event_number_in_run")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    def save(self, **kwargs: Any) -> None:
        """Add the event. Raises TypeError if it is already stored."""
        if not self._state.adding:
            raise TypeError("Events can't be changed.")
        super().save(**kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Events can't be deleted.")
