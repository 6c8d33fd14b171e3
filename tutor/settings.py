"""Settings. The defaults are for `make run` on one machine; these environment variables override them.

| variable | meaning | default |
|---|---|---|
| TUTOR_DEBUG | 1 shows tracebacks; never in production | 0 |
| TUTOR_HOSTS | host names of the site, comma-separated | 127.0.0.1,localhost |
| TUTOR_SECRET_KEY_FILE | file with Django's SECRET_KEY | generated once, stored in TUTOR_VAR |
| TUTOR_SECRET_KEY | Django's SECRET_KEY itself, which everybody can read who can read the process's environment | |
| TUTOR_VAR | folder for the database, labs and collected static files | var/ |
| TUTOR_HTTPS | 1 when served over https: secure cookies, HSTS, redirect | 0 |
| TUTOR_PROXY | 1 behind a proxy that sets X-Forwarded-Proto and X-Forwarded-For itself | 0 |
| TUTOR_ADDRESS | IPv4 address of this machine at which pages are served | 127.0.0.1 |
| TUTOR_MAX_LABS | labs at the same time | cores × 2 |
| DATABASE_URL | the store, such as postgres://tutor:secret@db.example.org/tutor | SQLite in TUTOR_VAR |
| TUTOR_MAX_WAITING | runs that may wait in the run queue | 200 |
| TUTOR_MAX_STORE_MIB | size of the database with its log, in MiB, at which the site accepts no more runs | 4096 |
| TUTOR_LEASE_S | seconds without a heartbeat after which a process that executes runs counts as ended | 10 |
| TUTOR_REFERENCE_RUNS | runs of its own that the site makes of each case; 0 for none | 5 |
| TUTOR_REDIS_URL | Redis, such as redis://redis.example.org/0, which tells other processes of changes | |
| TUTOR_METRICS_TOKEN | the token for /metrics; without one, there is no such page | |
| TUTOR_LOG | text, or json for lines that are JSON objects | text |
| TUTOR_ROLE | all: pages and labs; web: pages alone; labs: labs alone, of `manage.py lab_host` | all |
| TUTOR_RUNS_PER_MINUTE | runs that a browser session may start in a minute | 30 |
| TUTOR_LESSONS | folders with more lessons, separated as in PATH | |
| TUTOR_PREVIEW | 1 reloads pages when the files of their lesson change (`lessons preview` sets it) | 0 |
| TUTOR_SESSIONS_PER_ADDRESS | runs of an IP address in a minute, as a multiple of TUTOR_RUNS_PER_MINUTE | 60 |
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from csp.constants import NONE, SELF

from tutor.environment import flag, one_of, secret_key, store

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("TUTOR_VAR", BASE_DIR / "var"))
VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = flag("TUTOR_DEBUG")
SECRET_KEY = secret_key(VAR / "secret-key")
ALLOWED_HOSTS = [name.strip() for name in os.environ.get("TUTOR_HOSTS", "127.0.0.1,localhost").split(",")]
HTTPS = flag("TUTOR_HTTPS")
TUTOR_PREVIEW = flag("TUTOR_PREVIEW")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]

TUTOR_ROLE = one_of("TUTOR_ROLE", "all", "web", "labs")
STORE, REDIS = os.environ.get("DATABASE_URL"), os.environ.get("TUTOR_REDIS_URL")
if TUTOR_ROLE != "all" and not (STORE and REDIS):
    sys.exit(f"TUTOR_ROLE={TUTOR_ROLE} needs DATABASE_URL and TUTOR_REDIS_URL, which all processes of the site share.")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_htmx",
    "tutor.assignments",
    "tutor.benchmarks",
    "tutor.checking",
    "tutor.classroom",
    "tutor.engine",
    "tutor.live",
    "tutor.operations",
    "tutor.pages",
    "tutor.quizzes",
    "tutor.runs",
    "tutor.styles",
    *(["django_q"] if TUTOR_ROLE != "all" else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tutor.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "tutor.readable.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tutor.urls"
ASGI_APPLICATION = "tutor.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                *(["tutor.checking.preview.preview"] if TUTOR_PREVIEW else []),
            ]
        },
    }
]

# WAL allows reads while a run is written; its file is cut to 64 MiB when all of it is in the database. IMMEDIATE takes
# the write lock at the start, where `timeout` applies.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=67108864;",
}
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR / "site.sqlite3",
    "OPTIONS": SQLITE_OPTIONS,
    "CONN_MAX_AGE": None,
    # Not in memory, because runs are recorded in other threads.
    "TEST": {"NAME": VAR / "test.sqlite3"},
}
# A process that is cut off from PostgreSQL notices it within seconds, and the server ends what it has left open.
POSTGRESQL_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "options": "-c idle_in_transaction_session_timeout=5s -c lock_timeout=20s",
}
DATABASES = {"default": store(STORE, SQLITE_OPTIONS, POSTGRESQL_OPTIONS) if STORE else SQLITE}
MIGRATION_MODULES = {"django_q": None}  # Tickets aren't saved.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The layer only carries wake-ups: that of one process reaches its own pages, Redis carries them between processes.
IN_MEMORY = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
IN_REDIS = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS], "prefix": "tutor"}}
CHANNEL_LAYERS = {"default": IN_REDIS if REDIS else IN_MEMORY}

TUTOR_LOG = one_of("TUTOR_LOG", "text", "json")
TUTOR_MAX_LABS = int(os.environ.get("TUTOR_MAX_LABS", (os.cpu_count() or 2) * 2))
# The site's own cluster, whose tasks are tickets for the run queue; see `tutor.runs.tickets`. A ticket is as good as
# another, so none is saved, and few are taken ahead. A lab has limits of its own, so a task has none.
Q_CLUSTER = {
    "name": "tutor",
    "redis": REDIS,
    "broker_class": "tutor.runs.tickets.TicketBroker",
    "workers": TUTOR_MAX_LABS,
    "queue_limit": 1,
    "recycle": sys.maxsize,
    "scheduler": False,
    "ack_failures": True,
}
warnings.filterwarnings("ignore", "Retry and timeout are misconfigured")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "tutor.short_log.ShortFormatter", "format": "%(asctime)s %(levelname)-8s %(message)s"},
        "json": {"()": "tutor.json_log.SiteJsonFormatter"},
    },
    "filters": {"store": {"()": "tutor.short_log.StoreFailureFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": TUTOR_LOG, "filters": ["store"]},
        "counts": {"class": "tutor.operations.counts.CountingHandler"},
    },
    "root": {"handlers": ["console", "counts"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},  # Not also by Django's own handler.
        "tutor.serve": {"level": "INFO"},
        # Requests that are refused aren't errors of the site; anybody can send any number of them.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tutor.static_files.JoinedStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
TUTOR_PROXY = flag("TUTOR_PROXY")
if TUTOR_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

TUTOR_LABS = VAR / "labs"
TUTOR_MAX_WAITING = int(os.environ.get("TUTOR_MAX_WAITING", "200"))
TUTOR_MAX_STORE_MIB = int(os.environ.get("TUTOR_MAX_STORE_MIB", "4096"))
TUTOR_RUNS_PER_MINUTE = int(os.environ.get("TUTOR_RUNS_PER_MINUTE", "30"))
TUTOR_SESSIONS_PER_ADDRESS = int(os.environ.get("TUTOR_SESSIONS_PER_ADDRESS", "60"))
TUTOR_LEASE_S = float(os.environ.get("TUTOR_LEASE_S", "10"))
TUTOR_METRICS_TOKEN = os.environ.get("TUTOR_METRICS_TOKEN", "").strip()
TUTOR_REFERENCE_RUNS = int(os.environ.get("TUTOR_REFERENCE_RUNS", "5"))
