"""All limits of a lab, in one place, with their units."""

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
    """MiB of memory of its own (USS) of all its processes together."""
    processes: int = 32
    """Processes at one time."""
    folder_mib: int = 32
    """MiB in its folder, databases included."""
    events: int = 4000
    """Observations in a run."""
    value_characters: int = 2000
    """Characters of one value as text; longer ones are cut, and say so."""
    run_bytes: int = 4_000_000
    """Bytes of all observations of a run."""


MEASURE_EVERY_S = 0.25
"""How often the host measures a lab."""
START_S = 20.0
"""How long a lab, or a configuration's template, may take to start."""
END_S = 5.0
"""How long a lab's keeper has to end it, before the host does it without."""
TEMPLATES = 8
"""Configurations kept warm; the one unused for longest goes first."""
ROWS = 10
"""Rows of a table in a snapshot."""
FULL_HITS = 16
"""How often a line is sent at each hit; from then on it is sent at powers of two."""
DATAGRAM_BYTES = 32 * 1024
"""The largest observation."""
BATCH_S = 0.003
"""How long observations are collected before they are given out together."""
