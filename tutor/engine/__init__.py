"""Labs on other machines: `manage.py lab_host` runs the site's own django-q2 cluster, whose workers execute runs.

A lab host has three parts. Its first process has the heartbeat, the fork server with its templates, and a thread for
each worker (`lab_host`, `turn_server`). The cluster is a program of its own (`workers`), so that a worker inherits
nothing of the first process but the door: a socket through which it asks for turns. In a worker, a ticket lets it take
the run whose turn it is, open a lab forked from the shared templates, and record it (`worker`, `worker_link`).

Where one of them ends unexpectedly, the others notice it by a closed socket, and the run's last event says so.
"""
