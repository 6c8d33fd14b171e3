"""The files in docs/deploy, read as they stand, and the programs that they need."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "docs/deploy"
PROGRAMS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
"""Where programs are. Debian keeps some of them out of users' PATH."""


def program(name: str) -> str:
    """Return the path of a program; its name if it isn't there."""
    return shutil.which(name, path=PROGRAMS) or name


def deploy_file(name: str) -> str:
    """Return the text of a file."""
    return (DEPLOY / name).read_text()


def exchanged(text: str, exchanges: Mapping[str, str]) -> str:
    """Return `text` with each key replaced by its value. Raise ValueError if one doesn't occur."""
    for old, new in exchanges.items():
        if old not in text:
            raise ValueError(f"“{old}” isn't in the file any more.")
        text = text.replace(old, new)
    return text


def variables(text: str) -> dict[str, str]:
    """Return what a file of environment variables says, as systemd reads it."""
    lines = (line.strip() for line in text.splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith(("#", ";")))
