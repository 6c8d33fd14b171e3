"""Generators of questions: small functions of one run's trace, one module for each subject.

A module of this package with a function `questions` is a generator; `registry` finds it by its name. It yields what it
would ask about the run, with wrong options that somebody with a known misconception would choose. It doesn't know
whether other runs of the case show the same: `tutor.quizzes.gate` drops what they don't agree on.
"""
