"""Live pages: a websocket per page of a run, and the fan-out of wake-ups to them.

A wake-up says only that a run has changed. It may come late, twice or never; what has changed is read from the store.
"""
