"""The pages of members: joining a class, following it, and what they send."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutor.lessons.knob_form import KnobForm
from tutor.live.browser_state import BrowserState
from tutor.pages.browser import browser_of, new_browser, remember_browser
from tutor.pages.moments import number_of
from tutor.pages.qr import qr_of
from tutor.runs.service import TooManyRuns, start
from tutor.runs.versions import stored_lesson
from tutor.runs.writing import writing
from tutor.styles import rendering
from tutor.styles.moment import STEP_BY_STEP
from tutor.styles.registry import script_of

from .after import after_page
from .asking import class_style, own_styles
from .code import spoken
from .forgetting import forget
from .lookup import TooManyGuesses, may_look, remember_room, room_of_code, room_or_404
from .models import Question, Room
from .own_runs import meanwhile, note_run
from .room_feed import text_for
from .rooms import NotStored, answer, is_open, join, lacks_word, lost, member_of, said_by
from .tickets import hand_in, ticket_of
from .turn import NUMBER
from .view import MEMBER, look_at

View = Callable[..., HttpResponse]
CHANGEABLE = "You can change it until your teacher closes the question. The wall shows shares, never names."
"""What a member is told of an answer while its question is open."""


def few_guesses(view: View) -> View:
    """Have a view answer with status 429 if too many wrong codes came from its address."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        try:
            return view(request, *args, **names)
        except TooManyGuesses:
            reason = "Too many wrong codes came from your network. Wait half a minute, and look at the code again."
            return render(request, "classroom/join.html", {"reason": reason, "code": ""}, status=429)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@few_guesses
