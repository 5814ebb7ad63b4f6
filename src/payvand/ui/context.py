"""What does every page know? Language, direction, menu, account, today, and whether this is a demo.

Upper contexts add menu entries with `register_nav`; a view may also pass `nav` itself. A page that
several entries lead to sets `request.nav_at` to the address of the entry that is current.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url

from payvand.kernel import clock
from payvand.ui.language import direction, lang, other


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a menu."""

    label: str
    url: str
    icon: str = ""
    count: int | None = None  # shown as a badge when not None and not zero
    hot: bool = False  # the badge asks for attention
    order: int = 50
    prefix: str = ""  # the entry is current on every address that starts so; default: url


IN_LINE = 7  # so many entries of the main menu fit beside the mark and the account
NavProvider = Callable[[HttpRequest], Iterable[NavItem]]
_nav_providers: list[NavProvider] = []
_account_providers: list[NavProvider] = []
_footer_providers: list[NavProvider] = []


def register_nav(provider: NavProvider) -> NavProvider:
    """Add a function that returns main-menu entries for a request (usable as a decorator)."""
    if provider not in _nav_providers:
        _nav_providers.append(provider)
    return provider


def register_account(provider: NavProvider) -> NavProvider:
    """Add a function that returns entries of the account menu (usable as a decorator)."""
    if provider not in _account_providers:
        _account_providers.append(provider)
    return provider


def register_footer(provider: NavProvider) -> NavProvider:
    """Add a function that returns links for the foot of every page (usable as a decorator)."""
    if provider not in _footer_providers:
        _footer_providers.append(provider)
    return provider


def _entries_of(providers: list[NavProvider], request: HttpRequest) -> list[NavItem]:
    return sorted((i for p in providers for i in p(request)), key=lambda i: i.order)


def _entries(providers: list[NavProvider], request: HttpRequest) -> list[dict[str, Any]]:
    found = _entries_of(providers, request)
    here = getattr(request, "nav_at", request.path)
    fits = [i for i in found if here.startswith(i.prefix or i.url)]
    best = max(fits, key=lambda i: len(i.prefix or i.url), default=None)
    return [{"item": item, "current": item is best} for item in found]


def _named(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def other_language_url(request: HttpRequest, language: str) -> str:
    """Return the same page in another language, query string included."""
    here = request.get_full_path()
    there = translate_url(here, language)
    prefix = f"/{other(language)}/"
    if there == here and here.startswith(prefix):
        there = f"/{language}/" + here.removeprefix(prefix)
    return there


def page(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html needs; every value may be overridden by the view's own context."""
    language = lang()
    nav = _entries(_nav_providers, request)
    line = len(nav) if len(nav) <= IN_LINE else IN_LINE - 1  # "More" takes the last place
    return {
        "lang": language,
        "dir": direction(language),
        "other_lang": other(language),
        "other_url": other_language_url(request, other(language)),
        "nav": nav[:line],
        "nav_more": nav[line:],
        "account_menu": _entries(_account_providers, request),
        "home_url": _named("home") or f"/{language}/",
        "login_url": _named("login"),
        "logout_url": _named("logout"),
        "footer_links": _entries_of(_footer_providers, request),
        "today": clock.local_date(clock.now()),
        "demo": bool(getattr(settings, "PAYVAND_DEMO", False)),
    }
