"""Persons in a document: who may be reached, found beside an address; and every text masked before it is kept."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from savoirs.documents.folding import clean, fold, without_marker
from savoirs.documents.names import PROPER, is_person, may_be_person, strip_article, typed_organisations
from savoirs.documents.text import Line, LineKind
from savoirs.plaintext import EMAIL, MASK, TELEPHONE, masked
from savoirs.slugs import slugify

_SEPARATORS = re.compile(r"\s*[:|;•·,()\[\]/]\s*|\s+[-–—]\s+|\t+")
_LABELS = re.compile(
    r"^(?:e-?mails?|mails?|courriels?|tel(?:ephone)?s?|portable|mobile|contacts?|adresse|fax|site|web|standard|accueil|secretariat|coordination|direction|"
    r"renseignements?|informations?|inscriptions?|ecrire|permanences?|reservations?)\.?$"
)
_AT = re.compile(r"\s?(?:@|[(\[]a(?:t|robase)[)\]])\s?", re.IGNORECASE)
_CUT = re.compile(r"[\w.+%-]+@(?:[\w-]*|[\w.-]*[.-])$")
_CUT_WORD = re.compile(r"^.*\s")
_ADDRESS_CUT = re.compile(r"[\w.+%-]+@[\w.-]*")
"""What is left of an address that a line cut in two."""

_SORT = re.compile(
    r"^(?:association|fondation|collectif|centre|mairie|reseau|federation|maison|comite|club|union|cooperative)\b"
)
_JOB = re.compile(
    r"^(?:co-?)?(?:charge|responsable|direct|coordinat|presid|secretaire|tresori|benevole|animat|stagiaire|salari|referent|"
    r"assistant|delegue|mediat|educat|chef|membre)"
)
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
        text = _ADDRESS_CUT.sub(MASK, masked(text)) if "@" in text else masked(text)
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
        text = _whole_address(lines, place)
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
    spelt = _named_in_addresses(contacts, lines)
    named = tuple(replace(one, name=one.name or spelt.get(_spelling(one.email))) for one in contacts)
    return People(named, ()).also(sorted({*names, *spelt.values()}))


def _pieces(text: str) -> list[str]:
    """What is written beside addresses, labels like « Tél. » left out."""
    bare = without_marker(TELEPHONE.sub("\t", EMAIL.sub("\t", text)))[0]
    pieces = [piece.strip(" \u00a0.<>*-–—") for piece in _SEPARATORS.split(bare)]
    return [piece for piece in pieces if len(piece) > 1 and not _LABELS.match(fold(piece))]


def _above(lines: Sequence[Line], place: int) -> dict[str, int]:
    """The short lines just above an address, when they may be whose it is: their pieces, each with its line."""
    found: dict[str, int] = {}
    for line in reversed(lines[max(0, place - _ABOVE) : place]):
        if line.kind is LineKind.ROW:
            break
        text = without_marker(clean(line.text))[0]
        near = line.number == lines[place].number - 1
        ended = text.endswith((".", "!", "?")) or (text.endswith(":") and not near)
        if not text or len(text) > 60 or EMAIL.search(text) or ended or text.isupper():
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
        if piece in (organisation, person) or not _may_be_organisation(piece):
            continue
        if not organisation and (person or not may_be_person(piece)) and piece[:1].isupper():
            organisation = piece
        elif person is None and may_be_person(piece):
            person = piece
    return organisation, person


def _whole_address(lines: Sequence[Line], place: int) -> str:
    """The text of a line; when an address is cut at its end, with the end of the address from the next one."""
    text = clean(lines[place].text)
    if not _CUT.search(text) or place + 1 == len(lines):
        return text
    rest = clean(lines[place + 1].text).split(" ", 1)[0]
    return text + rest if EMAIL.search(_CUT_WORD.sub("", text) + rest) and not EMAIL.search(rest) else text


def _may_be_organisation(piece: str) -> bool:
    """Whether what stands beside an address may be an organisation's name, and is no piece of a sentence."""
    if _JOB.match(fold(piece)):
        return False
    whole = PROPER.match(piece)
    return (
        bool(whole and whole.end() == len(piece))
        or bool([*typed_organisations(piece)])
        or bool(_SORT.match(fold(piece)))
    )


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


def _named_in_addresses(contacts: Sequence[FoundContact], lines: Sequence[Line]) -> dict[str, str]:
    """Names written anywhere that an address spells, by its spelling: « amina.exemple@ » spells « Amina Exemple »."""
    spelt = {_spelling(contact.email) for contact in contacts} - {""}
    found: dict[str, str] = {}
    for line in lines if spelt else ():
        words = re.findall(r"[\w’'-]+", line.text)
        for one, two in itertools.pairwise(words):
            both = " ".join(sorted(slugify(word).replace("-", "") for word in (one, two)))
            if both in spelt and f"{one} {two}" in line.text:
                found.setdefault(both, f"{one} {two}")
    return found


def _spelling(email: str | None) -> str:
    """The two words before the « @ » of an address, in the order of the alphabet; empty when they are not two."""
    parts = re.split(r"[._-]", (email or "").partition("@")[0])
    return " ".join(sorted(parts)) if len(parts) == 2 and all(len(part) > 1 for part in parts) else ""
