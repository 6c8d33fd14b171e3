"""Checking lessons: every case is run in a lab of its own, and every claim is held against those runs.

`keeping` runs cases side by side and keeps what was seen; `proving` holds claims against traces; `altering` asks
whether a check would notice a claim that is wrong. All but `keeping` are pure.
"""
