"""Patterns: how a lesson names the events that make a step, light a node or open a gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field, StrictBool, StrictInt, StrictStr, ValidationInfo, field_validator, model_validator

from tutor.lessons.program import PROGRAM, Source
from tutor.protocol import when
from tutor.protocol.events import KINDS, field_type
from tutor.protocol.when import When

from .part import Number, Part, Scalar

SHAPES: Mapping[type, str] = {bool: "yes or no", int: "number", float: "number", str: "text"}


class Condition(Part):
    """What a field of an event has to be, where one value doesn't say it."""

    min: Number | None = Field(None, description="The field is a number and at least this.")
    max: Number | None = Field(None, description="The field is a number and at most this.")
    not_: Scalar | None = Field(None, alias="not", description="The field is there and is not this.")
    present: StrictBool | None = Field(None, description="true: the field has a value; false: it has none.")

    @property
    def condition(self) -> when.Condition:
        """The condition as events are matched with it."""
        return when.Condition(self.min, self.max, self.not_, self.present)

    def shapes(self) -> set[str]:
        """The shapes of the values that it compares with."""
        values = [value for value in (self.min, self.max, self.not_) if value is not None]
        return {SHAPES[type(value)] for value in values}


class Pattern(Part):
    """The events that are of this kind and have all that is asked for here."""

    event: StrictStr = Field(description="The kind of event, such as “queued” or “stored”.")
    lane: StrictStr | None = Field(None, description="The role of the process that it comes from.")
    where: Mapping[str, Scalar | Condition] = Field(
        {}, description="Field (dotted where nested) → the value it has, or a table of min, max, not, present."
    )
    file: StrictStr | None = Field(
        None, description="For `line`: the file, program.py if not given, or such as shop/tasks.py."
    )
    line: StrictInt | StrictStr | None = Field(
        None, description="For `line`: the line that is about to run, as its number or its exact text."
    )
    ran: StrictInt | StrictStr | None = Field(
        None, description="For `line`: the line that has just run, as its number or its exact text."
    )
    count: StrictInt | None = Field(
        None, ge=1, description="Only the event of this number among them, from 1; all if not given."
    )

    @field_validator("event")
    @classmethod
    def known_event(cls, event: str) -> str:
        if event not in KINDS:
            raise ValueError(f"there is no event “{event}”; there are {', '.join(KINDS)}")
        return event

    @field_validator("line", "ran")
    @classmethod
    def line_of_the_file(cls, line: int | str | None, info: ValidationInfo) -> int | str | None:
        """A line's number, looked up in the lesson's files, which the validation context holds."""
        if line is None or info.context is None:
            return line
        file = info.data.get("file") or PROGRAM
        sources: Mapping[str, Source | None] = info.context
        if file not in sources:
            raise ValueError(f"there is no file “{file}”; there are {', '.join(sources)}")
        source = sources[file]
        return source.line_number(line) if source else line

    @model_validator(mode="after")
    def fits_its_event(self) -> Pattern:
        if mistakes := list(self.mistakes()):
            raise ValueError("; ".join(mistakes))
        return self

    def mistakes(self) -> Iterator[str]:
        kind = KINDS[self.event]
        if self.lane is not None and self.lane not in kind.lanes:
            yield f"“{self.event}” comes from {', '.join(kind.lanes)}, never from “{self.lane}”"
        if self.event != "line" and (self.file, self.line, self.ran) != (None, None, None):
            yield "file, line and ran are for the event “line” alone"
        for name, wanted in self.where.items():
            shape = field_type(self.event, name)
            compared = wanted.shapes() if isinstance(wanted, Condition) else {SHAPES[type(wanted)]}
            if shape is None:
                yield f"“{self.event}” has no field “{name}”; it has {', '.join(kind.fields) or 'none'}"
            elif isinstance(shape, str) and compared - {shape}:
                yield f"the field “{name}” of “{self.event}” is a {shape}"

    @cached_property
    def when(self) -> When:
        """The events as the trace and labs recognise them; `where` holds file, line and ran too."""
        where = {name: each.condition if isinstance(each, Condition) else each for name, each in self.where.items()}
        if self.line is not None or self.ran is not None or self.file is not None:
            where["file"] = self.file or PROGRAM
        where |= {name: value for name, value in (("line", self.line), ("ran", self.ran)) if value is not None}
        return When(self.event, self.lane, self.count, where)


class Moment(Pattern):
    """One event of a run: the first of a pattern, or the one that `count` says. A lab waits for these."""

    where: Mapping[str, Scalar] = Field({}, description="Field → the value it has.")
    count: StrictInt = Field(1, ge=1, description="Which of such events; the first if not given.")
