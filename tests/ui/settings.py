"""Which settings does the presentation kit need on its own? The least that renders a page."""

SECRET_KEY = "test-only"
DEBUG = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.ui.urls"
STATIC_URL = "/static/"
PAYVAND_DEMO = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "payvand.ui",
]
MIDDLEWARE = [
    "payvand.ui.middleware.SecurityHeaders",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["payvand.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "payvand.ui.context.page",
            ],
        },
    }
]
