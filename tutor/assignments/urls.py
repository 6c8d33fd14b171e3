"""The addresses of assignments."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from . import accounts, files
from . import student_views as student
from . import teacher_views as teacher

urlpatterns = [
    path("teachers/", accounts.own_assignments, name="own-assignments"),
    path("teachers/sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("teachers/sign-out/", LogoutView.as_view(next_page="sign-in"), name="sign-out"),
    path("give/", teacher.give, name="give"),
    path("given/<slug:secret>/", teacher.given, name="given"),
    path("given/<slug:secret>/times/", teacher.change_times, name="given-times"),
    path("given/<slug:secret>/close/", teacher.close, name="close-given"),
    path("given/<slug:secret>/again/", teacher.remake, name="remake-given"),
    path("given/<slug:secret>/students/", teacher.add_students, name="add-students"),
    path("given/<slug:secret>/students/delete/", teacher.delete_students, name="delete-students"),
    path("given/<slug:secret>/question/", teacher.judge_question, name="judge-question"),
    path("given/<slug:secret>/preview/", teacher.preview, name="preview-given"),
    path("given/<slug:secret>/delete/", teacher.delete_quiz, name="delete-given"),
    path("given/<slug:secret>/qr.svg", teacher.student_qr, name="given-qr"),
    path("given/<slug:secret>/results.csv", files.results_csv, name="given-results"),
    path("given/<slug:secret>/grades.csv", files.grades_csv, name="given-grades"),
    path("given/<slug:secret>/export/", files.export_page, name="export-given"),
    path("given/<slug:secret>/export/gift/", files.export_gift, name="export-gift"),
    path("given/<slug:secret>/export/xml/", files.export_xml, name="export-xml"),
    path("q/<slug:code>/", student.assignment, name="assignment"),
    path("q/<slug:code>/me/<slug:key>/", student.personal, name="personal"),
    path("q/<slug:code>/begin/", student.begin_quiz, name="begin-assignment"),
    path("q/<slug:code>/answers/<int:id>/", student.answer, name="answer-assignment"),
    path("q/<slug:code>/drafts/<int:id>/", student.draft, name="draft-assignment"),
    path("q/<slug:code>/mine.json", student.own_answers, name="own-answers"),
    path("q/<slug:code>/forget/", student.forget_me, name="forget-me"),
]
