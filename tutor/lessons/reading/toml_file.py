"""A TOML file of a lesson, with the lines of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .positions import Positions


@dataclass(frozen=True)
class TomlFile:
    """The values of a file, and their lines. Both are empty if the file is missing or can't be read."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    positions: Positions = field(default_factory=lambda: Positions(""))


def syntax_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """Return the line of a syntax error and its description. In Python 3.11 to 3.13 only the message has the line."""
    message = str(error)
    if match := re.search(r" \(at line (\d+), column \d+\)$", message):
        return int(match[1]), message[: match.start()]
    return text.count("\n") + 1, message.removesuffix(" (at end of document)")