def join_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a class; with one, lead to the class."""
    typed = (request.POST or request.GET).get("code", "")[:40]
    if not typed:
        return render(request, "classroom/join.html", {"code": ""})
    if room := room_of_code(request, typed):
        return redirect(room)
    reason = "There is no class with this code. Compare it with the one on the wall."
    return render(request, "classroom/join.html", {"reason": reason, "code": typed}, status=404)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@few_guesses
def room(request: HttpRequest, code: str) -> HttpResponse:
    """Show a class to a member, or store what a member sends. `?step=3` is a step that the class has seen."""
    found = room_or_404(request, code)
    if request.method == "POST":
        return sent(request, found)
    if not is_open(found):
        return after_page(request, found)
    if lacks_word(found, browser_of(request)):
        return remember_browser(request, render(request, "classroom/word.html", {"room": found}))
    return member_page(request, found)


def member_page(request: HttpRequest, room: Room, form: KnobForm | None = None, status: int = 200) -> HttpResponse:
    """Return the page of a member or, for htmx, the fragments of a step. `form` is that of a run of its own.

    `?style=flow` is a style that the member has chosen; without it, a page has that of the class.
    """
    view = look_at(room.pk).prepare([MEMBER])
    step, style = number_of(request.GET.get("step", "")), request.GET.get("style", "")
    at = view.moment.position if step is None else step
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(rendering.fragments(view.moment.at(at, class_style(style) or STEP_BY_STEP)))
    chosen = style if style in own_styles() else ""
    moment = view.moment.at(at, chosen or view.room.style)
    said = said_by(member_of(room, browser_of(request)), view.room.question)
    names = {
        **moment.context,
        "room": view.room,
        "code": spoken(view.room.code),
        "title": view.title,
        "part": view.html(MEMBER, said),
        "said": said,
        "question": view.room.question,
        "changeable": CHANGEABLE,
        "follows": moment.position == view.place.step,
        "stage": rendering.stage(moment),
        "walk_nav": rendering.walk_nav(moment),
        "style": moment.style,
        "style_script": script_of(moment.style),
        "styles": own_styles(),
        "chosen": chosen,
        "socket_url": f"/ws/rooms/{view.room.code}/?style={moment.style}",
        "changes_url": f"{reverse('room-changes', args=[view.room.code])}?style={moment.style}",
        "knob_form": form or KnobForm(view.lesson.content.knobs, values=view.lesson.defaults),
    }
    response = render(request, "classroom/member.html", names, status=status)
    return remember_room(remember_browser(request, response), room)


def sent(request: HttpRequest, room: Room) -> HttpResponse:
    """Store what a member sends; say so to a script, otherwise show the class again."""
    browser = browser_of(request) or new_browser()
    try:
        said = store(request, room, browser)
        status = 200
    except NotStored as error:
        said, status = str(error), error.status
    if request.headers.get("Accept") == "text/plain":
        response = HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    elif status == 200:
        response = redirect(room)
    else:
        page = "word" if lacks_word(room, browser) else "not_stored"
        response = render(request, f"classroom/{page}.html", {"room": room, "reason": said}, status=status)
    return remember_browser(request, response, browser)


def store(request: HttpRequest, room: Room, browser: str) -> str:
    """Store what a member sends, and return what to tell them. When this returns, it is committed. Raises NotStored."""
    if request.POST.get("do") == "forget":
        forget(room, browser)
        return "What you sent to this class is deleted."
    if not is_open(room):
        raise NotStored("This class has ended.")
    if lacks_word(room, browser) and request.POST.get("word", "").strip().lower() != room.word.lower():
        raise NotStored("That isn’t the word of this class.")
    with writing, transaction.atomic():
        return stored(request, room, browser)


def stored(request: HttpRequest, room: Room, browser: str) -> str:
    what = request.POST.get("do", "")
    member = join(room, browser, request.POST.get("name", "") if what == "join" else "")
    if what == "answer":
        asked = number(request, "question"), number(request, "round"), number(request, "option")
        goes_on = answer(room, member, *asked).question.state == Question.State.OPEN
        rest = CHANGEABLE if goes_on else "It counts."
        return f"Your answer is stored. {rest}"
    if what == "lost":
        lost(room, member, number(request, "step"))
        return "Your teacher sees that somebody is lost here, but not who."
    if what == "join":
        return "You are in."
    if what == "ticket" and (ticket := ticket_of(room)):
        hand_in(ticket, member, request.POST.dict())
        return "Your answers are stored. You can change them until the class ends."
    raise NotStored("This isn’t a form of this page. Load the page again.")


def number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not NUMBER.fullmatch(text):
        raise NotStored("Choose one of the options, and send it again." if name == "option" else "Load the page again.")
    return int(text)


@require_POST
@never_cache
@few_guesses
def own_run(request: HttpRequest, code: str) -> HttpResponse:
    """Start a run of a member with the posted knobs, and lead to its page.

    If it has to wait for a lab, and the class has a run with the same inputs that has ended, offer that one meanwhile.
    """
    room = room_or_404(request, code)
    lesson, browser = stored_lesson(room.version_id), browser_of(request) or new_browser()
    form = KnobForm(lesson.content.knobs, request.POST)
    if lacks_word(room, browser):
        return redirect(room)
    if not room.invites_runs or not is_open(room):
        reason = "Your teacher doesn’t invite runs any more."
        return render(request, "classroom/join.html", {"reason": reason, "code": room.code}, status=409)
    if not form.is_valid():
        return remember_browser(request, member_page(request, room, form, status=422))
    try:
        run = start(lesson, form.cleaned_data, session=request.session, address=request.META.get("REMOTE_ADDR"))
    except TooManyRuns as error:
        return render(request, "429.html", {"reason": str(error), "lesson": lesson}, status=429)
    note_run(room, join(room, browser), run)
    if other := meanwhile(room, run):
        return remember_browser(request, render(request, "classroom/own_run.html", {"run": run, "other": other}))
    return remember_browser(request, redirect(run))


@require_safe
@never_cache
@few_guesses
def room_changes(request: HttpRequest, code: str) -> HttpResponse:
    """Return what a page lacks that reports its state by `?state=`, where websockets are blocked; 204 for nothing."""
    found = room_or_404(request, code)
    if not may_look(found, request.COOKIES):
        return HttpResponse("Load the page of the class first.", status=403, content_type="text/plain")
    try:
        state = BrowserState.from_message(request.GET.get("state", "")[:2000])
    except ValueError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    style = class_style(request.GET.get("style", "")) or STEP_BY_STEP
    text = text_for(look_at(found.pk).prepare([MEMBER]), MEMBER, style, state)
    return HttpResponse(text, content_type="application/json") if text else HttpResponse(status=204)


@require_safe
@few_guesses
def qr_code(request: HttpRequest, code: str) -> HttpResponse:
    """Return the QR code of a class's address as SVG."""
    found = room_or_404(request, code)
    return HttpResponse(qr_of(request.build_absolute_uri(found.get_absolute_url())), content_type="image/svg+xml")
