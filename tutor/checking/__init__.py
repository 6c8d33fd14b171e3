"""Checking lessons: every case runs in a lab of its own, and every claim is checked against those runs.

`case_runs` runs cases side by side and keeps the events of each run; `findings` checks the claims of a lesson against
its runs; `mutation` finds out whether the check would notice a wrong claim; `cold` compares labs with a cold
`qcluster`. The commands are `lessons` and `run_lesson`.
"""
