"""`lessons preview` serves pages that load again when a file of a lesson changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch

from tutor.checking import preview
from tutor.checking.new_lesson import make_lesson


def test_a_change_of_a_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = make_lesson("my-first", tmp_path / "own")
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "own"))

    def state() -> bytes:
        return preview.state_of_files(RequestFactory().get("/preview/")).content

    before = state()
    assert state() == before
    (lesson / "why.md").write_text("Another reason.")
    assert state() != before


def test_only_a_preview_has_the_address_to_ask(client: Client, db: None) -> None:
    with pytest.raises(NoReverseMatch):
        preview.preview(RequestFactory().get("/"))
    assert client.get("/preview/").status_code == 404


def test_a_lesson_with_mistakes_shows_them_at_its_address(
    client: Client, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = make_lesson("my-first", tmp_path / "own")
    (lesson / "program.py").write_text("print(")
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "own"))
    answer = client.get("/lessons/my-first/")
    assert answer.status_code == 404
    assert "program.py:1" in answer.content.decode()
