"""Definitions that labs and the site share. Each one exists only here.

The package defines event kinds and their fields, lanes, moments of a run and how they match events, gates, actions,
interventions, lab specifications, observations, limits, and the datagrams between labs and the site. Apart from the
transport in `wire`, it consists of plain values and pure functions. It imports nothing else from the project.
"""
