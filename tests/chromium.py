"""Where is a Chromium for the browser tests?"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
]


def executable() -> str | None:
    """Return the browser to use: PAYVAND_CHROMIUM, else the first one found on the path."""
    named = os.environ.get("PAYVAND_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def start() -> Iterator[Any]:
    """Yield a running browser and close it afterwards; skips the test without one."""
    path = executable()
    if path is None:
        pytest.skip("no Chromium here: browser tests are skipped (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    # Playwright's event loop lives in this thread; the tests' own ORM calls stay synchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def fits(page: Any) -> bool:
    """No part of the page is cut off at the side.

    The page is waited for: between two pages a document has no root element to be measured.
    """
    page.wait_for_load_state()
    return page.locator("html").evaluate("root => root.scrollWidth <= root.clientWidth + 1")
