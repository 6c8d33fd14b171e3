"""Everything that is stored of a student, for the student."""

from __future__ import annotations

from typing import Any

from .scoring import counted, points
from .taking import Kind, Taking
from .timing import has_closed


def own_data(own: Taking) -> dict[str, Any]:
    """Return it as JSON. The points are in it once the quiz has closed."""
    student, assignment = own.student, own.assignment
    return {
        "quiz": assignment.title,
        "name": student.name,
        "identity": student.identity,
        "address": student.address,
        "begun": student.begun_at,
        "answers": [answers_to(own, id) for id in own.quiz.items] if student.attempt_id else [],
        "drafts": list(student.drafts.order_by("question").values("question", "fields", "saved_at")),
        **({"score": own.score, "of": len(own.counting)} if has_closed(assignment, own.now) else {}),
    }


def answers_to(own: Taking, id: str) -> dict[str, Any]:
    """Return a question with all that the student has sent to it."""
    question, responses = own.quiz.items[id].question, own.by_question[id]
    sent = [
        {
            "kind": each.kind,
            "answer": question.option(each.answer).text if each.kind == Kind.ANSWER else "",
            "sent": each.sent_at,
        }
        for each in responses
    ]
    worth = {"points": points(counted(own.assignment, responses))} if own.is_over else {}
    return {"question": question.text, "sent": sent, **worth}
