"""Runs: what was asked for, and every event that was recorded.

A *run* is one execution of a lesson's program in a lab. Its *events* are stored as they happen, numbered in the order
of cause and effect, and never changed. This package starts runs (`service`), queues them (`run_queue`), executes them
in a lab (`execution`), orders and stores what is observed (`causal_order`, `recorder`), and ends the runs of processes
that are gone (`reaper`). `signals.run_changed` tells others that there is something new.

It never interprets an event, apart from its place among the others: that is `tutor.trace`'s subject.
"""
