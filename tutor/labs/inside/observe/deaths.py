"""Deaths: processes of a lab that ended unexpectedly."""

from __future__ import annotations

import signal

from .probe import probe


def emit_died(process: str, pid: int | None, exitcode: int | None) -> None:
    """Emit `died` for the process `pid`, whose lane is `process`; empty if only the host can know it.

    `exitcode` is as in multiprocessing and subprocess: a negative value is the number of a signal.
    """
    name = None
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name if -exitcode in set(signal.Signals) else f"signal {-exitcode}"
    payload = {"process": process, "died_pid": pid, "signal": name, "exitcode": exitcode if name is None else None}
    probe.emit("died", payload)
