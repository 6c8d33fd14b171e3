"""Patterns: the events that make a step, light a node or open a gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import Field, StrictBool, StrictInt, StrictStr, ValidationInfo, field_validator, model_validator

from tutor.lessons.errors import unknown
from tutor.lessons.program import PROGRAM, SourceFile
from tutor.protocol.events import KINDS, field_type, fields_of
from tutor.protocol.when import Condition, When

from .toml_table import Number, Scalar, TomlTable

FIELD_TYPES: Mapping[type, str] = {bool: "yes or no", int: "number", float: "number", str: "text"}
"""The type of a value in TOML → the type of an event's field, as `tutor.protocol.events` names it."""


class Comparison(TomlTable):
    """A condition on a field of an event, other than equality."""

    min: Number | None = Field(None, description="The field is a number and at least this.")
    max: Number | None = Field(None, description="The field is a number and at most this.")
    not_: Scalar | None = Field(None, alias="not", description="The field has a value, but not this one.")
    present: StrictBool | None = Field(None, description="true: the field has a value; false: it has none.")
    optional: StrictBool = Field(False, description="true: a field without a value meets the other conditions, too.")

    @property
    def condition(self) -> Condition:
        """The comparison as it is applied to events."""
        return Condition(self.min, self.max, self.not_, self.present, self.optional)

    def types(self) -> set[str]:
        """Return the types of the fields that it can apply to."""
        values = [value for value in (self.min, self.max, self.not_) if value is not None]
        return {FIELD_TYPES[type(value)] for value in values}


class Pattern(TomlTable):
    """The events of one kind that meet all given conditions."""

    compares: ClassVar[bool] = True
    """Whether a value in `where` may be a comparison."""

    event: StrictStr = Field(description="The kind of event, such as “queued” or “stored”.")
    lane: StrictStr | None = Field(None, description="The role of the process that it comes from; by default any.")
    where: Mapping[str, Scalar | Comparison] = Field(
        {}, description="Field (dotted if nested) → its value, or a table of min, max, not, present and optional."
    )
    file: StrictStr | None = Field(
        None, description="For `line`: the file, such as shop/tasks.py; by default program.py."
    )
    line: StrictInt | StrictStr | None = Field(
        None, description="For `line`: the line that is about to run, as its number or its exact text."
    )
    ran: StrictInt | StrictStr | None = Field(
        None, description="For `line`: the line that has just run, as its number or its exact text."
    )
    count: StrictInt | None = Field(
        None, ge=1, description="The number, from 1, of a single matching event; by default all of them match."
    )

    @field_validator("event")
    @classmethod
    def known_event(cls, event: str) -> str:
        if event not in KINDS:
            raise ValueError(unknown("event", event, KINDS))
        return event

    @field_validator("where", mode="before")
    @classmethod
    def fields_in_quotes(cls, where: Any) -> Any:
        """Return `where`. Raise ValueError for a table that isn't a comparison, as TOML reads `locals.x = 1`."""
        for name, value in where.items() if isinstance(where, dict) else ():
            if not isinstance(value, dict):
                continue
            keys = {each for key, field in Comparison.model_fields.items() for each in (key, field.alias)}
            for nested in value.keys() - keys:
                raise ValueError(f'write a nested field in quotes, such as "{name}.{nested}" = …')
            if not cls.compares:
                raise ValueError(f'"{name}" must be a value: gates and interventions only compare for equality')
        return where

    @field_validator("line", "ran")
    @classmethod
    def line_of_the_file(cls, line: int | str | None, info: ValidationInfo) -> int | str | None:
        """Return the number of the line in its file. The lesson's files are the context of the validation."""
        if line is None or info.context is None:
            return line
        file = info.data.get("file") or PROGRAM
        sources: Mapping[str, SourceFile | None] = info.context
        if file not in sources:
            raise ValueError(unknown("file", file, sources))
        source = sources[file]
        try:
            return source.line_number(line) if source else line
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from error

    @model_validator(mode="after")
    def fits_its_event(self) -> Self:
        if mistakes := list(self.mistakes()):
            raise ValueError("; ".join(mistakes))
        return self

    def mistakes(self) -> Iterator[str]:
        kind = KINDS[self.event]
        if self.lane is not None and self.lane not in kind.lanes:
            yield f'"{self.event}" never comes from "{self.lane}" (only from: {", ".join(kind.lanes)})'
        if self.event != "line" and (self.file, self.line, self.ran) != (None, None, None):
            yield 'file, line and ran are only for the event "line"'
        for name, wanted in self.where.items():
            field = field_type(self.event, name)
            compared = wanted.types() if isinstance(wanted, Comparison) else {FIELD_TYPES[type(wanted)]}
            if field is None:
                yield unknown("field", name, fields_of(self.event), owner=self.event)
            elif isinstance(field, str) and compared - {field}:
                yield f'the field "{name}" of "{self.event}" is a {field}'

    @cached_property
    def when(self) -> When:
        """The pattern as the trace and labs apply it; file, line and ran are part of its `where`."""
        where = {name: each.condition if isinstance(each, Comparison) else each for name, each in self.where.items()}
        if self.line is not None or self.ran is not None or self.file is not None:
            where["file"] = self.file or PROGRAM
        where |= {name: value for name, value in (("line", self.line), ("ran", self.ran)) if value is not None}
        return When(self.event, self.lane, self.count, where)


class Occurrence(Pattern):
    """One event of a run: the first that matches, or the one with the number `count`. Labs stop at such events."""

    compares: ClassVar[bool] = False

    where: Mapping[str, Scalar] = Field({}, description="Field → its value.")
    count: StrictInt = Field(1, ge=1, description="The number of the event among those that match, from 1.")
