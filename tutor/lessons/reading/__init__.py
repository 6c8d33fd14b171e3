"""Reading a lesson's folder: all of it, with every mistake named by file and line, or not at all.

`loading.load` reads the files (`folder`), fills in common steps, validates `lesson.toml` against its format, checks
what its tables refer to, and finds its claims. It never runs a lesson's code.
"""
