"""The settings of a plain project: those of a lesson, from `inputs.json`, and what any project needs."""

import json
from pathlib import Path

BASE_DIR = Path(__file__).parent
INPUTS = json.loads((BASE_DIR / "inputs.json").read_text())
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {"timeout": 10, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
}
FILE_CACHE = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": BASE_DIR / "cache",
}

SECRET_KEY = "plain"  # noqa: S105
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django_q", *INPUTS["apps"]]
globals().update(INPUTS["settings"])
DATABASES = {
    alias: {**SQLITE, **options, "NAME": BASE_DIR / f"{alias}.sqlite3"}
    for alias, options in {"default": {}, **INPUTS["settings"].get("DATABASES", {})}.items()
}
CACHES = INPUTS["settings"].get("CACHES", {"default": FILE_CACHE})
Q_CLUSTER = INPUTS["cluster"]
CONDUCTOR = INPUTS["conductor"]
if CONDUCTOR:
    INSTALLED_APPS.insert(1, "conductor")
    Q_CLUSTER["broker_class"] = "conductor.broker.GatedBroker"
