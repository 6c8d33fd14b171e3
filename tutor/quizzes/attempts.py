"""Storing what browsers send to questions, within limits, and each of it once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tutor.runs.models import Run
from tutor.runs.service import MINUTE, TooManyRuns, check_room, valid_address
from tutor.runs.writing import writing

from .kinds.question import Unreadable
from .kinds.repair import Repair
from .models import Attempt, Response
from .quiz import Quiz
from .repairs import judged, try_out

TOKEN = re.compile(r"[\w-]{16}", re.ASCII)
SURENESS = {"1": True, "0": False}
MOST_ATTEMPTS = 500
"""The number of attempts of a browser that are kept."""
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104  (nothing listens at it)
"""The address of browsers whose own isn't known, so that all of them have one limit."""
BEGUN_SINCE = "SELECT COUNT(*) FROM quizzes_attempt WHERE address = %s AND begun_at > %s"
"""A constant, because a class begins at once, and a queryset takes ten times as long to make its SQL as to execute it.
"""
DAYS_WITHOUT_RUN = timedelta(days=30)
"""How long an attempt without a run is kept. The others are kept as long as their run."""


class Refused(Exception):
    """A response that isn't stored. The message tells the visitor why."""

    status = 409
    is_shown = True
    """Whether the question can show the message; otherwise, the form isn't one of this site's."""
    keeps_form = False
    """Whether the form keeps what was chosen in it, as it can be sent once more."""


class Malformed(Refused):
    """A response that no form of the site sends."""

    status = 400
    is_shown = False


class Incomplete(Refused):
    """An answer that the question can't read. The message says how to give one."""

    status = 422
    keeps_form = True


class TooManyAttempts(Refused):
    """A limit on attempts is reached."""

    status = 429
    keeps_form = True


def responses_of(quiz: Quiz, browser: str) -> list[Response]:
    """Return what a browser has sent to the questions of a quiz, the oldest first."""
    stored = Response.objects.filter(attempt__browser=browser, attempt__quiz=quiz.name)
    return judged(quiz.questions, stored) if browser else []


def begun_in(quiz: str, browser: str) -> set[str]:
    """Return the ids of the questions of a quiz, by its name, to which a browser has sent something."""
    found = Response.objects.filter(attempt__browser=browser, attempt__quiz=quiz).values_list("question", flat=True)
    return set(found) if browser else set()


def respond(
    quiz: Quiz,
    id: str,
    sent: Mapping[str, str],
    *,
    browser: str,
    address: str | None,
    session: SessionBase | None = None,
) -> list[Response]:
    """Store what a form of the question `id` has sent, and return all that the browser has sent to the quiz.

    When this returns, the response is committed. If the form was already sent, nothing is stored. `session` is that of
    the runs that try answers out. Raises Refused, and LookupError for an unknown question.
    """
    response = response_in(quiz, id, sent)
    try:
        return stored(quiz, response, browser, valid_address(address), session)
    except IntegrityError:  # Another request has begun the attempt at the same time, which SQLite can't have.
        return stored(quiz, response, browser, valid_address(address), session)


def stored(
    quiz: Quiz, response: Response, browser: str, address: str | None, session: SessionBase | None
) -> list[Response]:
    """Store a response unless it is stored, and return all that the browser has sent to the quiz. Raises Refused."""
    with writing, transaction.atomic():
        # The lock adds one response at a time.
        begun = dict(Attempt.objects.select_for_update(no_key=True).filter(browser=browser).values_list("quiz", "pk"))
        attempt = begun.get(quiz.name)
        before = judged(quiz.questions, Response.objects.filter(attempt=attempt)) if attempt else []
        own = [each for each in before if each.question == response.question]
        if any(each.token == response.token for each in own):
            return before
        asked = quiz.asked(response.question, before)
        if refusal := asked.state.refusal(response, len(asked.question.all_hints)):
            raise Refused(refusal)
        response.attempt_id = attempt or new_attempt(quiz, browser, address or UNKNOWN_ADDRESS, len(begun))
        response.run = run_for(response, quiz, session, address)
        response.save(force_insert=True)
    return [*before, response]


def new_attempt(quiz: Quiz, browser: str, address: str, begun: int) -> int:
    """Begin an attempt of a browser, and remove those that are kept no longer. `begun` is how many it began before.

    Return its key. Raises TooManyAttempts.
    """
    check_limits(begun, address)
    if quiz.run is None:
        remove_old()
    return Attempt.objects.create(browser=browser, quiz=quiz.name, address=address, run=quiz.run).pk


def run_for(response: Response, quiz: Quiz, session: SessionBase | None, address: str | None) -> Run | None:
    """Return a new run that tries an answer out, which begins after the commit; None if the answer needs none."""
    item = quiz.items[response.question]
    if response.kind != Response.Kind.ANSWER or not isinstance(item.question, Repair):
        return None
    if session is None:
        raise Malformed("Only a page of this site can ask for a run.")
    if quiz.run and quiz.run.state != Run.State.ENDED:
        raise Incomplete("Your run goes on, and a browser has one at a time. Answer when it has ended.")
    try:
        return try_out(item.question, response.answer, item.lesson, session=session, address=address)
    except TooManyRuns as error:
        raise TooManyAttempts(str(error)) from error


def response_in(quiz: Quiz, id: str, sent: Mapping[str, str]) -> Response:
    """Return the response that a form has sent, not stored."""
    question, token, kind = quiz.items[id].question, sent.get("token", ""), sent.get("kind", "")
    if not TOKEN.fullmatch(token):
        raise Malformed("This form has no token. Reload the page, and answer again.")
    if kind not in Response.Kind.values:
        raise Malformed(f"Unknown kind of response (known: {', '.join(Response.Kind.values)}).")
    response = Response(question=id, kind=kind, token=token)
    if kind == Response.Kind.ANSWER:
        try:
            response.answer = question.read(sent, quiz.name)
        except Unreadable as error:
            raise Incomplete(str(error)) from error
        response.is_right = question.is_right(response.answer)
        response.is_sure = SURENESS.get(sent.get("sure", ""))
    return response


def check_limits(begun: int, address: str) -> None:
    """Raise TooManyAttempts if a limit is reached: of a browser, of an address (a school's), or of the database."""
    if begun >= MOST_ATTEMPTS:
        raise TooManyAttempts("You have answered as many quizzes as this site keeps for one browser.")
    if begun_lately(address) >= settings.TUTOR_RUNS_PER_MINUTE * settings.TUTOR_SESSIONS_PER_ADDRESS:
        raise TooManyAttempts("Too many answers come from your network. Try again in a minute.")
    try:
        check_room()
    except TooManyRuns as error:
        raise TooManyAttempts("The site has no room for more answers. Please tell its administrators.") from error


def begun_lately(address: str) -> int:
    """Return how many attempts an address has begun within a minute."""
    since = connection.ops.adapt_datetimefield_value(timezone.now() - MINUTE)
    with connection.cursor() as cursor:
        cursor.execute(BEGUN_SINCE, [address, since])
        return int(cursor.fetchone()[0])


def remove_old() -> None:
    """Delete the attempts that are kept no longer, of those with neither a run nor a teacher."""
    Attempt.objects.filter(run__isnull=True, is_given=False, begun_at__lt=timezone.now() - DAYS_WITHOUT_RUN).delete()
