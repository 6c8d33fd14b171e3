"""The base class of the models, and the types that many of them use."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Strict, StrictBool, StrictFloat, StrictInt, StrictStr, StringConstraints

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Number = Annotated[float, Strict()]
NonEmptyStr = Annotated[str, StringConstraints(strict=True, min_length=1)]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""A Python name."""
Id = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_-]*$")]


class TomlTable(BaseModel):
    """A table of `lesson.toml`. It is frozen and allows no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
