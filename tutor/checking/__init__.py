"""Checking lessons: every case runs in a lab of its own, and every claim is checked against those runs.

`case_runs` returns the reference runs of cases, and makes those that are missing side by side; `findings` checks the
claims of a lesson against its runs; `mutation` finds out whether the check would notice a wrong claim; `cold` compares
labs with a cold `qcluster`; `run_command` is what the commands that print a run share. The commands are `lessons`,
`run_lesson` and `show_run`.
"""
