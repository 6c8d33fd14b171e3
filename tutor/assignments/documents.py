"""A question as JSON, with which an assignment keeps it as it was made, whatever becomes of its lesson. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.point import Point
from tutor.quizzes.kinds.question import Question

ADAPTERS: Mapping[str, TypeAdapter[Any]] = {each.kind: TypeAdapter(each) for each in (Choice, Cell, Order, Point)}
"""Kind → what reads and writes its questions. A repair isn't among them: each answer to one costs a run."""


def document_of(question: Question) -> dict[str, Any]:
    """Return a question as JSON. Raises KeyError for a kind that can't be assigned."""
    document: dict[str, Any] = ADAPTERS[question.kind].dump_python(question, mode="json")
    return {**document, "kind": question.kind}


def question_in(document: Mapping[str, Any]) -> Question:
    """Return the question that `document_of` has made a document of."""
    fields = {name: value for name, value in document.items() if name != "kind"}
    question: Question = ADAPTERS[document["kind"]].validate_python(fields, strict=False)
    return question
