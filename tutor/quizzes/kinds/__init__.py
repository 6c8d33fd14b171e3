"""The kinds of questions: one module each, with a class that derives from `question.Question`, and a template.

A question is a value: what is asked, what is right, and what there is to say of an answer. It knows neither who answers
nor how often. What a browser has chosen or written is kept as one text, the *answer*, in a form of its kind's own.
"""
