"""An app that gives a plain project the gates and interventions of a lab's spec, and records what happened.

It takes nothing of a lab but the protocol: it listens to django-q2's own signals, has a broker that waits, and traces
lines. All processes append their events to one file.
"""
