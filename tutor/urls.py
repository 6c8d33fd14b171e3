from __future__ import annotations

from django.urls import path

from tutor.quizzes.views import answer
from tutor.runs import views

urlpatterns = [
    path("", views.home, name="home"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/run/", views.start_run, name="start-run"),
    path("lessons/<slug:slug>/quiz/<int:number>/", answer, name="answer"),
    path("runs/<slug:public_id>/", views.run, name="run"),
]
handler404 = "tutor.runs.views.not_found"
