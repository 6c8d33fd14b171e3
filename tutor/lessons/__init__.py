"""Lessons: folders of authored content that say what to show and never what happened.

A lesson's folder has `lesson.toml` (header, knobs, flow, rules that make steps of events, quiz …) and `program.py`
(shown and run), and may have `settings.toml`, `tasks.py`, `models.py` and more Python files, `why.md` and `inside.md`.
`catalogue` finds the lessons, `reading` reads and checks them, `format` has the models of `lesson.toml`, `claims` has
the kinds of claims, and `lesson` has what the rest of the site uses: a frozen `Lesson`.

A lesson that loads can be shown and run: everything that it refers to exists. One that doesn't load has all its
mistakes named, each with its file and line. The package never runs a lesson's code, needs no database, and knows no
lesson by name.
"""
