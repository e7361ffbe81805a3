"""A real server, a real Chromium, and browsers that are watched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.site import Site, running_site
from tests.browser.watching import Watch
from web.identity import COOKIE

REQUIRED = os.environ.get("SAVOIRS_REQUIRE_BROWSER") == "1"
"""Read at import: a fixture of all tests hides the settings of the person who runs them."""

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
TIMEOUT_MS = 15_000
LOG_CHARS = 2_000
DESKTOP = {"width": 1280, "height": 900}


class OpenBrowser(Protocol):
    """Opens a page in a browser of its own: nothing of another visitor is in it."""

    def __call__(self, *, javascript: bool = True, account: str = "", **options: Any) -> Page:
        """Open it.

        Args:
            javascript: Whether scripts run.
            account: The login of an account that is signed in already; a visitor without one.
            **options: As ``Browser.new_context`` takes them.
        """


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium; tests are skipped without one, unless ``SAVOIRS_REQUIRE_BROWSER=1``."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "no Chromium on this machine (Debian: apt-get install chromium)"
        if REQUIRED:
            pytest.fail(f"{reason}, and SAVOIRS_REQUIRE_BROWSER=1", pytrace=False)
        pytest.skip(reason)
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Savoirs over the shipped corpus, for all the tests of a process: what they write, they name each in its way."""
    with running_site(tmp_path_factory.mktemp("site") / "data") as site:
        yield site


@dataclass(frozen=True, slots=True)
class Watched:
    """A browser of somebody, and what it did that a page must never do."""

    context: BrowserContext
    watch: Watch


def _opened(chromium: Browser, site: Site, **options: Any) -> Watched:
    options = {"viewport": DESKTOP, "locale": "fr-FR", "reduced_motion": "reduce"} | options
    context = chromium.new_context(base_url=site.address, **options)
    context.set_default_timeout(TIMEOUT_MS)
    return Watched(context, Watch(context, site.address))


def _sign_in(context: BrowserContext, site: Site, account: str) -> None:
    if account:
        context.add_cookies([{"name": COOKIE, "value": site.session_token(account), "url": site.address}])


def _assert_faultless(watches: Sequence[Watch], site: Site) -> None:
    faults = [fault for watch in watches for fault in watch.faults]
    assert not faults, "\n".join(("what a page must never do:", *faults, site.log.read_text()[-LOG_CHARS:]))
    assert not watches or any(watch.requests for watch in watches), "nothing was watched"


@pytest.fixture(name="open_browser")
def _open_browser(chromium: Browser, site: Site) -> Iterator[OpenBrowser]:
    browsers: list[Watched] = []

    def open_browser(*, javascript: bool = True, account: str = "", **options: Any) -> Page:
        browsers.append(_opened(chromium, site, java_script_enabled=javascript, **options))
        _sign_in(browsers[-1].context, site, account)
        return browsers[-1].context.new_page()

    yield open_browser
    for browser in browsers:
        browser.context.close()
    _assert_faultless([browser.watch for browser in browsers], site)


@pytest.fixture(scope="session")
def _visitor_again(chromium: Browser, site: Site) -> Iterator[Watched]:
    browser = _opened(chromium, site)
    browser.context.new_page()
    yield browser
    browser.context.close()


@pytest.fixture(name="same_browser")
def _same_browser(_visitor_again: Watched, site: Site) -> Iterator[Callable[[str], Page]]:
    """Gives a page to an account in a browser that looked at other pages: it has their files, and nothing they left.

    For tests that look at many pages, each once: half of their time was that of a new browser.
    """
    context, watch = _visitor_again.context, _visitor_again.watch
    (page,) = context.pages
    page.goto("about:blank")
    everything = {"origin": site.address, "storageTypes": "all"}
    debugger = context.new_cdp_session(page)
    debugger.send("Storage.clearDataForOrigin", everything)
    debugger.detach()
    context.clear_cookies()
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    watch.faults.clear()
    watch.requests.clear()

    def same_browser(account: str) -> Page:
        _sign_in(context, site, account)
        return page

    yield same_browser
    _assert_faultless([watch], site)


@pytest.fixture
def page(open_browser: OpenBrowser) -> Page:
    """A visitor's page, with scripts."""
    return open_browser()


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether scripts run: the three jobs are done both ways."""
    return bool(request.param)
