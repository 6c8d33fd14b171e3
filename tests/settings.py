"""The site's settings, with its files in a folder that goes with the tests."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

os.environ["TUTOR_VAR"] = tempfile.mkdtemp(prefix="tutor-tests-")
atexit.register(shutil.rmtree, os.environ["TUTOR_VAR"], ignore_errors=True)

from tutor.settings import *  # noqa: E402, F403
from tutor.settings import DATABASES, STORAGES  # noqa: E402

# Files as they are, without a manifest: nothing has to be collected first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# A test has a transaction open for as long as a busy machine takes for it.
if options := DATABASES["default"]["OPTIONS"].get("options"):
    DATABASES["default"]["OPTIONS"]["options"] = f"{options} -c idle_in_transaction_session_timeout=10min"
