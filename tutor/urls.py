from __future__ import annotations

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import path

from tutor.checking.preview import state_of_files
from tutor.pages import views
from tutor.pages.quiz import answer
from tutor.pages.sitemap import Pages, robots

urlpatterns = [
    path("", views.home, name="home"),
    path("lessons/", views.lessons, name="lessons"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/run/", views.start_run, name="start-run"),
    path("lessons/<slug:slug>/quiz/<int:number>/", answer, name="answer"),
    path("runs/<slug:public_id>/", views.run, name="run"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": Pages}}, name="sitemap"),
    path("robots.txt", robots),
]
if settings.TUTOR_PREVIEW:
    urlpatterns.append(path("preview/", state_of_files, name="preview"))
handler404 = "tutor.pages.views.not_found"
