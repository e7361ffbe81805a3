"""Addresses and numbers that nobody has, put wherever a real one might be, and how to see one come out.

The addresses are at example.org; the numbers are among those that the French regulator (ARCEP) keeps for fiction.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import accounts, introductions, notes
from savoirs.config import Settings
from savoirs.drafts import PARTS, NoteDraft
from savoirs.introductions import REPORT_REASONS, IntroductionDraft
from savoirs.models import (
    Call,
    CallStatus,
    Contact,
    ContactMode,
    Introduction,
    IntroductionStatus,
    Note,
    NoteKind,
    Organisation,
    Role,
    SavedSearch,
    Stance,
    record_id,
)
from savoirs.models.base import utc_now
from savoirs.outbox import post
from tests.builders import (
    make_account,
    make_call,
    make_check,
    make_contact,
    make_introduction,
    make_note,
    make_organisation,
    make_trial,
)
from web.letters import LETTERS

ADDRESSES = (
    "quetzalouvert@example.org",
    "quetzalrelais@example.org",
    "quetzalferme@example.org",
    "quetzalfiche@example.org",
    "quetzalresume@example.org",
    "quetzaldemande@example.org",
    "quetzalcompte@example.org",
    "quetzalappel@example.org",
    "quetzalessai@example.org",
    "quetzaljournal@example.org",
)
NUMBERS = ("01 99 00 11 22", "01 99 00 33 44", "01 99 00 55 66", "01 99 00 77 88", "01 99 00 24 68")
NAMES = ("Ixchel Quetzalnom", "Itzel Quetzalparole")
"""A contact's name; the name of who spoke in a testimony, since removed."""

PREFIXES = ("quetz", "quetzal", "Ixch", "Itz", "0199", "01 99 00", "example.org")
"""What one would type to have the rest completed."""

MEMBER, EDITOR, ADMIN = "membre-canari", "edition-canari", "administration-canari"


@dataclass(frozen=True)
class Planted:
    """Ids of the records that hold the canaries."""

    note: str
    mended: str
    testimony: str
    organisation: str

    def ids(self) -> tuple[str, ...]:
        """All of them."""
        return (self.note, self.mended, self.testimony, self.organisation)


def plant(session: Session) -> Planted:
    """Put the canaries in a database that holds the shipped corpus, and two accounts to look for them."""
    organisation = make_organisation(session, "Association Exemple du Canari", key="canari")
    _plant_contacts(session, organisation)
    make_account(session, MEMBER, organisation=organisation)
    editor = make_account(session, EDITOR, role=Role.EDITOR)
    make_account(session, ADMIN, role=Role.ADMIN)
    text = f"Écrivez à {ADDRESSES[3]}, ou appelez le {NUMBERS[2]}, ou le +33 1 99 00 77 88, ou le 0199002468."
    note = make_note(
        session,
        "Tenir une permanence pour les canaris",
        lived=[(organisation, Stance.SOLVED)],
        summary=f"Une permanence, joignable par {ADDRESSES[4]} ou au {NUMBERS[2]}.",
        **dict.fromkeys(("introduction", "context", "action"), f"Une permanence chaque lundi. {text} On répond."),
        **dict.fromkeys(("worked", "failed"), f"{text} C’est ce qui compte."),
        for_whom=text,
        time_needed=text,
        cost=text,
        requires=text,
    )
    mended = _plant_in_a_past_version(session, organisation, text)
    testimony = make_note(
        session, "Ce que dit une participante", kind=NoteKind.TESTIMONY, author=NAMES[1], action="Elle est heureuse."
    )
    draft = notes.draft_of(testimony)
    notes.edit(session, testimony.id, _replaced(draft, action="Elle se dit heureuse."), editor, testimony.revision)
    notes.remove_testimony_author(session, testimony.id, editor)
    _plant_request(session, organisation.id)
    _plant_in_later_tables(session, note, organisation)
    session.flush()
    return Planted(note.id, mended.id, testimony.id, organisation.id)


def _plant_contacts(session: Session, organisation: Organisation) -> None:
    """One for each way of being reached, on an association of ours and on shipped ones."""
    shipped = session.scalars(select(Organisation).where(Organisation.key != "canari").order_by(Organisation.id)).all()
    make_contact(session, organisation, email=ADDRESSES[1], telephone=NUMBERS[1], name=NAMES[0])
    make_contact(session, shipped[0], mode=ContactMode.PUBLIC, email=ADDRESSES[0], telephone=NUMBERS[0], name=NAMES[0])
    make_contact(
        session,
        shipped[1],
        consent=False,
        mode=ContactMode.CLOSED,
        email=ADDRESSES[2],
        telephone="0199001122",
        name=NAMES[0],
    )


def _plant_in_a_past_version(session: Session, organisation: Organisation, text: str) -> Note:
    """A note that held an address once: its first version is kept with it."""
    note = make_note(session, "Ouvrir une volière", lived=[(organisation, Stance.NEED)], action=text)
    author = accounts.get(session, MEMBER)
    draft = _replaced(notes.draft_of(note), action="Nous cherchons où la mettre.")
    notes.edit(session, note.id, draft, author, note.revision)
    return note


