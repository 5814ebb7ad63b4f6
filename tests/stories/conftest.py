"""Who lives in the stories? One account per role, in the small country of tests/world.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from payvand.kernel import clock, text
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import models as w
from tests import world as worlds

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Town:
    """The world, its accounts, and a hand on the clock."""

    world: worlds.World
    base: str
    users: dict[str, r.User]
    now: datetime

    def pass_time(self, **amount: float) -> None:
        """Let time go by."""
        self.now += timedelta(**amount)

    def cookie(self, who: str) -> dict[str, Any]:
        """Return the session cookie of somebody who has signed in."""
        user = self.users[who]
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return {"name": "sessionid", "value": session.session_key, "url": self.base}


@pytest.fixture
def pack() -> dict[str, Any]:
    """Give the service of the stories: 2×2 inquiries, a request, an objection, a fee."""
    body = worlds.grid_pack(2, 2)
    item = {"id": "note", "type": "text", "required": True,
            "title": {"fa": "یادداشت", "en": "Note"}}  # fmt: skip
    body["inquiries"][0]["completion"] = {"items": [item], "answer_term": "5wd"}
    body["objection"] = {"to": {"role": "role3", "place": "province"}, "term": "30d"}
    body["conditions"].append({"number": 2, "title": {"fa": "شرط دو", "en": "Condition two"}})
    body["fees"] = [
        {"id": "file", "title": {"fa": "کارمزد نمونه", "en": "Sample fee"}, "amount_rial": 500000,
         "to": "owner", "at": "submit", "sample": True}
    ]  # fmt: skip
    return body


@pytest.fixture
def town(
    transactional_db: None, live_server: Any, settings: Any, tmp_path: Any, pack: dict[str, Any]
) -> Iterator[Town]:
    """Build the world and its accounts; the clock stands on a Monday morning until told."""
    settings.MEDIA_ROOT = tmp_path
    made = Town(worlds.World(), live_server.url, {}, datetime(2025, 11, 10, 6, 30, tzinfo=UTC))
    clock.set_source(lambda: made.now)
    made.world = worlds.build(pack)
    w.Service.objects.filter(pk="grid").update(
        search_key=text.compact_key("خدمت آزمون") + " " + text.compact_key("test service")
    )
    for slug in ("owner", "a0", "a1", "a2", "a3"):
        role = "decider" if slug == "owner" else "clerk"
        made.users[slug] = seat(slug, made.world.agencies[slug], role)
    holder = r.User.objects.get(username="holder")
    made.users["head"] = holder
    applicant = r.User.objects.create(username="applicant", party_id=made.world.applicant.party)
    r.Mandate.objects.create(principal_id=made.world.company, agent_id=applicant.party_id,
                             evidence="نمونه", valid_from=date(2020, 1, 1))  # fmt: skip
    made.users["applicant"] = applicant
    made.users["admin"] = r.User.objects.create(username="boss", is_superuser=True)
    registry.forget()
    yield made
    clock.set_source(None)
    registry.forget()


def seat(name: str, org: Any, role: str) -> r.User:
    """Return a new account with a seat in an organisation."""
    user = r.User.objects.create(username=f"user-{name}")
    r.Membership.objects.create(user=user, org_id=org, role=role, valid_from=date(2020, 1, 1))
    return user


@pytest.fixture
def visit(browser: Any, town: Town) -> Iterator[Any]:
    """Return a function that opens an address in Chromium as somebody, in a language."""
    contexts = []

    def open_(who: str | None, path: str, *, lang: str = "fa", width: int = 1360) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        if who:
            context.add_cookies([town.cookie(who)])
        page = context.new_page()
        page.set_default_timeout(10_000)  # a wrong selector is told soon
        page.complaints = []
        # a refused form answers 422 on purpose; everything else that the browser reports counts
        page.on(
            "console",
            lambda m: m.type == "error" and "422" not in m.text and page.complaints.append(m.text),
        )
        page.goto(f"{town.base}/{lang}/{path}")
        return page

    yield open_
    for context in contexts:
        context.close()


def sheets(page: Any) -> int:
    """Return how many sheets of A4 the page takes when printed, without the screen's furniture."""
    page.emulate_media(media="print")
    for only_screen in ("nav.nav", ".noprint", ".ribbon", "footer.foot"):
        assert not page.locator(only_screen).locator("visible=true").count(), only_screen
    page.emulate_media(media="screen")
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
