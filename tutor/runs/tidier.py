"""The thread of the site that deletes runs which are kept no longer."""

from __future__ import annotations

import atexit

from .library import tidy
from .maker import Maker


class Tidier(Maker):
    """Deletes the runs that are kept no longer, every ten minutes."""

    failure = "Could not delete old runs"
    look_every_s = 600.0

    def __init__(self) -> None:
        super().__init__("tidier")

    def make_one(self) -> bool:
        """Delete all such runs. Return False, as none are left."""
        tidy()
        return False


def start() -> None:
    """Delete old runs in the background of the site."""
    tidier = Tidier()
    atexit.register(tidier.stop)
    tidier.start()
