"""A whole deployment on this machine: nginx, web processes, lab hosts, Redis and PostgreSQL, for tests and benchmarks.

`with fleet(web=2, labs=3) as site:` starts what docs/deploy describes: the files there are read as they stand, and only
addresses, ports, folders and the certificate are exchanged. Each part can be killed, stopped, paused and started again.
A lab host with a network of its own can be cut off. All parts end with the block, and with the process that it is in.
"""
