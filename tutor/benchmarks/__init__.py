"""Benchmarks and campaigns: measurements of the product, compared with what its users would have without it.

`manage.py bench` prints figures, each with its goal; `manage.py campaign` tests one promise of labs hundreds of times
under load. The README cites both.

To add a benchmark, write a function that takes a number of rounds and yields `Figure`s, in the module of its subject
(`labs`, `browser`, `learners`) or a new one, and name it in `registry`. Everything that it starts uses the loopback
address, and is stopped and removed at its end. Take the lesson from `lesson`, which doesn't depend on the catalogue's
order.
"""
