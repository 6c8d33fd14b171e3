"""Reading a lesson's folder. The result is a whole lesson, or an error that names every mistake with its file and line.

`loading.load` reads the files (`folder`), fills in common steps, validates `lesson.toml` against its format, checks
what its tables refer to, and finds its claims. It never runs a lesson's code.
"""
