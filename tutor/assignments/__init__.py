"""Assignments: quizzes that a teacher gives, what students answer, and the results."""
