"""Benchmarks and campaigns: the product as its users meet it, compared with what they would have without it.

`manage.py bench` prints figures, each with its goal; `manage.py campaign` tests one promise of labs some hundred times
under load. The README cites both.

To add a benchmark, write a function that takes a number of rounds and yields `Figure`s, in the module of its subject
(`labs`, `browser`, `learners`) or a new one, and name it in `registry`. Everything that it starts is on the loopback
address, and is ended and removed with it. Take the lesson from `lesson`, which doesn't depend on the catalogue's order.
"""
