"""What a letter is made of, and how its text and its HTML are made from the same paragraphs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from markupsafe import Markup
from sqlalchemy.orm import Session

from savoirs import links
from savoirs.config import Settings
from savoirs.models import Letter
from web.letters import LETTERS
from web.typography import typo


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a letter, on a line of its own: what it does, and a path of ours."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, set apart from our own words, by lines. ``private``: for its reader's eyes only."""

    text: str
    title: str = ""
    private: bool = False


Paragraph = str | Link | Quote

_PAGE = Markup(
    '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>{}</title></head>\n'
    "<body>\n{}\n</body></html>\n"
)


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """How to stop letters like this one: a topic of ``web.letters.unsubscribing``, and the id its function gets."""

    topic: str
    id: str


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, written: what its reader sees. ``unsubscribing`` is None for answers to what its reader just did."""

    subject: str
    paragraphs: tuple[Paragraph, ...]
    unsubscribing: Unsubscribing | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are written: a session to read by, the settings, and the present moment."""

    session: Session
    settings: Settings
    now: dt.datetime

    def sign(self, purpose: str, id_: str | int) -> str:
        """A token for a link: for one purpose and one record."""
        return links.sign(self.settings.secret(), purpose, id_)

    def url(self, path: str) -> str:
        """The whole address of a path of ours."""
        base = self.settings.base_url.rstrip("/") or f"http://{self.settings.host}:{self.settings.port}"
        return base + path

    def unsubscribe_path(self, written: Written) -> str | None:
        """The path that stops letters like this one; None when it is an answer."""
        one = written.unsubscribing
        return f"/desabonnement/{self.sign('unsubscribe', f'{one.topic}:{one.id}')}" if one else None


def write(letter: Letter, desk: Desk) -> Written | None:
    """Write a letter; None when it has no reason to leave any more.

    Raises:
        KeyError: Nobody writes letters of this kind.
    """
    module, name = LETTERS[letter.kind].split(":")
    writer: Callable[[Letter, Desk], Written | None] = getattr(import_module(module), name)
    return writer(letter, desk)


def closing(written: Written, desk: Desk) -> tuple[Paragraph, ...]:
    """What ends every letter: who wrote, and how to have no more of them."""
    signature = "Savoirs, la mémoire partagée des associations. Cette adresse ne lit pas les réponses."
    stop = desk.unsubscribe_path(written)
    return (signature, Link("Ne plus recevoir ces messages", stop)) if stop else (signature,)


def as_text(paragraphs: Sequence[Paragraph], desk: Desk) -> str:
    """The plain text."""
    return "\n\n".join(_text(one, desk) for one in paragraphs) + "\n"


def as_html(subject: str, paragraphs: Sequence[Paragraph], desk: Desk) -> str:
    """The HTML: paragraphs, quotes and links, without an image, a script or a style to fetch."""
    body = Markup("\n").join(_html(one, desk) for one in paragraphs)
    return str(_PAGE.format(typo(subject), body))


def _text(one: Paragraph, desk: Desk) -> str:
    if isinstance(one, Link):
        return f"{typo(one.label + ' :')}\n{desk.url(one.path)}"
    if isinstance(one, Quote):
        title = f"{typo(one.title + ' :')}\n" if one.title else ""
        return title + "\n".join(f"> {line}".rstrip() for line in one.text.splitlines())
    return typo(one)


def _html(one: Paragraph, desk: Desk) -> Markup:
    if isinstance(one, Link):
        return Markup('<p><a href="{}">{}</a></p>').format(desk.url(one.path), typo(one.label))
    if isinstance(one, Quote):
        lines = Markup("<br>").join(one.text.splitlines())
        title = Markup("<p>{}</p>").format(typo(one.title + " :")) if one.title else Markup("")
        return title + Markup("<blockquote>{}</blockquote>").format(lines)
    return Markup("<p>{}</p>").format(typo(one))
