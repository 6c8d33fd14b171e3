"""The trace: everything that a run shows, computed from its events by the rules of its lesson.

The package is pure. It reads no database, no request and no clock: the same lesson and events always give the same
trace, and the steps of the first events of a run never change as more events follow.
"""
