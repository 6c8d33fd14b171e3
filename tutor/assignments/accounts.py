"""Signing in as a teacher, and the quizzes of one who has."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tutor.pages.guessing import passwords

from .models import Assignment

MOST_SHOWN = 200


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """Asks for a name and a password, a limited number of times for each address."""

    template_name = "assignments/sign_in.html"
    next_page = "own-assignments"

    def post(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        if not passwords.may_guess(request.META.get("REMOTE_ADDR", "")):
            reason = "Too many wrong passwords came from your network. Try again in a minute."
            return render(request, self.template_name, {"form": self.get_form_class()(), "reason": reason}, status=429)
        response: HttpResponse = super().post(request, *args, **names)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        passwords.note_failure(self.request.META.get("REMOTE_ADDR", ""))
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@require_safe
@never_cache
@login_required(login_url="sign-in")
def own_assignments(request: HttpRequest) -> HttpResponse:
    """Show the quizzes that a teacher has given, the newest first."""
    given = Assignment.objects.filter(owner=request.user.pk).order_by("-pk")[:MOST_SHOWN]
    return render(request, "assignments/own.html", {"assignments": given})
