"""The pages of a presenter: opening a class, the stage on the wall, the remote, and the commands of both."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tutor.pages.errors import lesson_or_404
from tutor.styles import rendering

from .after import after_page
from .code import spoken
from .commands import Refused, Sent, carry_out
from .lookup import taught_or_404
from .models import Room
from .qr import qr_of
from .rooms import NotStored, is_open, open_room
from .view import PRESENTER, REMOTE, look_at

ARGUMENTS = {"go": "step", "play": "pace", "style": "style", "ask": "what", "case": "case", "hide": "member"}
"""Kind of a command → what the word after it means, in the value of a button."""
NOT_DETAIL = ("csrfmiddlewaretoken", "do", "key", "saw")


@require_POST
@never_cache
def teach(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a class that is taught a lesson, and lead to its presenter's page."""
    lesson = lesson_or_404(slug)
    try:
        room = open_room(lesson, address=request.META.get("REMOTE_ADDR"))
    except (NotStored, Refused) as error:
        return render(request, "429.html", {"reason": str(error), "lesson": lesson}, status=429)
    return redirect("present", room.secret)


@require_safe
@never_cache
def present(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a class on the wall."""
    room = taught_or_404(secret)
    if not is_open(room):
        return after_page(request, room)
    view = look_at(room.pk).prepare([PRESENTER])
    names = {
        **view.moment.context,
        **presenter_names(request, room, PRESENTER),
        "title": view.title,
        "stage": rendering.stage(view.moment),
        "walk_nav": rendering.walk_nav(view.moment),
        "style": view.room.style,
        "part": view.html(PRESENTER),
    }
    return render(request, "classroom/present.html", names)


@require_safe
@never_cache
def remote(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the remote of a class."""
    room = taught_or_404(secret)
    if not is_open(room):
        return after_page(request, room)
    view = look_at(room.pk).prepare([REMOTE])
    names = {**presenter_names(request, room, REMOTE), "title": view.title, "part": view.html(REMOTE)}
    return render(request, "classroom/remote.html", names)


def presenter_names(request: HttpRequest, room: Room, role: str) -> dict[str, Any]:
    query = f"style={room.style}" if role == PRESENTER else "remote=1"
    return {
        "room": room,
        "code": spoken(room.code),
        "commands_url": reverse("room-command", args=[room.secret]),
        "socket_url": f"/ws/teach/{room.secret}/?{query}",
    }


@require_POST
@never_cache
def command(request: HttpRequest, secret: str) -> HttpResponse:
    """Carry out a command; say to htmx only why it was refused, otherwise lead back to the page."""
    taught_or_404(secret)
    kind, _, argument = request.POST.get("do", "").partition(" ")
    detail = {name: value for name, value in request.POST.dict().items() if name not in NOT_DETAIL}
    if argument:
        detail[ARGUMENTS.get(kind, "argument")] = argument
    sent = Sent(request.POST.get("key", ""), request.POST.get("saw", ""), kind, detail)
    is_htmx = request.htmx  # type: ignore[attr-defined]
    try:
        carry_out(secret, sent, request.META.get("REMOTE_ADDR"))
    except Refused as error:
        status = error.status if error.status in (409, 422) or not is_htmx else 409
        return render(request, "classroom/refusal.html", {"reason": str(error)}, status=status)
    if is_htmx:
        return HttpResponse("")
    return redirect("remote" if "remote" in request.GET else "present", secret)


@require_safe
@never_cache
def remote_qr(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the QR code of the remote's address as SVG."""
    taught_or_404(secret)
    return HttpResponse(
        qr_of(request.build_absolute_uri(reverse("remote", args=[secret]))), content_type="image/svg+xml"
    )
