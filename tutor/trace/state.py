"""The state of a run at a moment: everything that a page shows of it there, apart from its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .histories import Process
from .tokens import Token


@dataclass(frozen=True, slots=True)
class Caller:
    """A frame of the lesson's files that waits for another one."""

    file: str
    function: str
    line: int


@dataclass(frozen=True, slots=True)
class Binding:
    """Since when a local variable has its value."""

    number: int
    """The number of the event that showed the value first."""
    line: int | None
    """The line that had run by then; None if its frame began with the value, as with an argument."""
    is_new: bool
    """Whether the variable had no value before."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one process in one of the lesson's files, as one `line` event shows it."""

    lane: str
    """The role of the process: caller or worker."""
    pid: int
    file: str
    line: int | None
    """The line about to run; None when the frame has returned."""
    ran: int | None
    """The line that has just run in the same frame, if any."""
    locals: Mapping[str, str]
    """Names and values, as bounded text, before `line` runs."""
    function: str = ""
    """The name of its function; "<module>" outside functions."""
    callers: tuple[Caller, ...] = ()
    """The lesson's frames that wait for it, the nearest first. Old runs don't record them."""
    depth: int = 0
    """The number of the lesson's frames that wait for it, which may be more than `callers` has."""
    number: int = 0
    """The number of the event."""
    at_ms: float = 0.0
    """Milliseconds since the lab was requested."""
    hits: int = 1
    """How often its process had come to this line, or to the end of this function."""
    call: int = 0
    """The number of the first event of the same frame."""
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    """Name of a local variable → since when it has its value."""

    @property
    def process(self) -> tuple[str, int]:
        """The role and the pid of its process."""
        return self.lane, self.pid

    @property
    def current_line(self) -> int | None:
        """The line about to run; the last line that ran when the frame has returned."""
        return self.ran if self.line is None else self.line


@dataclass(frozen=True, slots=True)
class Notice:
    """A text beside the steps, for an event such as a gate, an intervention, a warning or the death of a process."""

    kind: str
    text: str
    process: str
    pid: int
    at_ms: float
    """Milliseconds since the lab was requested."""
    whole: str = ""
    """The whole message, such as one with its traceback, where `text` is only a part of it; otherwise empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the lab's databases, as one of its processes saw it through its own connection."""

    name: str
    """The name of its model, such as OrmQ."""
    count: int
    """The number of its rows."""
    rows: tuple[Mapping[str, Any], ...]
    """The first ones of its rows. Each has an `id`."""
    process: str
    """The role of the process that saw it."""
    pid: int
    table: str
    """Its name in the database."""
    database: str = ""
    """The alias of its database; empty if the run doesn't record it."""
    in_transaction: bool = False
    """Whether that process had a transaction open, whose changes only it can see."""
    others: tuple[Table, ...] = ()
    """The same table as other processes saw it inside transactions that may still be open, where it differs."""
    changed: bool = False
    """Whether it differs from the step before. A table that nobody has seen yet counts as empty."""
    changed_rows: frozenset[Any] = frozenset()
    """The ids of `rows` that are new, or differ from the step before."""
    unread: bool = False
    """Whether the last process that looked couldn't read it. The rest is what was seen before."""

    @property
    def cut(self) -> int:
        """The number of rows that aren't among `rows`."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class TraceState:
    """The state of a run after some of its events."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """Tracked variable → text."""
    changed: frozenset[str] = frozenset()
    """The variables whose text differs from the step before."""
    tables: Mapping[str, Table] = field(default_factory=dict)
    """Name → the table as it was last seen; empty before a process has looked."""
    node: str | None = None
    """The node of the flow that was lit last."""
    past_nodes: frozenset[str] = frozenset()
    edges: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Flow edge → how often tokens took it."""
    tokens: tuple[Token, ...] = ()
    """In the order in which they entered the flow."""
    processes: tuple[Process, ...] = ()
    """The lab's processes so far, in order of appearance."""
    frames: tuple[Frame, ...] = ()
    """One per process and file while the process runs the lesson's lines, the caller's first."""
    lines_run: frozenset[tuple[str, int]] = frozenset()
    """(file, line) of every line that has run."""
    printed: str = ""
    notices: tuple[Notice, ...] = ()
