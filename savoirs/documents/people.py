"""Persons in a document: who may be reached, found beside an address; and every text masked before it is kept."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from savoirs.documents.folding import clean, fold, without_marker
from savoirs.documents.names import is_person, may_be_person, proper_name, strip_article
from savoirs.documents.text import Line
from savoirs.plaintext import EMAIL, MASK, TELEPHONE, masked
from savoirs.slugs import slugify

_SEPARATORS = re.compile(r"\s*[:|;•·,()\[\]/]\s*|\s+[-–—]\s+|\t+")
_LABELS = re.compile(
    r"^(?:e-?mails?|mails?|courriels?|tel(?:ephone)?s?|portable|mobile|contacts?|adresse|fax|site|web|standard)\.?$"
)
_AT = re.compile(r"\s?(?:@|[(\[]a(?:t|robase)[)\]])\s?", re.IGNORECASE)
_ABOVE = 2
_SHARED_HOSTS = (
    "gmail",
    "orange",
    "wanadoo",
    "free",
    "laposte",
    "hotmail",
    "outlook",
    "yahoo",
    "sfr",
    "live",
    "icloud",
    "example",
)


@dataclass(frozen=True, slots=True)
class FoundContact:
    """Somebody who may be reached. The address goes nowhere but to the table of contacts."""

    line: int
    email: str | None
    telephone: str | None
    name: str | None
    organisation: str
    first: int = field(default=0)


@dataclass(frozen=True, slots=True)
class People:
    """The persons of a document; ``names`` are masked wherever they are written in it."""

    contacts: tuple[FoundContact, ...]
    names: tuple[str, ...]

    def masked(self, text: str) -> str:
        """A text without addresses, telephone numbers, and the names found beside them."""
        text = masked(text)
        for name in self.names:
            if name in text:
                text = text.replace(name, MASK)
        return text

    def also(self, names: Sequence[str]) -> People:
        """The same, with more names to mask."""
        found = {*self.names, *(name for name in names if len(name) > 3)}
        return People(self.contacts, tuple(sorted(found, key=lambda name: (-len(name), name))))


def people_of(lines: Sequence[Line]) -> People:
    """The persons of a document."""
    contacts: list[FoundContact] = []
    names: set[str] = set()
    for place, line in enumerate(lines):
        text = clean(line.text)
        emails, telephones = EMAIL.findall(text), TELEPHONE.findall(text)
        if not emails and not telephones:
            continue
        beside = _pieces(text)
        above = _above(lines, place)
        organisation, person = _who(beside, list(above), emails)
        names |= {person} if person else set()
        names |= {piece for piece in (*beside, *above) if is_person(piece)}
        first = min((number for piece, number in above.items() if piece in (organisation, person)), default=line.number)
        _add(contacts, line.number, emails, telephones, strip_article(organisation), person, first)
    names |= _named_in_addresses(contacts, lines)
    return People(tuple(contacts), ()).also(sorted(names))


def _pieces(text: str) -> list[str]:
    """What is written beside addresses, labels like « Tél. » left out."""
    bare = without_marker(TELEPHONE.sub("\t", EMAIL.sub("\t", text)))[0]
    pieces = [piece.strip(" \u00a0.<>*-–—") for piece in _SEPARATORS.split(bare)]
    return [piece for piece in pieces if len(piece) > 1 and not _LABELS.match(fold(piece))]


def _above(lines: Sequence[Line], place: int) -> dict[str, int]:
    """The short lines just above an address, when they may be whose it is: their pieces, each with its line."""
    found: dict[str, int] = {}
    for line in reversed(lines[max(0, place - _ABOVE) : place]):
        text = without_marker(clean(line.text))[0]
        if not text or len(text) > 60 or EMAIL.search(text) or text.endswith((".", ":", "!", "?")) or text.isupper():
            break
        found |= dict.fromkeys(_pieces(text), line.number)
    return found


def _who(beside: list[str], above: list[str], emails: list[str]) -> tuple[str, str | None]:
    """The organisation and the person that an address belongs to; either may be unknown."""
    local, _, host = emails[0].partition("@") if emails else ("", "", "")
    site = slugify(host.rsplit(".", 1)[0]).replace("-", "")
    organisation, person = "", None
    for piece in (*beside, *above):
        slug = slugify(piece).replace("-", "")
        if site and slug and (slug in site or site in slug) and not any(word in site for word in _SHARED_HOSTS):
            organisation = organisation or piece
        elif _is_in(piece, local) or is_person(piece):
            person = person or piece
    for piece in (*beside, *above):
        if piece in (organisation, person) or not proper_name(piece):
            continue
        if not organisation and (person or not may_be_person(piece)) and piece[:1].isupper():
            organisation = piece
        elif person is None and may_be_person(piece):
            person = piece
    return organisation, person


def _is_in(piece: str, local: str) -> bool:
    """Whether an address is made of the words of a name: « a.exemple@ » and « Amina Exemple »."""
    words = [word for word in slugify(piece).split("-") if len(word) > 2]
    parts = set(re.split(r"[._+-]", fold(local)))
    return 2 <= len(words) <= 4 and may_be_person(piece) and any(word in parts for word in words)


def _add(
    contacts: list[FoundContact],
    line: int,
    emails: list[str],
    telephones: list[str],
    organisation: str,
    person: str | None,
    first: int,
) -> None:
    """Add who a line tells how to reach; a telephone just below an address is the same person's."""
    last = contacts[-1] if contacts else None
    fresh = not emails and not organisation and not person
    if (
        last is not None
        and line - last.line <= _ABOVE
        and last.telephone is None
        and telephones
        and (fresh or (not emails and person in (None, last.name) and organisation in ("", last.organisation)))
    ):
        contacts[-1] = FoundContact(line, last.email, telephones[0], last.name, last.organisation, last.first)
        return
    for place in range(max(len(emails), min(1, len(telephones)))):
        email = _AT.sub("@", emails[place]) if place < len(emails) else None
        telephone = telephones[place] if place < len(telephones) else None
        if email and any(one.email == email.lower() for one in contacts):
            continue
        contacts.append(FoundContact(line, email.lower() if email else None, telephone, person, organisation, first))


def _named_in_addresses(contacts: Sequence[FoundContact], lines: Sequence[Line]) -> set[str]:
    """Names written anywhere that an address spells: « amina.exemple@ » makes « Amina Exemple » a name to mask."""
    spelt = set()
    for contact in contacts:
        parts = re.split(r"[._-]", (contact.email or "").partition("@")[0])
        if len(parts) == 2 and all(len(part) > 1 for part in parts):
            spelt |= {"-".join(parts), "-".join(reversed(parts))}
    if not spelt:
        return set()
    found = set()
    for line in lines:
        words = re.findall(r"[\w’'-]+", line.text)
        found |= {
            f"{one} {two}"
            for one, two in itertools.pairwise(words)
            if f"{slugify(one).replace('-', '')}-{slugify(two).replace('-', '')}" in spelt
            and f"{one} {two}" in line.text
        }
    return found
