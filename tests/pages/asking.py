"""Browsers that answer questions, as their forms send it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from tutor.lessons import catalogue

HTMX = {"hx-request": "true"}
FORM = '<form class="question" id="question-{}" method="post" action="([^"]+)"'
TOKEN = re.compile(r'name="token" value="([\w-]{16})"')
OPTION = re.compile(r'name="option" value="(\d)"[^>]*><span class="option__text">(.*?)</span>')


@dataclass
class Form:
    """The form of a question, as a page shows it."""

    client: Client
    address: str
    token: str
    places: dict[str, str]
    """Text of an option → its value."""

    def send(self, kind: str, option: str = "", /, **changed: str) -> HttpResponse:
        """Send the form, with the option of that text, as htmx does."""
        values = {"token": self.token, "kind": kind, **({"option": self.places[option]} if option else {})}
        return self.client.post(self.address, {**values, **changed}, headers=HTMX)

    def answer(self, option: str) -> str:
        """Choose the option of that text; return what the question shows then."""
        response = self.send("answer", option)
        assert response.status_code == 200
        return response.content.decode()


def form_of(client: Client, page: str, number: int | str) -> Form:
    """Return the form of question `number` at an address, after the browser has loaded it."""
    text = client.get(page).content.decode()
    found = re.search(FORM.format(number), text)
    assert found, f"no question {number} in {page}"
    own = text[found.start() : text.index("</form>", found.start())]
    token = TOKEN.search(own)
    assert token
    places = {html.unescape(option): place for place, option in OPTION.findall(own)}
    return Form(client, html.unescape(found[1]), token[1], places)


def options_of(slug: str, number: int) -> tuple[str, list[str]]:
    """Return the texts of the right option of a question and of the wrong ones."""
    content = catalogue.get(slug).content
    question = content.quiz[number - 1] if number else content.ask
    assert question
    return question.options[question.key].text, [each.text for each in question.options if not each.right]
