"""What runs in the processes of labs: one module for each process, and what they observe with in `observe`.

A fork server loads Django once. It forks a template for each configuration, which becomes a forker of labs. A lab's
first process is its supervisor, which forks the caller and the cluster; django-q2 starts the others: sentinel, pusher,
workers, monitor. Nothing here imports the site, and a lab can import nothing of it.
"""
