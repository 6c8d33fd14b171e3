"""What every part of a lesson's file is: a frozen model that takes no unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Strict, StrictBool, StrictFloat, StrictInt, StrictStr, StringConstraints

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Number = Annotated[float, Strict()]
Text = Annotated[str, StringConstraints(strict=True, min_length=1)]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Id = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_-]*$")]


class Part(BaseModel):
    """A table of `lesson.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
