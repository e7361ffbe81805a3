"""Letters as e-mail: the message, and the server that takes it. Every answer of a server is one of a few outcomes."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from savoirs.config import Settings
from savoirs.models import Letter
from savoirs.outbox import Fate, Outcome
from web.letters.writing import Desk, as_html, as_text, closing, write
from web.typography import typo

FOR_GOOD = 500
"""From this code on, an SMTP server says no for good."""


def compose(letter: Letter, desk: Desk) -> EmailMessage | None:
    """The message of a letter; None when it has no reason to leave any more.

    The Message-ID is made from the letter's key: sent twice after a crash, it is known for the same.
    """
    written = write(letter, desk)
    address = letter.contact.email
    if written is None or not address:
        return None
    message = EmailMessage(policy=SMTP)
    name, sender = parseaddr(desk.settings.mail_from)
    message["From"] = Address(display_name=name, addr_spec=sender) if sender else desk.settings.mail_from
    message["To"] = Address(addr_spec=address)
    message["Subject"] = typo(" ".join(written.subject.split()))
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = _message_id(letter.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    stop = desk.unsubscribe_path(written)
    if stop is not None:
        message["List-Unsubscribe"] = f"<{desk.url(stop)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    paragraphs = (*written.paragraphs, *closing(written, desk))
    message.set_content(as_text(paragraphs, desk))
    message.add_alternative(as_html(written.subject, paragraphs, desk), subtype="html")
    return message


class SmtpTransport:
    """The mail server of the settings. Opened at the first letter, and kept open until ``close``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def deliver(self, message: EmailMessage) -> Outcome:
        """Send a message. Never raises for what the server or the network says."""
        try:
            server = self._opened()
        except smtplib.SMTPResponseException as error:  # who we are is refused: the settings are wrong, not the letter
            return Outcome(Fate.DOWN, f"smtp {error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.DOWN, type(error).__name__)
        try:
            server.send_message(message)
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            outcome = _outcome(error)
            if outcome.fate is Fate.DOWN:
                self._server = None
            return outcome
        return Outcome(Fate.SENT)

    def close(self) -> None:
        """Say goodbye to the server, if it is still there."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _opened(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._open()
        return self._server

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        place = (settings.smtp_host, settings.smtp_port)
        context = ssl.create_default_context()
        if settings.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=settings.smtp_timeout_s, context=context)
        else:
            server = smtplib.SMTP(*place, timeout=settings.smtp_timeout_s)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def _outcome(error: OSError | UnicodeError | smtplib.SMTPException) -> Outcome:
    """What an answer to a message means: about its reader's address, about the message, or about our own."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Outcome(Fate.REFUSED if code >= FOR_GOOD else Fate.LATER, f"smtp {code}")
    if isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError):
        return Outcome(Fate.REFUSED, "smtputf8")
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= FOR_GOOD:
        return Outcome(Fate.REJECTED, f"smtp {error.smtp_code}")
    if isinstance(error, smtplib.SMTPResponseException):
        return Outcome(Fate.LATER, f"smtp {error.smtp_code}")
    return Outcome(Fate.DOWN, type(error).__name__)


def _message_id(key: str, sender: str) -> str:
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
