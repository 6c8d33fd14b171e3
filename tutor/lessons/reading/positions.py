"""The lines of the keys of a TOML file, which `tomllib` doesn't give.

`tomllib` has read the text before, so this parser only handles valid TOML.
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
        self.last_index: dict[KeyPath, int] = {}
        """Array of tables → the index of its last element so far."""
        self.read()

    def line(self, path: Sequence[str | int]) -> int:
        """Return the line (from 1) of the value at `path`, such as ("steps", 2, "on"), or of its nearest parent."""
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
        path = (*path, last)
        if array:
            self.note(path, start)
            self.last_index[path] = self.last_index.get(path, -1) + 1
        path = self.latest(path)
        self.note(path, start)
        return path

    def latest(self, path: KeyPath) -> KeyPath:
        """Return `path`, or that of its last element if it is an array of tables."""
        return (*path, self.last_index[path]) if path in self.last_index else path

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
        """Record the line of `path`, which begins at the offset `at`, unless it is recorded."""
        self.lines.setdefault(path, self.text.count("\n", 0, at) + 1)

    def take(self, mark: str) -> bool:
        """Skip `mark` if it comes next; return whether it does."""
        if found := self.text.startswith(mark, self.at):
            self.at += len(mark)
        return found

    def skip(self) -> None:
        """Skip white space and comments."""
        if match := SPACE.match(self.text, self.at):
            self.at = match.end()


def unquoted(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    return str(next(iter(tomllib.loads(f"{key} = 0")))) if key.startswith('"') else key
