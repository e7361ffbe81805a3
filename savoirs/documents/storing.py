"""Writing accepted proposals: everything of a document in one transaction, notes by the way all notes are added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import notes
from savoirs.documents import recording
from savoirs.documents.knowing import Known, Matches, known
from savoirs.documents.proposals import NOTE_KINDS, Proposal, Span, flat
from savoirs.documents.splitting import cut
from savoirs.documents.text import ReadDocument
from savoirs.models import Account, Contact, Gathering, Note, NoteStatus, Source, Workshop, record_id
from savoirs.models.base import utc_now
from savoirs.plaintext import masked
from savoirs.slugs import slugify


@dataclass(frozen=True, slots=True)
class Stored:
    """A record that a proposal made, or that was there already.

    Attributes:
        kind: Of the proposal.
        id: Of the record.
        title: What it is called.
        span: Its lines in the document.
        known: Whether it was there already, and was left as it is.
    """

    kind: str
    id: str
    title: str
    span: Span
    known: bool


@dataclass
class _Import:
    """What the records of one import share."""

    session: Session
    source: Source
    names: recording.Names
    year: int
    day: Gathering | None = None
    workshops: dict[int, str] | None = None
    themes: tuple[str, ...] = ()


def store(
    session: Session,
    document: ReadDocument,
    proposals: Sequence[Proposal],
    matches: Matches | None = None,
    *,
    author: Account | None = None,
    published: bool = False,
    left_out: Collection[int] = (),
    text: str | None = None,
    today: dt.date | None = None,
) -> tuple[Source, tuple[Stored, ...]]:
    """Write the records that are new, and leave those that are known as they are.

    A known contact alone gets the address it lacked: it goes nowhere else. The name of who signs a testimony waits in
    a contact of their organisation, without consent, until an editor confirms that it may be shown.

    Args:
        session: The session of the transaction; nothing is committed here.
        document: The document.
        proposals: What was accepted of it.
        matches: What ``known`` said of them; asked for when not given.
        author: The account that imports; None for the administrator's command.
        published: Whether notes are readable at once, whoever imports them.
        left_out: Places in ``flat(proposals)`` of those that were refused.
        text: The masked text of the document, when it is known; else the document is cut again for it.
        today: Whose year a day of unknown year is given.

    Returns:
        The source, and each record in the order of ``flat(proposals)``.

    Raises:
        InvalidError: A note has mistakes that cannot be mended here.
    """
    matches = known(session, document, proposals) if matches is None else matches
    placed = [(place, one) for place, one in enumerate(flat(proposals)) if place not in left_out]
    year = next((one.fields["year"] for _, one in placed if one.kind == "gathering" and one.fields["year"]), None)
    source = _source(session, document, proposals, year, text)
    names = recording.Names(session, source)
    work = _Import(session, source, names, year or (today or utc_now().date()).year)
    made: dict[int, Stored] = {}

    def keep(place: int, one: Proposal, id_: str, *, was_there: Known | None = None) -> None:
        title = was_there.title if was_there is not None else one.title
        made[place] = Stored(one.kind, id_, title, one.span, was_there is not None)

    for place, one in placed:
        if one.kind == "organisation":
            match = matches.get(place)
            keep(place, one, match.id if match else names.add(one), was_there=match)
    _days(work, placed, matches, keep)
    for place, one in placed:
        match = matches.get(place)
        if one.kind == "framework":
            keep(place, one, match.id if match else _framework(work, one), was_there=match)
        elif one.kind in NOTE_KINDS:
            keep(
                place, one, match.id if match else _note(work, one, year, author, published=published), was_there=match
            )
        elif one.kind == "contact":
            keep(place, one, _contact(work, one, match), was_there=match)
    session.flush()
    return source, tuple(made[place] for place, _ in placed if place in made)


def _source(
    session: Session, document: ReadDocument, proposals: Sequence[Proposal], year: int | None, text: str | None
) -> Source:
    """The source of a document, the one that has its SHA-256 if there is one; its masked text is kept in any case."""
    source = session.scalar(select(Source).where(Source.sha256 == document.sha256).order_by(Source.id).limit(1))
    if source is None:
        told = next((one.title for one in proposals if one.kind in ("gathering", "report")), "")
        title = told or masked(document.name)
        key = f"{slugify(title, max_length=80) or 'document'}-{document.sha256[:12]}"
        source = Source(id=record_id("source", key), key=key, title=title[:300], year=year, sha256=document.sha256)
        source.origin = masked(document.name)
        session.add(source)
    if source.text is None:
        source.text = text or cut(document).text
    source.line_count = source.line_count or document.line_count
    session.flush()
    return source


def _days(work: _Import, placed: Sequence[tuple[int, Proposal]], matches: Matches, keep: recording.Keep) -> None:
    """The day of a document, known or new, with those of its parts that are accepted."""
    for place, one in placed:
        if one.kind != "gathering":
            continue
        match = matches.get(place)
        parts = [(where, part) for where, part in placed if place < where <= place + len(one.children)]
        day = work.session.get(Gathering, match.id) if match else None
        if day is None:
            day = recording.new_day(work.session, work.source, work.names, one, work.year)
        keep(place, one, day.id, was_there=match)
        for where, part in parts:
            was_there = matches.get(where)
            id_ = was_there.id if was_there else recording.add_part(work.session, day, part)
            keep(where, part, id_, was_there=was_there)
        work.day = day
        work.workshops = {row.number: row.id for row in day.workshops}
        work.themes = tuple(row.theme.key for row in day.themes)
        if match is None or any(where not in matches for where, _ in parts):
            recording.tell_day(work.session, day)


def _framework(work: _Import, one: Proposal) -> str:
    workshop = (work.workshops or {}).get(one.fields["workshop"] or 0)
    return recording.new_framework(work.session, work.source, one, workshop)


def _note(work: _Import, one: Proposal, year: int | None, author: Account | None, *, published: bool) -> str:
    """A note, by the way all notes are added; then its source, its lines and its workshop."""
    workshop = work.session.get(Workshop, (work.workshops or {}).get(one.fields["workshop"] or 0, "")) \
        if one.fields.get("workshop") else None  # fmt: skip
    themes = recording.themes_of(work.session, one, workshop, work.themes)
    draft = recording.draft_of(one, work.names, themes, year)
    note: Note = notes.add(work.session, draft, author)
    if published and note.status is not NoteStatus.PUBLISHED:
        note.status, note.published_at = NoteStatus.PUBLISHED, utc_now()
    note.source_id = work.source.id
    note.first_line, note.last_line = one.span
    note.workshop_id = workshop.id if workshop is not None else None
    if one.fields.get("author"):
        _waiting_name(work, note, one)
    return note.id


def _waiting_name(work: _Import, note: Note, one: Proposal) -> None:
    """Keep who signs a testimony where names wait for a consent."""
    key = f"testimony-{note.key}"
    contact = Contact(id=record_id("contact", key), key=key, name=str(one.fields["author"])[:200], consents=[])
    contact.organisation_id = work.names.find(one.fields["organisation"])
    _sourced(work, contact, one)


def _contact(work: _Import, one: Proposal, match: Known | None) -> str:
    email, telephone = one.fields["email"], one.fields["telephone"]
    if match is not None:
        contact = work.session.get_one(Contact, match.id)
        if contact.refused_at is None:
            contact.email = contact.email or email
            contact.telephone = contact.telephone or (telephone or "")[:40] or None
        return contact.id
    organisation = work.names.find(one.fields["organisation"])
    base = f"contact-{slugify(one.fields['organisation'], max_length=60) or 'sans-organisation'}"
    key = recording.new_key(work.session, Contact.key, f"{base}-{work.source.sha256 or ''}"[:100])
    contact = Contact(id=record_id("contact", key), key=key, organisation_id=organisation, consents=[])
    contact.email, contact.telephone = email, (telephone or "")[:40] or None
    contact.name = (one.fields["name"] or "")[:200] or None
    _sourced(work, contact, one)
    return contact.id


def _sourced(work: _Import, contact: Contact, one: Proposal) -> None:
    contact.source_id = work.source.id
    contact.first_line, contact.last_line = one.span
    work.session.add(contact)
    work.session.flush()
