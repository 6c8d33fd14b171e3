"""Finding a room by what an address contains, within the limit on wrong codes."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tutor.pages.errors import ExplainedNotFound

from .code import code_in
from .guessing import guesses
from .models import Room


class TooManyGuesses(Exception):
    """An address has sent too many wrong codes."""


def room_of_code(request: HttpRequest, text: str) -> Room | None:
    """Return the room of a code, however it is typed; None if there is none. Raises TooManyGuesses."""
    address = request.META.get("REMOTE_ADDR", "")
    code = code_in(text)
    room = Room.objects.select_related("run", "question").filter(code=code).first() if code else None
    if room:
        return room
    if not guesses.may_guess(address):
        raise TooManyGuesses
    guesses.note_failure(address)
    return None


def room_or_404(request: HttpRequest, text: str) -> Room:
    """Return the room of a code. Raises TooManyGuesses."""
    if room := room_of_code(request, text):
        return room
    raise ExplainedNotFound("There is no class with this code. Compare it with the one on the wall.")


def taught_or_404(secret: str) -> Room:
    """Return the room of a presenter's secret."""
    room = Room.objects.select_related("run", "question").filter(secret=secret).first()
    if room is None:
        raise Http404("Unknown class.")
    return room
