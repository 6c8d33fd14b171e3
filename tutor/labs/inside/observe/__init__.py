"""Observers that all processes of a lab share: the probe, and the sources of events about lines, rows and output.

They don't change what a program or a task does, except that they take time.
"""
