"""What settings read of environment variables and files. A mistake there ends the process with one line."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import dj_database_url


def flag(name: str, default: str = "0") -> bool:
    """Return whether the environment variable `name` is 1, yes, true or on."""
    return os.environ.get(name, default).lower() in ("1", "yes", "true", "on")


def kept_secret(path: Path) -> str:
    """Return the secret in `path`. It is generated on first use and readable only by its owner."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip() or sys.exit(f"{path} is empty. Delete it to generate a new secret.")
    with os.fdopen(descriptor, "w") as file:
        file.write(secret := secrets.token_urlsafe(60))
    return secret


def secret_key(own: Path) -> str:
    """Return the secret key: of the environment, of the file that it names, or one that the site keeps in `own`."""
    if key := os.environ.get("TUTOR_SECRET_KEY"):
        return key
    path = os.environ.get("TUTOR_SECRET_KEY_FILE")
    if not path:
        return kept_secret(own)
    try:
        return Path(path).read_text().strip() or sys.exit(f"{path}, the file of TUTOR_SECRET_KEY_FILE, is empty.")
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"Can't read the file of TUTOR_SECRET_KEY_FILE: {error}")


def one_of(name: str, *allowed: str) -> str:
    """Return the environment variable `name`, which must be one of `allowed`; by default it is the first one."""
    value = os.environ.get(name) or allowed[0]
    return value if value in allowed else sys.exit(f'{name} is "{value}" (known: {", ".join(allowed)}).')


def store(address: str, sqlite: dict[str, Any], postgresql: dict[str, Any]) -> dict[str, Any]:
    """Return Django's settings of the store with this address, with the options of its kind."""
    found: dict[str, Any] = dict(dj_database_url.parse(address, conn_max_age=None, conn_health_checks=True))
    options = sqlite if found["ENGINE"].endswith("sqlite3") else postgresql
    return {**found, "OPTIONS": {**options, **found.get("OPTIONS", {})}}
