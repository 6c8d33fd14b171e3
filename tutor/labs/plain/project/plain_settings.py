"""The settings of a plain project: what `inputs.json` says, and nothing of a lab."""

import json
from pathlib import Path

HERE = Path(__file__).parent
INPUTS = json.loads((HERE / "inputs.json").read_text())
SQLITE = INPUTS["sqlite"]

SECRET_KEY = "plain"  # noqa: S105
USE_TZ = True
INSTALLED_APPS = ["django_q", "conductor.Conductor", *INPUTS["apps"]]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
for name, value in INPUTS["settings"].items():
    globals()[name] = value
DATABASES = {
    alias: {**SQLITE, **own, "NAME": HERE / f"{alias}.sqlite3"}
    for alias, own in {"default": {}, **INPUTS["settings"].get("DATABASES", {})}.items()
}
CACHES = INPUTS["settings"].get("CACHES") or {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HERE / "cache",
    }
}
Q_CLUSTER = {"broker_class": "gated.Broker", **INPUTS["cluster"]}
