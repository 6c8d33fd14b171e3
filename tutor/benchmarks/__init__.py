"""Benchmarks and campaigns: the product as its users meet it, beside what they would have without it.

`manage.py bench` prints figures, each with its goal; `manage.py campaign` keeps one promise of labs some hundred times
under load. The README cites both. A benchmark is a function that gives `Figure`s, named in `listed.BENCHMARKS`;
whatever it starts is on the loopback address, and ended and removed with it.
"""
