"""The sitemap and the rules for robots: search engines index lessons, but no runs."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tutor.lessons import catalogue


class Pages(Sitemap):  # type: ignore[type-arg]
    """The home page, the catalogue and every lesson."""

    def items(self) -> list[str]:
        lessons = (reverse("lesson", args=[slug]) for slug in catalogue.lessons())
        return [reverse("home"), reverse("lessons"), *lessons]

    def location(self, item: str) -> str:
        return item


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    rules = f"User-agent: *\nDisallow: /runs/\nDisallow: /lessons/*/quiz/\nSitemap: {sitemap}\n"
    return HttpResponse(rules, content_type="text/plain")
