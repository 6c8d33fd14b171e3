"""Finding a room by what an address contains, within the limit on wrong codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.http.response import HttpResponseBase
from django.urls import reverse

from tutor.pages.errors import ExplainedNotFound
from tutor.pages.guessing import guesses

from .code import code_in
from .models import Room

COOKIE = "room"
"""The cookie of a browser that has been in a class: its code, signed. It doesn't guess, whatever others do nearby."""
SEAT = "seat"
"""The cookie of a presenter's browser: the secret of the class whose wall it opens, signed."""
ROOM = "SELECT * FROM classroom_room WHERE code = %s"
"""A constant, as all that a class sends begins with it, and a queryset takes longer to make its SQL."""
KEPT = timedelta(hours=12)
signer = signing.TimestampSigner(salt=__name__)
Response = TypeVar("Response", bound=HttpResponseBase)


class TooManyGuesses(Exception):
    """An address has sent too many wrong codes."""


def room_of_code(request: HttpRequest, text: str) -> Room | None:
    """Return the room of a code, however it is typed; None if there is none. Raises TooManyGuesses."""
    return find(code_in(text), request.COOKIES, request.META.get("REMOTE_ADDR", ""))


def room_of_socket(scope: Mapping[str, Any], code: str) -> Room | None:
    """Return the room that a websocket with this code may follow; None if there is none. Raises TooManyGuesses."""
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin1"))
    room = find(code_in(code), cookies, (scope.get("client") or [""])[0])
    return room if room and may_look(room, cookies) else None


def find(code: str, cookies: Mapping[str, str], address: str) -> Room | None:
    if not has_been_in(code, cookies) and not guesses.may_guess(address):
        raise TooManyGuesses
    room = next(iter(Room.objects.raw(ROOM, [code])), None) if code else None
    if room is None:
        guesses.note_failure(address)
    return room


def may_look(room: Room, cookies: Mapping[str, str]) -> bool:
    """Return whether a browser may follow a class: a page of it was shown to the browser, or it asks for no word."""
    return not room.word or has_been_in(room.code, cookies)


def has_been_in(code: str, cookies: Mapping[str, str]) -> bool:
    try:
        return signer.unsign(cookies.get(COOKIE, ""), max_age=KEPT) == code
    except signing.BadSignature:
        return False


def remember_room(response: Response, room: Room) -> Response:
    """Have a browser remember that it is in a class. Return `response`."""
    secure, value = settings.SESSION_COOKIE_SECURE, signer.sign(room.code)
    response.set_cookie(COOKIE, value, max_age=KEPT, httponly=True, samesite="Lax", secure=secure)
    return response


def room_or_404(request: HttpRequest, text: str) -> Room:
    """Return the room of a code. Raises TooManyGuesses."""
    if room := room_of_code(request, text):
        return room
    raise ExplainedNotFound("There is no class with this code. Compare it with the one on the wall.")


def taught_or_404(secret: str) -> Room:
    """Return the room of a presenter's secret."""
    room = Room.objects.select_related("run", "question").filter(secret=secret).first()
    if room is None:
        raise ExplainedNotFound("No class is led from this address. It may have been given another one.")
    return room


def take_seat(response: Response, room: Room) -> Response:
    """Have a browser remember the secret of a class, so that the address of the wall can be seen. Return `response`."""
    response.set_signed_cookie(
        SEAT,
        room.secret,
        max_age=KEPT,
        path=reverse("wall", args=[room.code]),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def seated_or_404(request: HttpRequest, code: str) -> Room:
    """Return the room of a code, if the browser remembers its secret."""
    secret = request.get_signed_cookie(SEAT, default="") or ""
    room = Room.objects.select_related("run", "question").filter(secret=secret, code=code_in(code)).first()
    if room is None:
        raise ExplainedNotFound("This is the wall of a class. Only its presenter can open it, by its secret address.")
    return room
