"""The format of `lesson.toml`: a model for each table, with what can be checked of it on its own.

The models describe what an author writes and hold it, frozen. References from one table to another are checked by
`tutor.lessons.reading`.
"""
