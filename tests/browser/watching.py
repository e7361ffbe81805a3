"""What a page must never do: leave its site, break its own policy, complain, or ask for what is not there."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

OWN_SCHEMES = ("data:", "about:")
SERVER_ERRORS_FROM = 500
CLIENT_ERRORS_FROM = 400
FAILED_LOAD = "Failed to load resource"


class Watch:
    """Follows everything that one browser asks and says.

    Chromium reports a broken Content-Security-Policy as a console error, so these are among the faults. A page that a
    test opens on purpose to see a refusal (404, 422) is not a fault; a file, a script's request or a crash is.
    """

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.faults: list[str] = []
        self.requests: list[str] = []
        self._site = f"{site}/"
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", self._failed)

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self._site, *OWN_SCHEMES)):
            self.faults.append(f"left the site for {request.url}")

    def _answered(self, response: Response) -> None:
        refused = response.status >= CLIENT_ERRORS_FROM and response.request.resource_type != "document"
        if refused or response.status >= SERVER_ERRORS_FROM:
            self.faults.append(f"{response.status} for {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(FAILED_LOAD):
            self.faults.append(f"console {message.type}: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.faults.append(f"uncaught: {error.error}")
