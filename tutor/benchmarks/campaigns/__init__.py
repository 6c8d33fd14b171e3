"""Campaigns: one promise each, tested hundreds of times while the machine is busy or something is broken."""

from __future__ import annotations

from .breaks import BREAKS
from .broken_store import STORE
from .fuzz import FUZZ
from .growth import GROWTH
from .promises import PROMISES
from .signals import SIGNALS
from .tellings import TELLINGS
from .trial import Campaign, Trial

__all__ = ["CAMPAIGNS", "Campaign", "Trial"]

CAMPAIGNS = {**PROMISES, **BREAKS, **TELLINGS, **SIGNALS, **GROWTH, **FUZZ, **STORE}
"""Name → campaign."""
