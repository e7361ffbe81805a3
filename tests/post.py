"""Letters in tests: settings with a mail server, a real one on a loopback port, and rounds of the post by date."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy.orm import Session, sessionmaker

from savoirs.config import Settings
from web.posting import follow_up, send

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)

_LINK = re.compile(r"https?://[^/\s]+(/\S+)")


def make_settings(folder: Path, **values: Any) -> Settings:
    """Settings with a mail server, which nothing reaches unless it is a ``MailServer``'s."""
    given = {"data_dir": folder, "secret_key": "a key of the tests", "smtp_host": "127.0.0.1", "smtp_security": "none"}
    return Settings.load(**given | {"smtp_timeout_s": 5.0} | values)


@dataclass
class MailServer:
    """A mail server. ``answers`` gives what it says of an address; messages to ``rejected`` ones it rejects."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address, or not."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        """Take a message, or not."""
        if self.rejected & set(envelope.rcpt_tos):
            return "554 rejected"
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to an address, in order."""
        return [message for message in self.messages if message["To"] == address]

    def settings(self, folder: Path, **values: Any) -> Settings:
        """Settings that send by this server."""
        return make_settings(folder, **{"smtp_port": self.port} | values)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server that runs in a thread of its own, on a free loopback port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = MailServer(port)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def text_of(message: EmailMessage) -> str:
    """The plain text of a message, its no-break spaces made plain."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\N{NO-BREAK SPACE}", " ")


def links_of(message: EmailMessage) -> list[str]:
    """The paths of the links of a message, in order."""
    return _LINK.findall(text_of(message))


def link_to(message: EmailMessage, page: str) -> str:
    """The first link of a message to a page, without what is after « ? »."""
    return next(path for path in links_of(message) if path.startswith(page)).partition("?")[0]


def make_round(sessions: sessionmaker[Session], settings: Settings, now: dt.datetime = NOW) -> Counter[str]:
    """What a round of the post does at a moment."""
    follow_up(sessions, settings, now)
    return send(sessions, settings, clock=lambda: now)
