"""Benchmarks: figures of the product as its users meet it, side by side with what they are measured against.

`manage.py bench` prints them, the README cites them. Each is a function that returns a `Figure`, registered in
`figures.BENCHMARKS`; nothing is asserted, and everything that is started is ended.
"""
