"""How heavy is every page when nothing is cached, and does axe-core find fault with any?

Every url pattern is opened once, by the first account that is shown a page there; then a browser
signs in as each account of the demonstration and follows links to what is left; pages that differ
only in an id are read once. Each page is tried in both languages, 1360 and 390 pixels wide, and
some of them also as a form that was refused.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import demo

ROOT = Path(__file__).parents[1]
CSS = ROOT / "src/payvand/ui/static/ui/ui.css"
WIDTHS, LANGUAGES = (1360, 390), ("fa", "en")
MOST_PAGES = 120
# links of drawings have an object as href, hence the attribute
LINKS = "all => all.map(one => new URL(one.getAttribute('href'), location).href)"
LEAVE = re.compile(r"/(sign-out|static|api|files)/|\.(csv|xlsx|pdf|json)$|/admin/django")
REFUSABLE = re.compile(r"/(steps|decide|closure|object|withdraw|fees|complete|import|sign-in)/")
REFUSED = "main form.sheet button, main form.panel button.btn, main section form button.btn"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9]+(?=/|$)")


@dataclass
class Found:
    """What was seen on the pages."""

    weights: dict[str, float] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    where: dict[str, list[str]] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    pages: int = 0
    closed: list[str] = field(default_factory=list)  # patterns at which nobody is shown a page


@dataclass
class Run:
    """The browser, the site, and which pages were read."""

    browser: Any
    address: str
    axe: str
    found: Found
    seen: set[str] = field(default_factory=set)


def axe_source() -> str:
    """Return axe-core as the lock file names it."""
    from payvand.ui import npm

    package = npm.locked(ROOT / "package-lock.json", "axe-core")
    tarball = npm.fetch(package, npm.registry(ROOT))
    npm.check(package, tarball)
    return npm.members(tarball, ["axe.min.js"])["axe.min.js"].decode()


def kind_of(path: str) -> str:
    """Return the path without language and ids: pages of one kind are read once.

    >>> kind_of("/fa/cases/0190a7c0-1111-7222-8333-444455556666/")
    '/cases/*/'
    """
    return IDS.sub("*", re.sub(r"^/(fa|en)(?=/)", "", path))


def measure() -> dict[str, Any]:
    """Return page_kb (the heaviest page), css_kb, violations, and the lists behind them."""
    from playwright.sync_api import sync_playwright

    from tests import chromium

    axe, found = axe_source(), Found()
    with demo.running() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.FLAGS
        )
        run = Run(browser, site.address, axe, found)
        by_account = _patterns(site, found)
        for account, paths in by_account.items():
            read(run, account, paths)
        for account in ["", *_accounts(browser, site.address)]:
            walk(run, account)
        browser.close()
    heaviest = max(found.weights, key=lambda k: found.weights[k])
    _tell(found, heaviest)
    return {
        "page_kb": found.weights[heaviest], "heaviest": heaviest, "pages": found.pages,
        "css_kb": CSS.stat().st_size / 1024, "violations": found.faults.total(),
        "faults": found.where, "bad": found.bad, "kinds": sorted(found.weights),
    }  # fmt: skip


def _tell(found: Found, heaviest: str) -> None:
    print(f"{found.pages} pages, the heaviest {heaviest}", file=sys.stderr)
    for name in sorted(found.weights, key=lambda k: -found.weights[k])[:8]:
        print(f"  {found.weights[name]:6.1f} KB  {name}", file=sys.stderr)
    for key, count in found.faults.most_common():
        print(f"  axe: {count} × {key}", *found.where[key][:12], sep="\n    ", file=sys.stderr)
    for line in found.bad:
        print(f"  {line}", file=sys.stderr)
    print("  no page at:", *found.closed, file=sys.stderr)


def _patterns(site: demo.Site, found: Found) -> dict[str, list[str]]:
    """Return a path for each url pattern, by the account that may open it."""
    env = {**os.environ, "PAYVAND_VAR": str(site.folder),
           "DJANGO_SETTINGS_MODULE": "payvand.conf.settings.demo"}  # fmt: skip
    told = subprocess.run([sys.executable, "-m", "bench.addresses"], env=env, cwd=ROOT, text=True,
                          capture_output=True, check=True)  # fmt: skip
    known = json.loads(told.stdout.splitlines()[-1])
    found.closed = known["closed"]
    paths: dict[str, list[str]] = {}
    for _route, account, path in known["pages"]:
        paths.setdefault(account, []).append(path)
    paths.setdefault("", []).append("/fa/no-such-page/")
    return paths


def _signed_in(run: Run, account: str) -> Any:
    context = run.browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    if account:
        page.goto(f"{run.address}/fa/demo/")
        page.locator(f"form:has(input[value='{account}']) button").click()
    return page


def read(run: Run, account: str, paths: list[str]) -> None:
    """Judge the pages at these paths as one account; refused forms too."""
    page, who = _signed_in(run, account), account or "visitor"
    for path in paths:
        kind = kind_of(path)
        run.seen.add(kind)
        _judge(run, page, run.address + path, f"{who} {kind}")
        if REFUSABLE.search(path) and _sender(page).count():
            _judge_refused(run, page, run.address + path, f"{who} {kind} refused")
    page.context.close()


def _sender(page: Any) -> Any:
    """Return the button that sends the form of a page."""
    return page.locator(REFUSED).locator("visible=true").first


def _judge_refused(run: Run, page: Any, url: str, name: str) -> None:
    """Send the form as it stands, empty, and read the page that asks for corrections."""
    run.found.pages += 1
    for language in LANGUAGES:
        page.goto(url.replace("/fa/", f"/{language}/", 1))
        if not _sender(page).count():  # it was accepted as it stood, and there is no more to send
            return
        _sender(page).click()
        if page.locator(".esum").count():
            _axe(run, page, f"{name} {language}")


def _accounts(browser: Any, address: str) -> list[str]:
    page = browser.new_page()
    page.goto(f"{address}/fa/demo/")
    names = page.eval_on_selector_all("input[name=username]", "all => all.map(one => one.value)")
    page.close()
    return list(dict.fromkeys(names))


def walk(run: Run, account: str) -> None:
    """Follow links as one account, the pages of its own start included."""
    page, who = _signed_in(run, account), account or "visitor"
    todo, mine = ["/fa/"], set[str]()
    while todo and len(mine) < MOST_PAGES:
        path = todo.pop(0)
        kind = kind_of(path)
        # the start page differs by account; all others are read once in the whole run
        if kind in mine or (kind in run.seen and kind != "/"):
            continue
        mine.add(kind)
        run.seen.add(kind)
        answer = page.goto(run.address + path)
        if answer is None or answer.status >= 400:
            run.found.bad.append(f"{who} {path}: {answer and answer.status}")
            continue
        todo += _links(page, run.address)
        if kind.endswith("/start/"):
            todo += _begin(page, run.address)
        _judge(run, page, run.address + path, f"{who} {kind}")
    page.context.close()


def _links(page: Any, address: str) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href]", LINKS)
    inside = [h.partition("#")[0] for h in hrefs if h.startswith(address + "/")]
    paths = [urlsplit(h).path for h in inside]
    return [p for p in paths if not LEAVE.search(p)]


def _begin(page: Any, address: str) -> list[str]:
    """Begin an application, so that its form pages exist to be read."""
    button = page.locator("main form button, main form input[type=submit]").first
    if not button.count():
        return []
    button.click()
    return [urlsplit(page.url).path, *_links(page, address)]


def _judge(run: Run, page: Any, url: str, name: str) -> None:
    found = run.found
    found.pages += 1
    found.weights[name] = _cold_kb(page, url)
    for language in LANGUAGES:
        page.goto(url.replace("/fa/", f"/{language}/", 1))
        _axe(run, page, f"{name} {language}")


def _axe(run: Run, page: Any, name: str) -> None:
    """Let axe-core read the page that is open, at each width."""
    found = run.found
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(run.axe)
        told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for fault in told["violations"]:
            found.faults[fault["id"]] += 1
            target = json.dumps(fault["nodes"][0]["target"], ensure_ascii=False)
            found.where.setdefault(fault["id"], []).append(f"{name} {width}: {target}")
        if page.evaluate(TOO_WIDE):
            found.bad.append(f"{name} {width}: wider than the window")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def _cold_kb(page: Any, url: str) -> float:
    """Return what crosses the wire for a page when the browser has cached nothing."""
    session, total = page.context.new_cdp_session(page), [0.0]
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.on("Network.loadingFinished", lambda e: total.append(e["encodedDataLength"]))
    page.goto(url, wait_until="networkidle")
    session.detach()
    return sum(total) / 1024


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "payvand.conf.settings.demo")
    print(json.dumps(measure(), ensure_ascii=False, indent=1))
