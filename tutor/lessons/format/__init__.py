"""The format of `lesson.toml`: a model for each table, with the checks that need no other table.

The models are frozen. `tutor.lessons.reading` checks the references from one table to another.
"""
