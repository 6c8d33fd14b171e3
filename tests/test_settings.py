from __future__ import annotations

from pathlib import Path

import pytest

from tutor.environment import secret_key
from tutor.settings import VAR


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TUTOR_SECRET_KEY", raising=False)
    monkeypatch.delenv("TUTOR_SECRET_KEY_FILE", raising=False)


def test_the_secret_key_is_read_from_the_file_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("of-a-file\n")
    monkeypatch.setenv("TUTOR_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert secret_key(VAR / "secret-key") == "of-a-file"


def test_the_secret_key_is_generated_once_without_one_in_the_environment() -> None:
    own = VAR / "secret-key"
    assert len(secret_key(own)) > 50 and secret_key(own) == own.read_text()


@pytest.mark.parametrize("content", [None, b"", b"\xff"])
def test_a_file_without_a_key_ends_the_start_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    monkeypatch.setenv("TUTOR_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(SystemExit, match="TUTOR_SECRET_KEY_FILE") as ended:
        secret_key(VAR / "secret-key")
    assert "\n" not in str(ended.value)
