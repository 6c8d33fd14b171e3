from __future__ import annotations

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from tutor.checking.preview import state_of_files
from tutor.classroom.after import report
from tutor.classroom.member_views import join_page, own_run, qr_code, room, room_changes
from tutor.classroom.teach_views import (
    command,
    forget_members,
    lecture,
    present,
    remote,
    remote_qr,
    save_lecture,
    teach,
    wall,
    worksheet,
)
from tutor.pages.again import answer_again
from tutor.pages.break_it import break_run, expect, repair, take_back
from tutor.pages.card import lesson_card, run_card, run_picture
from tutor.pages.catalogue import lessons
from tutor.pages.claim import claim
from tutor.pages.export import run_file, run_json
from tutor.pages.home import home
from tutor.pages.lesson import lesson
from tutor.pages.library import change_run, delete_runs, runs
from tutor.pages.practice import answer_at_practice, new_practice, practice_page, quizzes
from tutor.pages.predict import ask_before_every_step, predict
from tutor.pages.quiz import answer_at_lesson, answer_at_run
from tutor.pages.run import run, start_run
from tutor.pages.sitemap import Pages, robots

urlpatterns = [
    path("", home, name="home"),
    path("lessons/", lessons, name="lessons"),
    path("lessons/<slug:slug>/", lesson, name="lesson"),
    path("lessons/<slug:slug>/card.png", lesson_card, name="lesson-card"),
    path("lessons/<slug:slug>/claim/", claim, name="claim"),
    path("lessons/<slug:slug>/run/", start_run, name="start-run"),
    path("lessons/<slug:slug>/again/<slug:id>/", answer_again, name="answer-again"),
    path("lessons/<slug:slug>/quiz/<slug:id>/", answer_at_lesson, name="answer-at-lesson"),
    path("lessons/<slug:slug>/teach/", teach, name="teach"),
    path("join/", join_page, name="join"),
    path("rooms/<slug:code>/", room, name="room"),
    path("rooms/<slug:code>/changes/", room_changes, name="room-changes"),
    path("rooms/<slug:code>/wall/", wall, name="wall"),
    path("rooms/<slug:code>/run/", own_run, name="own-run"),
    path("rooms/<slug:code>/qr.svg", qr_code, name="room-qr"),
    path("teach/<slug:secret>/", present, name="present"),
    path("teach/<slug:secret>/remote/", remote, name="remote"),
    path("teach/<slug:secret>/remote/qr.svg", remote_qr, name="remote-qr"),
    path("teach/<slug:secret>/commands/", command, name="room-command"),
    path("teach/<slug:secret>/worksheet/", worksheet, name="worksheet"),
    path("teach/<slug:secret>/lecture/", save_lecture, name="save-lecture"),
    path("teach/<slug:secret>/forget/", forget_members, name="forget-members"),
    path("lectures/<slug:secret>/", lecture, name="lecture"),
    path("teach/<slug:secret>/record.csv", report, name="room-record"),
    path("", include("tutor.assignments.urls")),
    path("quizzes/", quizzes, name="quizzes"),
    path("quizzes/<slug:what>/", new_practice, name="new-practice"),
    path("quizzes/<slug:what>/<slug:seed>/", practice_page, name="practice"),
    path("quizzes/<slug:what>/<slug:seed>/<slug:id>/", answer_at_practice, name="answer-at-practice"),
    path("runs/", runs, name="runs"),
    path("runs/delete/", delete_runs, name="delete-runs"),
    path("runs/<slug:public_id>/", run, name="run"),
    path("runs/<slug:public_id>/change/", change_run, name="change-run"),
    path("runs/<slug:public_id>/quiz/<slug:id>/", answer_at_run, name="answer-at-run"),
    path("runs/<slug:public_id>/break/", break_run, name="break-run"),
    path("runs/<slug:public_id>/expect/", expect, name="expect"),
    path("runs/<slug:public_id>/repair/", repair, name="repair"),
    path("runs/<slug:public_id>/back/<int:number>/", take_back, name="take-back"),
    path("runs/<slug:public_id>/predict/<int:position>/", predict, name="predict"),
    path("runs/<slug:public_id>/predict/every/", ask_before_every_step, name="predict-every"),
    path("runs/<slug:public_id>/card/<int:step>.png", run_card, name="run-card"),
    path("runs/<slug:public_id>/card/<int:step>.svg", run_picture, name="run-picture"),
    path("runs/<slug:public_id>/run.html", run_file, name="run-file"),
    path("runs/<slug:public_id>/run.json", run_json, name="run-json"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": Pages}}, name="sitemap"),
    path("robots.txt", robots),
]
if settings.TUTOR_PREVIEW:
    urlpatterns.append(path("preview/", state_of_files, name="preview"))
handler400 = "tutor.pages.errors.bad_request"
handler404 = "tutor.pages.errors.not_found"
handler500 = "tutor.pages.errors.server_error"
