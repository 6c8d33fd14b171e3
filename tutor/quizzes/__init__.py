"""Quizzes: the questions of a lesson, and what browsers answer.

A `Quiz` is the questions of a lesson at a run, or at a version of the lesson without a run. What a browser sends is
stored as a list of responses that only grows (`attempts`); how a question stands is a pure function of it
(`question_state`). A page doesn't contain the key of a question before this browser may know it. The key of a question
about a run comes from the trace of that run.
"""
