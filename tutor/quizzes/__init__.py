"""Quizzes: the questions of a lesson, and checking their answers on the server.

A page never contains the key of a question. The key of a question about a run comes from the trace of that run.
"""
