"""Runs: their inputs and their recorded events.

A *run* is one execution of a lesson's program in a lab. Its *events* are stored as they happen, numbered in the order
of cause and effect, and never changed. This package starts runs (`service`), queues them (`run_queue`), executes them
in a lab (`execution`), orders and stores their observations (`causal_order`, `recorder`, `writer`, `event_store`), and
ends the runs of processes that have ended (`heartbeat`, `reaper`). It stores the lesson of a run as it was when the run
was requested (`versions`), and keeps reference runs of its own (`references`). `signals.run_changed` announces changes.

The package doesn't interpret events beyond putting them in order; `tutor.trace` does.
"""
