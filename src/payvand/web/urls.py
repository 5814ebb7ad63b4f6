"""Which address leads where?"""

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from payvand.web import token_views, views
from payvand.web.api import api

# Each context says its own addresses; without a prefix of their own here.
CONTEXTS = (
    "registry", "ledger", "window", "foresight", "matching", "energy", "insight", "demo",
)  # fmt: skip


def context_urls() -> list[URLResolver]:
    """Return the addresses of every context that is installed and has views."""
    installed = [name for name in CONTEXTS if f"payvand.{name}" in settings.INSTALLED_APPS]
    names = [f"payvand.{name}.urls" for name in installed]
    return [path("", include(name)) for name in names if find_spec(name) is not None]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("healthz/pages", views.healthz_pages, name="healthz_pages"),
    path("api/v1/", api.urls),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}ui/icon.svg")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("sign-in/", views.SignIn.as_view(), name="login"),
        path("sign-out/", views.SignOut.as_view(), name="logout"),
        path("help/", views.statement, {"name": "help"}, name="help"),
        path("accessibility/", views.statement, {"name": "accessibility"}, name="accessibility"),
        path("privacy/", views.statement, {"name": "privacy"}, name="privacy"),
        path("tokens/", token_views.token_list, name="tokens"),
        path("tokens/<int:token_id>/revoke/", token_views.revoke, name="token_revoke"),
        *context_urls(),
    ),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
