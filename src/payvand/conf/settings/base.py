"""Which parts does the installation consist of? Every deployment starts from these settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from payvand.conf.database import database

PACKAGE = Path(__file__).resolve().parents[2]
# Folder for the database, uploads, keys and collected static files
VAR = Path(os.environ.get("PAYVAND_VAR", Path.cwd() / "var"))

# Signs sessions and links; required in production, where it never changes lightly
SECRET_KEY = os.environ.get("PAYVAND_SECRET_KEY", "")
DEBUG = False
# Names under which the installation is reached, comma separated
ALLOWED_HOSTS = [name for name in os.environ.get("PAYVAND_HOSTS", "").split(",") if name]
PAYVAND_DEMO = False  # shows the sample ribbon and the one-click accounts; demo settings only
# Address of the installation in letters and messages
PAYVAND_BASE_URL = os.environ.get("PAYVAND_BASE_URL", "http://127.0.0.1:8000")
PAYVAND_SWEEP_SECONDS = 5  # how long the worker rests between two rounds
# HTTP gateway that takes {"to", "text"}; without it no SMS is sent
PAYVAND_SMS_URL = os.environ.get("PAYVAND_SMS_URL", "")
# Bearer token for the SMS gateway
PAYVAND_SMS_TOKEN = os.environ.get("PAYVAND_SMS_TOKEN", "")
PAYVAND_UPLOAD_MAX_BYTES = 10 * 1024 * 1024  # largest file that is taken in
# Private key that signs the daily roots of the log; made on first use
PAYVAND_AUDIT_KEY = Path(os.environ.get("PAYVAND_AUDIT_KEY", VAR / "audit.key"))
# How alike the answers within one case are, 0 to 1; without it, estimated from the history
PAYVAND_FORESIGHT_RHO = os.environ.get("PAYVAND_FORESIGHT_RHO", "")

# Where evidence is found: embedded (files on this machine) or postgresql (docs/adr/0016)
PAYVAND_MATCHING_ENGINE = os.environ.get("PAYVAND_MATCHING_ENGINE", "embedded")
# Which model of meaning re-ranks: none, `local`, `multilingual` (both are extras), or an address
PAYVAND_MATCHING_MEANING = os.environ.get("PAYVAND_MATCHING_MEANING", "")
# Name of the model that the service of PAYVAND_MATCHING_MEANING shall use
PAYVAND_MATCHING_MEANING_MODEL = os.environ.get("PAYVAND_MATCHING_MEANING_MODEL", "")
# Bearer token for that service
PAYVAND_MATCHING_MEANING_TOKEN = os.environ.get("PAYVAND_MATCHING_MEANING_TOKEN", "")
PAYVAND_MATCHING_INDEX: Path | None = VAR / "matching"  # folder of the index; None: in memory

# Where readings lie outside the database (Parquet), and which engine answers: duckdb or spark
PAYVAND_ENERGY_STORE = Path(os.environ.get("PAYVAND_ENERGY_STORE", VAR / "energy"))
# Which engine reads them: duckdb in this process, or spark on a cluster
PAYVAND_ENERGY_ENGINE = os.environ.get("PAYVAND_ENERGY_ENGINE", "duckdb")
# Address of the Spark cluster, such as spark://host:7077; only for the engine spark
PAYVAND_ENERGY_SPARK = os.environ.get("PAYVAND_ENERGY_SPARK", "local[2]")
# How many sample meters the demonstration is built with
PAYVAND_DEMO_METERS = int(os.environ.get("PAYVAND_DEMO_METERS", "2000"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "payvand.ui",
    "payvand.audit",
    "payvand.registry",
    "payvand.ledger",
    "payvand.window",
    "payvand.foresight",
    "payvand.matching",
    "payvand.energy",
    "payvand.insight",
    "payvand.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "payvand.ui.middleware.SecurityHeaders",
    "django.middleware.gzip.GZipMiddleware",  # pads at random against BREACH
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "payvand.web.middleware.FitBodies",
    "payvand.web.tokens.BearerTokens",
    "payvand.web.idempotency.IdempotentPosts",
    "payvand.web.middleware.NothingTypedIsLost",
    "payvand.web.middleware.OwnPasswordFirst",
    "payvand.web.middleware.ErrorPages",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "payvand.web.views.locked_out"
AXES_VERBOSE = False
CSRF_FAILURE_VIEW = "payvand.web.views.csrf_failure"

ROOT_URLCONF = "payvand.web.urls"
WSGI_APPLICATION = "payvand.conf.wsgi.application"
AUTH_USER_MODEL = "registry.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "payvand.ui.context.page",
            ],
            "builtins": ["payvand.ui.templatetags.ui"],
        },
    }
]
# sqlite:///path or postgresql://user:password@host/name
DATABASES = {"default": database(os.environ.get("PAYVAND_DATABASE_URL"), VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
USE_I18N = True
USE_TZ = True
LANGUAGE_COOKIE_NAME = "lang"
# The kernel is no app of Django, but its refusals are read by people.
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Tehran"
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 14 * 1024 * 1024  # an answer of a system carries its file in base64
MEDIA_ROOT = VAR / "uploads"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "payvand@localhost"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
SECURE_REDIRECT_EXEMPT = [r"^healthz(/pages)?$"]  # probes speak plain HTTP inside the machine
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "payvand": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # a refusal is no fault; the web server counts it
    },
}
