"""The base class of the models, and the types that many of them use."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Strict,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
)


def valid_regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"“{pattern}” isn't a regular expression: {error}") from error
    return pattern


Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Number = Annotated[float, Strict()]
NonEmptyStr = Annotated[str, StringConstraints(strict=True, min_length=1)]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""A Python name."""
Id = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_-]*$")]
Regex = Annotated[NonEmptyStr, AfterValidator(valid_regex)]


class TomlTable(BaseModel):
    """A table of `lesson.toml`. It is frozen and allows no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
