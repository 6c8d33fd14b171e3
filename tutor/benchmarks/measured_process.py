"""Processes that benchmarks measure, and that act on demand."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import IO, Self

from .store import SETTINGS

Errors = int | IO[str]
"""The standard error of a process: a file, or a constant of `subprocess`."""
DISCARDED = subprocess.DEVNULL


class Process:
    """A process of a module of this package that prints lines, and reads them."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        errors: Errors = DISCARDED,
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tutor.benchmarks.{module}", *arguments],
            env={**os.environ, **SETTINGS, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

    def read(self) -> str:
        """Return the next line; raise RuntimeError if the process has ended."""
        assert self.process.stdout
        if not (line := self.process.stdout.readline()):
            raise RuntimeError("A measured process has ended.")
        return line.strip()

    def ask(self, line: str = "") -> str:
        """Write a line, and return the next one."""
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()
