"""The sitemap and the rules for robots: search engines index lessons, but no runs."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tutor.lessons import catalogue

LINK_PREVIEWS = ("Twitterbot", "facebookexternalhit", "LinkedInBot", "Slackbot-LinkExpanding", "Discordbot")
"""Robots that read a page because a person has shared its address, and keep no index."""


class Pages(Sitemap):  # type: ignore[type-arg]
    """The home page, the catalogue, the page of quizzes and every lesson."""

    def items(self) -> list[str]:
        lessons = (reverse("lesson", args=[slug]) for slug in catalogue.lessons())
        return [reverse("home"), reverse("lessons"), reverse("quizzes"), *lessons]

    def location(self, item: str) -> str:
        return item


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    previews = "".join(f"User-agent: {name}\n" for name in LINK_PREVIEWS)
    rules = f"{previews}Allow: /\n\nUser-agent: *\nDisallow: /runs/\nDisallow: /lessons/*/quiz/\nSitemap: {sitemap}\n"
    return HttpResponse(rules, content_type="text/plain")
