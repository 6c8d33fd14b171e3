"""The protocol: what labs and the site both speak, each thing defined once.

Event kinds with their fields, the lanes they come from, how a moment of a run is named and recognised, what can be
done to a lab, what a lab is told and what it sends, its limits, and the datagrams that carry all of it. Plain values
and pure functions; the package imports nothing of the project, and it is all that a lab shares with the site.
"""
