"""Which settings do the tests run with? Base, in memory, with quick password hashes."""

from payvand.conf.settings.base import *

SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True  # files are looked up when asked for; nothing is collected
PAYVAND_MATCHING_INDEX = None  # in memory
INSTALLED_APPS = [*INSTALLED_APPS, "payvand.demo"]  # the sample world is tested too
