"""All limits of a lab, with their units."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. A run that meets a limit ends with an event that names it."""

    wall_s: float = 30.0
    """Seconds from fork to end."""
    cpu_s: float = 10.0
    """CPU seconds of all its processes together."""
    memory_mib: int = 512
    """MiB of memory that only its processes use (USS), of all of them together."""
    processes: int = 32
    """Processes at one time."""
    folder_mib: int = 32
    """MiB in its folder, databases included."""
    events: int = 4000
    """Observations in a run."""
    value_characters: int = 2000
    """Characters of one value as text; longer ones are cut, with an ellipsis."""
    run_bytes: int = 4_000_000
    """Bytes of all observations of a run."""


MEASURE_EVERY_S = 0.25
"""How often the host measures a lab."""
START_S = 20.0
"""How long a lab, or a configuration's template, may take to start."""
END_S = 5.0
"""How long a lab's supervisor has to end the lab. Then the host kills its processes."""
TEMPLATES = 8
"""Configurations that stay loaded. The one that was used longest ago is closed first."""
ROWS = 10
"""Rows of a table in a snapshot."""
FULL_HITS = 16
"""How many hits of a line are all sent. Later ones are sent at powers of two."""
DATAGRAM_BYTES = 32 * 1024
"""The largest message."""
BATCH_S = 0.003
"""How long observations are collected before they are yielded together."""
