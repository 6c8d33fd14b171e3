"""Deaths: processes of a lab that ended without being asked."""

from __future__ import annotations

import signal

from .probe import probe


def emit_died(process: str, pid: int | None, exitcode: int | None) -> None:
    """Send `died` for the process `pid`, whose lane is `process`; empty if only the host can know it.

    `exitcode` is that of multiprocessing and subprocess: below 0 it is the number of a signal.
    """
    name = None
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name if -exitcode in set(signal.Signals) else f"signal {-exitcode}"
    payload = {"process": process, "died_pid": pid, "signal": name, "exitcode": exitcode if name is None else None}
    probe.emit("died", payload)
