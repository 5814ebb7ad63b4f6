"""With which settings does somebody try the product on their own machine?

Plain HTTP on this machine only, SQLite, sample data, one-click accounts.
"""

import os
import secrets

from payvand.conf.settings.base import *


def _own_secret() -> str:
    """Return the secret of this installation, made once, readable by its owner only."""
    path = VAR / "secret"
    VAR.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w") as out:
        made = secrets.token_urlsafe(50)
        out.write(made)
    return made


SECRET_KEY = SECRET_KEY or _own_secret()
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
PAYVAND_DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "payvand.demo"]
TEMPLATES[0]["OPTIONS"]["context_processors"].append("payvand.demo.views.ribbon")
WHITENOISE_USE_FINDERS = False  # `payvand serve` collects and compresses
# A missing manifest must not keep a demonstration from starting.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
AUTH_PASSWORD_VALIDATORS = []
