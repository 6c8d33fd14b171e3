"""The protocol: what labs and the site share. Each thing is defined once, here.

It defines the kinds of events with their fields, lanes, how a moment of a run is named and matched, gates, actions and
interventions, what a lab gets and what it sends, the limits, and the datagrams that carry them. All of it is plain
values and pure functions. The package imports nothing of the project.
"""
