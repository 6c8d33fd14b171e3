"""The symptom: what somebody sees of the lesson's run, as a small picture of it in the catalogue."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictStr, WithJsonSchema

from tutor.lessons.claims import ClaimSubject, subject_of
from tutor.protocol.lanes import Lane

from .patterns import Pattern
from .toml_table import NonEmptyStr, TomlTable

QUEUE, WORKERS, OUTPUT = "queue", "workers", "output"
"""Lanes that are named for what they show: rows of OrmQ, executions by workers, and what processes print."""
ROLES = tuple(lane for lane in Lane if lane not in (Lane.HOST, Lane.LAB, Lane.WORKER))
NAME = re.compile(r"(?P<of>[a-z]+|[A-Z]\w*)(?: by (?P<by>task|process))?")


def lane(written: object) -> object:
    """Return `written`, a lane as an author writes it, unless no lane is called so."""
    match = NAME.fullmatch(written) if isinstance(written, str) else None
    if match is None or not (match["of"] in (QUEUE, WORKERS, OUTPUT, *ROLES) or match["of"][0].isupper()):
        known = ", ".join((QUEUE, WORKERS, OUTPUT, *ROLES))
        raise ValueError(f'"{written}" isn\'t a lane: {known} or a table such as Task, each maybe with "by task"')
    return written


SymptomLane = Annotated[
    StrictStr, BeforeValidator(lane), WithJsonSchema({"type": "string", "pattern": f"^(?:{NAME.pattern})$"})
]


class ShownEvent(Pattern):
    """Events that a symptom shows: each with the bar that it begins, or else with a mark."""

    text: str = Field(
        "", description="Template: a text in the bar or beside the mark; by default a Task row has its status."
    )


class Told(TomlTable):
    """What somebody was told: the label in ink."""

    claim: NonEmptyStr = Field(description="The subject of a claim about a step, such as “value@asked:early”.")
    part: NonEmptyStr | None = Field(
        None, description="The part of the claim's value that is shown; by default all of it."
    )
    text: NonEmptyStr = Field("{value}", description="Template: the label, with that part of the value as {value}.")

    @property
    def subject(self) -> ClaimSubject:
        """What the label says, and the step at which it is said."""
        return subject_of(self.claim)


class Symptom(TomlTable):
    """A small picture of the lesson's own run. It doesn't answer the lesson's question."""

    lanes: tuple[SymptomLane, ...] = Field(
        min_length=1,
        max_length=5,
        description="From top to bottom: caller or another role, queue, workers, output, or a table; with “by task” or"
        " “by process” one for each of those that are shown.",
    )
    events: tuple[ShownEvent, ...] = Field(min_length=2, max_length=8, description="What it shows.")
    told: Told | None = Field(None, description="What somebody was told, at most one label.")
