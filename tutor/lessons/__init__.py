"""Lessons: folders of authored content that say what to show and never what happened.

A lesson is a folder: `lesson.toml` (header, knobs, flow, rules that make steps of events, quiz …), `program.py` (shown
and run), and optionally `settings.toml`, `tasks.py` and `models.py`, `why.md` and `inside.md`. This package finds them
(`catalogue`), reads and checks them (`loading`, `checks`) and gives them out as frozen models (`lesson`, `parts`).

It promises that a lesson which loads can be shown and run: whatever it refers to is there, and every mistake is named
with its file and line, all of them at once. It never runs a lesson's code, needs no database, and knows no lesson by
name.
"""
