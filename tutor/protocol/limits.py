"""All limits of a lab, with their units."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum usage of one run. A run that reaches a limit ends with an event that names it."""

    wall_s: float = 30.0
    """Seconds from fork to end."""
    cpu_s: float = 10.0
    """CPU seconds of all processes together."""
    memory_mib: int = 512
    """MiB of unshared memory (USS) of all processes together."""
    processes: int = 32
    """Processes at the same time."""
    folder_mib: int = 32
    """MiB in its folder, databases included."""
    events: int = 10_000
    """Observations in a run."""
    value_characters: int = 2000
    """Characters of one value as text. Longer texts are truncated with an ellipsis."""
    run_bytes: int = 4_000_000
    """Bytes of the payloads of all events of a run, as they are stored."""
    observed_bytes: int = 40_000_000
    """Bytes of the payloads of all observations, as they are sent, with each snapshot in full. This bounds what a host
    reads, whatever is stored of it."""


MEASURE_EVERY_S = 0.25
"""Seconds between two measurements of a lab by its host."""
START_S = 20.0
"""Maximum seconds that a lab, or the template of a configuration, takes to start."""
END_S = 2.5
"""Maximum seconds that a supervisor takes to end its lab. After that, the host kills the lab's processes."""
TEMPLATES = 8
"""Maximum number of configurations that stay loaded. The least recently used one is closed first."""
ROWS = 10
"""Maximum number of rows per table in a snapshot."""
OWN_TABLES = 6
"""Maximum number of a lesson's own tables in a snapshot, which must fit into a message."""
COLUMNS = 12
"""Maximum number of columns of a lesson's own table in a snapshot."""
FULL_HITS = 16
"""The number of hits of a line that are all sent. Later hits are sent only if their number is a power of two."""
STACK = 12
"""Maximum number of the lesson's frames below the current one that a line event has."""
DATAGRAM_BYTES = 32 * 1024
"""Maximum size of a message."""
BATCH_S = 0.003
"""Seconds for which observations are collected into a batch."""
