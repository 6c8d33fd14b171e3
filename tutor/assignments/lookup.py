"""Finding an assignment by what an address contains."""

from __future__ import annotations

from tutor.pages.errors import ExplainedNotFound

from .models import Assignment


def assignment_or_404(code: str) -> Assignment:
    """Return the assignment whose students have this address."""
    if found := Assignment.objects.filter(code=code).first():
        return found
    raise ExplainedNotFound(
        "There is no quiz at this address, or it is kept no longer. Compare the address with your teacher’s."
    )


def given_or_404(secret: str) -> Assignment:
    """Return the assignment whose teacher has this address."""
    if found := Assignment.objects.filter(secret=secret).first():
        return found
    raise ExplainedNotFound("No quiz is given from this address. It may have been deleted, 90 days after it closed.")
