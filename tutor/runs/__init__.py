"""Runs: what was asked, what was seen, and what it means.

A *run* is one execution of a lesson's program in a lab. Its *events* are stored as they are seen, numbered and never
changed; the *trace* is computed from them, purely, whenever somebody looks. Everything that a page, a websocket, the
command or a test says about a run comes from that one projection.

The package starts runs (`start`), keeps the line of those that wait (`line`), records (`ordering`, `recorder`),
projects (`trace`, `fold`) and shows them (`page`, `views`, `consumers`). It never changes a stored event and never
says anything about a run that no event says.
"""
