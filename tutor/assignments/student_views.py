"""The pages of students: saying who one is, answering, and what one's answers were worth."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap

from tutor.quizzes.attempts import Refused

from .answered import answered
from .lookup import assignment_or_404
from .models import Assignment, Student
from .own_data import own_data
from .sheet import Sheet
from .students import GONE, NotAdmitted, admit, begin, forget, has_left, remember, student_of
from .taking import NotBegun, respond, save_draft, taking
from .timing import received_at


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assignment(request: HttpRequest, code: str) -> HttpResponse:
    """Show a quiz to a student, or store the name of somebody who joins it. `?question=ID` is a question."""
    found = assignment_or_404(code)
    student = student_of(request, code)
    if request.method == "POST" and student is None:
        try:
            student = joined(request, found)
        except NotAdmitted as error:
            return start_page(request, found, None, reason=str(error), status=422)
        return remember(redirect(found), student.key, found)
    return quiz_page(request, found, student)


def joined(request: HttpRequest, found: Assignment) -> Student:
    """Add the student who has typed a name. Raises NotAdmitted."""
    if has_left(request, found.code):
        raise NotAdmitted("Somebody has deleted their answers in this browser, which takes part no more.")
    return admit(found, request.POST.get("name", ""), request.META.get("REMOTE_ADDR"))


def quiz_page(request: HttpRequest, found: Assignment, student: Student | None) -> HttpResponse:
    """Return the questions if the student has begun, or else the page before them."""
    now = received_at(request)
    if student is None or student.attempt_id is None or found.ready_at is None:
        return start_page(request, found, student)
    if now < found.opens_at and not student.is_preview:
        return start_page(request, found, student)
    drafts = dict(student.drafts.values_list("question", "fields"))
    sheet = Sheet(taking(found, student, now), request.GET.get("question", ""), drafts)
    return render(request, "assignments/quiz.html", {"sheet": sheet, **sheet.about})


def start_page(
    request: HttpRequest, found: Assignment, student: Student | None, *, reason: str = "", status: int = 200
) -> HttpResponse:
    """Return the page that asks for a name, or that says what comes and lets the student begin."""
    now = received_at(request)
    names = {
        "assignment": found,
        "student": student,
        "reason": reason,
        "has_left": has_left(request, found.code),
        "is_listed": found.has_list,
        "has_opened": now >= found.opens_at,
        "is_over": now >= found.closes_at,
        "count": min(found.number, found.questions.count()) if found.ready_at else found.number,
    }
    return render(request, "assignments/start.html", names, status=status)


@require_safe
@never_cache
def personal(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Have the browser be the student whose personal address this is, and lead to the quiz."""
    found = assignment_or_404(code)
    student = found.students.filter(key=key).first()
    if student is None:
        raise Http404("Unknown student.")
    return remember(redirect(found), student.key, found)


@require_POST
@never_cache
def begin_quiz(request: HttpRequest, code: str) -> HttpResponse:
    """Begin: the student's time runs from now on."""
    found, student = own_or_404(request, code)
    now = received_at(request)
    if found.ready_at and found.opens_at <= now < found.closes_at:
        begin(student, found)
    return redirect(found)


@require_POST
@never_cache
def answer(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Store what was sent to a question, and show how it stands: as a fragment to htmx, otherwise by a redirect."""
    found, student = own_or_404(request, code)
    if student.attempt_id is None:
        return refused(request, found, NotBegun())
    now, refusal = received_at(request), None
    try:
        own = respond(found, student, str(id), request.POST, now)
    except LookupError as error:
        raise Http404(str(error)) from error
    except Refused as error:
        own, refusal = taking(found, student, now), error
    sheet = Sheet(own, str(id))
    if not request.htmx:  # type: ignore[attr-defined]
        if refusal:
            return refused(request, found, refusal)
        return redirect(sheet.address_of(str(id)))
    response = HttpResponse(answered(request, sheet, str(refusal or "")), status=refusal.status if refusal else 200)
    return reswap(response, "none") if refusal and refusal.keeps_form else response


def refused(request: HttpRequest, found: Assignment, refusal: Refused) -> HttpResponse:
    """Return the page that says why something wasn't stored. It has no question."""
    names = {"reason": str(refusal), "assignment": found}
    return render(request, "assignments/refused.html", names, status=refusal.status)


@require_POST
@never_cache
def draft(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Keep what a student has put into the form of a question."""
    found, student = own_or_404(request, code)
    try:
        save_draft(found, student, str(id), request.POST, received_at(request))
    except LookupError as error:
        raise Http404(str(error)) from error
    except Refused as error:
        return HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=error.status)
    return HttpResponse(status=204)


@require_safe
@never_cache
def own_answers(request: HttpRequest, code: str) -> HttpResponse:
    """Return everything that is stored of a student, as a file."""
    found, student = own_or_404(request, code)
    headers = {"Content-Disposition": f'attachment; filename="quiz-{found.code}.json"'}
    options = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(
        own_data(taking(found, student, received_at(request))), json_dumps_params=options, headers=headers
    )


@require_POST
@never_cache
def forget_me(request: HttpRequest, code: str) -> HttpResponse:
    """Delete the student's name and answers, once the student has said so a second time."""
    found, student = own_or_404(request, code)
    if request.POST.get("sure") != "yes":
        return render(request, "assignments/forget.html", {"assignment": found, "student": student})
    forget(student)
    return remember(render(request, "assignments/forgotten.html", {"assignment": found}), GONE, found)


def own_or_404(request: HttpRequest, code: str) -> tuple[Assignment, Student]:
    """Return an assignment and the student that the browser is."""
    student = student_of(request, code)
    if student is None:
        assignment_or_404(code)
        raise Http404("This browser isn't that of a student of the quiz.")
    return student.assignment, student