def _plant_request(session: Session, organisation_id: str) -> None:
    asked = IntroductionDraft(
        name="Une personne, Association Exemple Essai",
        email=ADDRESSES[5],
        context="Nous ouvrons une permanence.",
        question="Comment tenir ?",
        need="une permanence",
        agreed=True,
    )
    introductions.request(
        session, organisation_id, asked, settings=Settings.load(secret_key="a key of the tests", data_dir="nowhere")
    )


def _plant_in_later_tables(session: Session, note: Note, organisation: Organisation) -> None:
    """An account's own address, who asks by a call, a trial's line, letters of every kind, requests in every state."""
    member = accounts.get(session, MEMBER)
    relay = session.scalars(select(Contact).where(Contact.email == ADDRESSES[1])).one()
    for key, address, values in (
        ("compte", ADDRESSES[6], {"account_id": member.id, "address_confirmed_at": utc_now()}),
        ("appel", ADDRESSES[7], {}),
    ):
        contact = Contact(id=record_id("contact", key), key=key, mode=ContactMode.CLOSED, email=address, **values)
        session.add(contact)
    session.flush()
    line = f"Écrivez à {ADDRESSES[8]} ou au {NUMBERS[2]}."
    make_trial(session, note, member, line=line)
    make_check(session, note, member, line=line)
    for status in CallStatus:
        make_call(session, f"Qui tient un canari ({status}) ?", status=status, asker_id=record_id("contact", "appel"))
    session.add(SavedSearch(id=1, account_id=member.id, text="canari", filters={}, by_email=True))
    for status in IntroductionStatus:
        if status is not IntroductionStatus.ACCEPTED:  # then, and only then, addresses are exchanged
            one = make_introduction(
                session,
                organisation,
                email=ADDRESSES[5],
                status=status,
                recipient=relay,
                note_id=note.id,
                report_reason=REPORT_REASONS[0],
            )
            if status in (IntroductionStatus.SENT, IntroductionStatus.DECLINED):
                for contact in (relay, one.requester):
                    _post_all(session, contact, one)


def _post_all(session: Session, contact: Contact, request: Introduction) -> None:
    """A letter of each kind that there is, about one request."""
    consent = contact.consents[0].id if contact.consents else 0
    call = session.scalar(select(Call.id).order_by(Call.id))
    params = {"introduction": request.id, "consent": consent, "scope": "relay", "call": call}
    params |= {"account": accounts.get(session, MEMBER).id, "day": "2026-12-26", "side": "requester"}
    params |= {"note": request.note_id, "searches": [[1, [request.note_id]]]}
    for kind in LETTERS:
        post(session, kind, contact, f"canari/{kind}/{contact.id}/{request.id}", params)


def _replaced(draft: NoteDraft, **values: str) -> NoteDraft:
    """The draft with every text that holds an address taken out, and these values."""
    bare = dict.fromkeys(("summary", *PARTS, "for_whom", "time_needed", "cost", "requires"), "")
    return replace(draft, **(bare | values))


def traces(text: str) -> list[str]:
    """Which canaries can be read in a text, however it is escaped, marked or spaced."""
    shown = (text, unquote(html.unescape(text)), _TAG.sub("", unquote(html.unescape(text))))
    sought = _WORDS | _NUMBERS if any(_ROOT.search(one) for one in shown) else _NUMBERS
    return [name for name, pattern in sought.items() if any(pattern.search(one) for one in shown)]


def traces_in_bytes(content: bytes) -> list[str]:
    """Which canaries are in the bytes of a file, in any usual encoding."""
    return [name for name, forms in _BYTE_FORMS.items() if holds(content, forms)]


def holds(content: bytes, forms: Iterable[bytes]) -> bool:
    """Whether one of the forms that ``byte_forms`` gave is in the bytes of a file."""
    folded = content.lower()
    return any(form in folded for form in forms)


def byte_forms(*texts: str) -> frozenset[bytes]:
    """The ways a file may keep texts, in lower case."""
    return frozenset(text.lower().encode(encoding) for text in texts for encoding in _ENCODINGS)


def _number_forms(number: str) -> Iterator[str]:
    pairs = number.split(" ")
    yield from (between.join(pairs) for between in ("", " ", ".", "-", "\N{NO-BREAK SPACE}"))
    yield from (between.join((f"+33{gap}1", *pairs[1:])) for between in ("", " ") for gap in ("", " "))


_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")
_TAG = re.compile(r"<[^>]*>")
WORDS_HELD = tuple(address.partition("@")[0] for address in ADDRESSES) + tuple(name.split()[1] for name in NAMES)
_ROOT = re.compile("quetzal", re.IGNORECASE)
"""All the words held begin so: a text without it needs no other look for them."""

assert all(_ROOT.match(word) for word in WORDS_HELD)
_WORDS = {word: re.compile(word, re.IGNORECASE) for word in WORDS_HELD}
_NUMBERS = {number: re.compile(r"\D{0,3}".join(number[1:].split(" "))) for number in NUMBERS}
_BYTE_FORMS = {word: byte_forms(word) for word in WORDS_HELD} | {
    number: byte_forms(*_number_forms(number)) for number in NUMBERS
}
