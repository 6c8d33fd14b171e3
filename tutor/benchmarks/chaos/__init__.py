"""Chaos: a fleet under load, of which one part after the other is killed, cut off or emptied, and what comes of it."""
