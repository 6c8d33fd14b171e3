"""Code that runs in the processes of labs: a module for each process, and the observers in `observe`.

A fork server loads Django once. Its parent, the keeper, sees to it that everything ends with the host. The server forks
a template for each configuration, which becomes a forker of labs. A lab's first process is its supervisor, which forks
the caller and the cluster; django-q2 starts the others: sentinel, pusher, workers, monitor. Nothing here imports the
site's code, and a lab can't import it.
"""
