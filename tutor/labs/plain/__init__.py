"""The plain project: a lesson under a cold `manage.py qcluster`, as a reader of django-q2's documentation runs it.

`plain_project.PlainProject` writes, migrates and runs one; its files are in `project/`. `lessons check --cold` and
tests compare labs with it, and benchmarks measure labs against it.
"""
