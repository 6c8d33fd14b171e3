"""Lessons: folders of authored content. A lesson says what to show; only a run says what happened.

A lesson's folder has `lesson.toml` (header, knobs, flow, rules that make steps from events, quiz …) and `program.py`
(shown and run), and may have `settings.toml`, `tasks.py`, `models.py` and more Python files, `why.md` and `inside.md`.
`catalogue` finds the lessons, `reading` reads and checks them, `format` has the models of `lesson.toml`, `claims` has
the kinds of claims, and `lesson` has what the rest of the site uses: a frozen `Lesson`. `versions` reads lessons that
were stored, after `upgrades` has upgraded them; nothing of them is checked again.

A lesson that loads can be shown and run: everything that it refers to exists. For a lesson that doesn't load, the error
names every mistake with its file and line. The package never runs a lesson's code, needs no database, and knows no
lesson by name.
"""
