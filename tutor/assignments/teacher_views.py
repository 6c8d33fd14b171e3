"""The pages of a teacher: making a quiz, its results, and what can be changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutor.lessons import catalogue
from tutor.pages.qr import qr_of
from tutor.pages.typed import one_line
from tutor.runs.writing import writing

from .changes import NotChanged, close_now, delete, forget_students, make_again, put_back, set_times, take_out
from .form import TimesForm, new_form
from .lookup import given_or_404
from .making import TooMany, make
from .models import LONGEST_NOTE, Assignment
from .results import results_of
from .students import NotAdmitted, begin_preview, enlist, remember
from .timing import received_at

Change = Callable[[HttpRequest, Assignment], object]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give(request: HttpRequest) -> HttpResponse:
    """Show the form of a new quiz, or make it. `?lesson=` is a lesson that is chosen already."""
    if request.method != "POST":
        return form_page(request, new_form(lesson=request.GET.get("lesson", "")))
    form = new_form(request.POST)
    if not form.is_valid():
        return form_page(request, form, status=422)
    assignment = form.save(commit=False)
    if request.user.is_authenticated:
        assignment.owner = request.user
    lessons = [catalogue.get(slug) for slug in form.cleaned_data["lessons"]]
    try:
        make(assignment, lessons, request.META.get("REMOTE_ADDR"))
    except TooMany as error:
        return form_page(request, form, reason=str(error), status=429)
    return redirect(assignment.teacher_address)


def form_page(request: HttpRequest, form: Any, *, reason: str = "", status: int = 200) -> HttpResponse:
    names = {"form": form, "reason": reason, "subjects": subjects(form)}
    return render(request, "assignments/give.html", names, status=status)


def subjects(form: Any) -> list[tuple[str, list[Any]]]:
    """Return the subjects of the catalogue, each with the check boxes of its lessons."""
    found: dict[str, list[Any]] = {}
    lessons = catalogue.lessons()
    for box in form["lessons"]:
        found.setdefault(lessons[box.data["value"]].content.catalogue_subject, []).append(box)
    return list(found.items())


@require_safe
@never_cache
def given(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a quiz to its teacher."""
    return given_page(request, given_or_404(secret))


def given_page(request: HttpRequest, found: Assignment, *, reason: str = "", status: int = 200) -> HttpResponse:
    now = received_at(request)
    names = {
        "assignment": found,
        "address": request.build_absolute_uri(found.get_absolute_url()),
        "students": found.students.filter(is_listed=True),
        "times": TimesForm(instance=found),
        "has_opened": now >= found.opens_at,
        "is_over": now >= found.closes_at,
        "reason": reason,
        "results": results_of(found),
    }
    return render(request, "assignments/given.html", names, status=status)


def changes(change: Change) -> Callable[..., HttpResponse]:
    """Make a view of a function that changes an assignment by what a form of its teacher sends."""

    @require_POST
    @never_cache
    @wraps(change)
    def view(request: HttpRequest, secret: str) -> HttpResponse:
        found = given_or_404(secret)
        try:
            with writing, transaction.atomic():
                locked = Assignment.objects.select_for_update(no_key=True).filter(pk=found.pk).first()
                change(request, locked or given_or_404(secret))
        except (NotChanged, NotAdmitted) as error:
            return given_page(request, found, reason=str(error), status=422)
        return redirect(found.teacher_address)

    return view


@changes
def change_times(request: HttpRequest, assignment: Assignment) -> None:
    """Change when a quiz is open."""
    set_times(assignment, TimesForm(request.POST, instance=assignment))


@changes
def close(request: HttpRequest, assignment: Assignment) -> None:
    """Close a quiz now."""
    close_now(assignment, received_at(request))


@changes
def remake(request: HttpRequest, assignment: Assignment) -> None:
    """Make the questions again, of more runs than there were before."""
    make_again(assignment)


@changes
def add_students(request: HttpRequest, assignment: Assignment) -> None:
    """Add the students of a pasted list."""
    if not enlist(assignment, request.POST.get("list", "")):
        raise NotChanged("There is no new name in this list. Paste one student on each line.")


@changes
def judge_question(request: HttpRequest, assignment: Assignment) -> None:
    """Take a question out, or put it back."""
    number = request.POST.get("number", "")
    if request.POST.get("do") == "back":
        put_back(assignment, number)
    else:
        take_out(assignment, number, one_line(request.POST.get("note", ""), LONGEST_NOTE), received_at(request))


@changes
def delete_students(request: HttpRequest, assignment: Assignment) -> None:
    """Delete the names and answers of all students."""
    if request.POST.get("sure") != "yes":
        raise NotChanged("Nothing was deleted. Tick “Yes, delete”, and press the button again.")
    forget_students(assignment)


@require_POST
@never_cache
def delete_quiz(request: HttpRequest, secret: str) -> HttpResponse:
    """Delete a quiz with everything that belongs to it."""
    found = given_or_404(secret)
    if request.POST.get("sure") != "yes":
        return given_page(request, found, reason="Nothing was deleted. Tick “Yes, delete” first.", status=422)
    delete(found)
    return redirect("give")


@require_POST
@never_cache
def preview(request: HttpRequest, secret: str) -> HttpResponse:
    """Have the teacher's browser be a student whose answers don't count, and lead to the questions."""
    found = given_or_404(secret)
    if found.ready_at is None:
        return given_page(request, found, reason="The questions are still being made.", status=409)
    return remember(redirect(found), begin_preview(found).key, found)


@require_safe
def student_qr(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the QR code of the students' address."""
    address = request.build_absolute_uri(given_or_404(secret).get_absolute_url())
    return HttpResponse(qr_of(address), content_type="image/svg+xml")
