"""The steps that many lessons share: a step with `use = "stored"` extends the step of that name in `steps.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tutor.lessons.errors import unknown

from .problems import Mistake

FILE = Path(__file__).parents[1] / "steps.toml"
USE = "use"


@cache
def common_steps() -> Mapping[str, Mapping[str, Any]]:
    """Return name → the step, with its id, in the form of `lesson.toml`."""
    return {name: {"id": name, **step} for name, step in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def unknown_uses(written: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield every `use` of an unknown common step; `written` is lesson.toml before it is validated."""
    for index, step in steps_of(written):
        if USE in step and step[USE] not in common_steps():
            yield ("steps", index, USE), unknown("common step", str(step[USE]), common_steps())


def with_common_steps(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return `written` with common steps filled in; a step's own keys take precedence."""
    filled = {index: filled_in(step) for index, step in steps_of(written)}
    steps = written.get("steps")
    if not isinstance(steps, list):
        return dict(written)
    return {**written, "steps": [filled.get(index, step) for index, step in enumerate(steps)]}


def filled_in(step: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in step.items() if key != USE}
    return {**common_steps().get(str(step.get(USE)), {}), **own}


def steps_of(written: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    steps = written.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            yield index, step
