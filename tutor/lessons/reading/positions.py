"""Where the keys of a TOML file stand: `tomllib` gives values without their lines.

The text must already have been read by `tomllib`, so that only what is right has to be told apart here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

from tutor.lessons.key_path import KeyPath

SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
KEY = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')[ \t]*""")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # up to two quotes may stand before the closing three
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
BARE = re.compile(r"[^,\]}\n#]+")


class Positions:
    """The line of each key, table and array element of a TOML text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {(): 1}
        self.lengths: dict[KeyPath, int] = {}
        self.read()

    def line(self, path: Sequence[str | int]) -> int:
        """The line (from 1) of what stands at `path`, such as ("steps", 2, "on"), or of its nearest parent."""
        known = tuple(path)
        while known not in self.lines:
            known = known[:-1]
        return self.lines[known]

    def read(self) -> None:
        table: KeyPath = ()
        self.skip()
        while self.at < len(self.text):
            start = self.at
            if self.take("[["):
                table = self.header(start, array=True)
            elif self.take("["):
                table = self.header(start, array=False)
            else:
                self.pair(table)
            self.skip()

    def header(self, start: int, *, array: bool) -> KeyPath:
        *parents, last = self.key()
        self.take("]]" if array else "]")
        path: KeyPath = ()
        for part in parents:
            path = self.latest((*path, part))
            self.note(path, start)
        if not array:
            path = self.latest((*path, last))
        else:
            path = (*path, last)
            self.note(path, start)
            index = self.lengths[path] = self.lengths.get(path, -1) + 1
            path = (*path, index)
        self.note(path, start)
        return path

    def latest(self, path: KeyPath) -> KeyPath:
        """`path`, or its newest element where it is an array of tables."""
        return (*path, self.lengths[path]) if path in self.lengths else path

    def pair(self, table: KeyPath) -> None:
        start, path = self.at, table
        for part in self.key():
            path = (*path, part)
            self.note(path, start)
        self.take("=")
        self.skip()
        self.value(path)

    def value(self, path: KeyPath) -> None:
        if self.take("["):
            self.elements(path)
        elif self.take("{"):
            self.skip()
            while not self.take("}"):
                self.pair(path)
                self.skip()
                self.take(",")
                self.skip()
        elif match := STRING.match(self.text, self.at) or BARE.match(self.text, self.at):
            self.at = match.end()

    def elements(self, path: KeyPath) -> None:
        index = 0
        self.skip()
        while not self.take("]"):
            self.note((*path, index), self.at)
            self.value((*path, index))
            index += 1
            self.skip()
            self.take(",")
            self.skip()

    def key(self) -> list[str]:
        parts = []
        while match := KEY.match(self.text, self.at):
            self.at = match.end()
            parts.append(unquoted(match[1]))
            if not self.take("."):
                break
        return parts

    def note(self, path: KeyPath, at: int) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, at) + 1)

    def take(self, mark: str) -> bool:
        if found := self.text.startswith(mark, self.at):
            self.at += len(mark)
        return found

    def skip(self) -> None:
        if match := SPACE.match(self.text, self.at):
            self.at = match.end()


def unquoted(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    return str(next(iter(tomllib.loads(f"{key} = 0")))) if key.startswith('"') else key


def syntax_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """The line of a syntax error and what it says, from the message, which alone holds them in Python 3.11."""
    message = str(error)
    if match := re.search(r" \(at line (\d+), column \d+\)$", message):
        return int(match[1]), message[: match.start()]
    return text.count("\n") + 1, message.removesuffix(" (at end of document)")
