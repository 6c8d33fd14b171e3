"""The pages of a presenter: opening a class, the stage on the wall, the remote, and the commands of both."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutor.lessons.lesson import Lesson
from tutor.pages.errors import lesson_or_404
from tutor.pages.predict import neutral_title
from tutor.pages.qr import qr_of
from tutor.runs.versions import stored_lesson
from tutor.styles import rendering
from tutor.styles.moment import newest_of
from tutor.styles.registry import script_of

from .after import after_page
from .code import spoken
from .commands import Sent, carry_out
from .forgetting import forget_all
from .lectures import items, save
from .lookup import remember_room, seated_or_404, take_seat, taught_or_404
from .models import Lecture, Room
from .rooms import NotStored, is_open, open_room
from .turn import Refused
from .view import PRESENTER, REMOTE, look_at

ARGUMENTS = {
    "go": "step",
    "play": "pace",
    "style": "style",
    "ask": "what",
    "case": "case",
    "break": "action",
    "hide": "member",
}
"""Kind of a command → what the word after it means, in the value of a button."""
MOST_LINES = 40
"""The number of lines of a worksheet."""
NOT_DETAIL = ("csrfmiddlewaretoken", "do", "key", "saw")
FIELDS = {"text": "ask", "options": "ask", "word": "word", "hands": "hands"}
"""Field of the page's form, without a number → the kind of command that it belongs to."""


@require_POST
@never_cache
def teach(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a class that is taught a lesson, and lead to its presenter's page."""
    return opened(request, lesson_or_404(slug))


def opened(request: HttpRequest, lesson: Lesson, lecture: Lecture | None = None) -> HttpResponse:
    try:
        room = open_room(lesson, address=request.META.get("REMOTE_ADDR"), lecture=lecture)
    except (NotStored, Refused) as error:
        return render(request, "429.html", {"reason": str(error), "lesson": lesson}, status=429)
    return redirect("present", room.secret)


@require_POST
@never_cache
def save_lecture(request: HttpRequest, secret: str) -> HttpResponse:
    """Save what was shown and asked in a class, and lead to the page of that lecture."""
    return redirect("lecture", save(taught_or_404(secret)).secret)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lecture(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a lecture, or open a class that is taught it."""
    found = get_object_or_404(Lecture, secret=secret)
    lesson = lesson_or_404(found.version.slug)
    if request.method == "POST":
        return opened(request, lesson, found)
    names = {"lecture": found, "items": items(found), "lesson": lesson, "changed": lesson.version != found.version_id}
    return render(request, "classroom/lecture.html", names)


@require_POST
@never_cache
def forget_members(request: HttpRequest, secret: str) -> HttpResponse:
    """Delete the names and the single answers of a class that is over, and lead back to its page."""
    room = taught_or_404(secret)
    if not is_open(room):
        forget_all(room)
    return redirect("present", secret)


@require_safe
@never_cache
def present(request: HttpRequest, secret: str) -> HttpResponse:
    """Lead to the wall of a class, whose address isn't secret, with a cookie that opens it. After its end, show it."""
    room = taught_or_404(secret)
    if not is_open(room):
        return after_page(request, room, is_presenter=True)
    return remember_room(take_seat(redirect("wall", room.code), room), room)


@require_safe
@never_cache
def wall(request: HttpRequest, code: str) -> HttpResponse:
    """Show a class on the wall, to a browser that knows its secret."""
    room = seated_or_404(request, code)
    if not is_open(room):
        return redirect("present", room.secret)
    view = look_at(room.pk).prepare([PRESENTER])
    names = {
        **view.moment.context,
        **presenter_names(request, room, PRESENTER),
        "title": view.title,
        "stage": rendering.stage(view.moment),
        "walk_nav": rendering.walk_nav(view.moment),
        "style": view.room.style,
        "style_script": script_of(view.room.style),
        "part": view.html(PRESENTER),
    }
    return render(request, "classroom/present.html", names)


@require_safe
@never_cache
def remote(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the remote of a class."""
    room = taught_or_404(secret)
    if not is_open(room):
        return after_page(request, room, is_presenter=True)
    view = look_at(room.pk).prepare([REMOTE])
    names = {**presenter_names(request, room, REMOTE), "title": view.title, "part": view.html(REMOTE)}
    return render(request, "classroom/remote.html", names)


def presenter_names(request: HttpRequest, room: Room, role: str) -> dict[str, Any]:
    query = f"style={room.style}" if role == PRESENTER else "remote=1"
    return {
        "room": room,
        "code": spoken(room.code),
        "commands_url": reverse("room-command", args=[room.secret]) + ("?remote" if role == REMOTE else ""),
        "socket_url": f"/ws/teach/{room.secret}/?{query}",
    }


@require_POST
@never_cache
def command(request: HttpRequest, secret: str) -> HttpResponse:
    """Carry out a command. A script is told its number or why it was refused; otherwise, lead back to the page."""
    kind, _, argument = request.POST.get("do", "").partition(" ")
    detail = {name: value for name, value in request.POST.dict().items() if belongs(name, kind)}
    if argument:
        detail[ARGUMENTS.get(kind, "argument")] = argument
    sent = Sent(request.POST.get("key", ""), request.POST.get("saw", ""), kind, detail)
    try:
        room = carry_out(secret, sent, request.META.get("REMOTE_ADDR"))
    except Room.DoesNotExist:
        raise Http404("Unknown class.") from None
    except Refused as error:
        return render(request, "classroom/refusal.html", {"reason": str(error)}, status=error.status)
    page = redirect("remote" if "remote" in request.GET else "present", room.secret)
    if not request.htmx:  # type: ignore[attr-defined]
        return page
    return HttpResponse(str(room.number), headers={"HX-Redirect": page.url} if room.secret != secret else {})


def belongs(name: str, kind: str) -> bool:
    """Return whether a field is part of a command. The form of a page has the fields of all kinds."""
    return name not in NOT_DETAIL and FIELDS.get(name.partition("-")[0], kind) == kind


@require_safe
@never_cache
def worksheet(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a sheet to print: the table of the class's first run with blank cells, and the key on a sheet of its own."""
    room = taught_or_404(secret)
    first = room.seen.select_related("run").first()
    assert first
    moment = newest_of(first.run)
    lesson = stored_lesson(room.version_id)
    names = {"room": room, "title": neutral_title(lesson), "steps": moment.trace.steps[:MOST_LINES]}
    return render(request, "classroom/worksheet.html", names)


@require_safe
@never_cache
def remote_qr(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the QR code of the remote's address as SVG."""
    taught_or_404(secret)
    return HttpResponse(
        qr_of(request.build_absolute_uri(reverse("remote", args=[secret]))), content_type="image/svg+xml"
    )
