"""From the database to a corpus folder. No address leaves, and what its author has not published stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from savoirs.corpus import languages
from savoirs.corpus.kinds import SHELVES
from savoirs.corpus.kinds.contacts import answer
from savoirs.corpus.kinds.organisations import CONTACT_PREFIX
from savoirs.corpus.records import Record
from savoirs.corpus.writing import written
from savoirs.errors import SavoirsError
from savoirs.models import Call, CallStatus, Contact, Note, NoteStatus
from savoirs.plaintext import masked, masked_within


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote.

    Attributes:
        counts: Files for each kind of record.
        language: Language files.
        left_out: Notes that are not published: a corpus file has no way to say so.
        calls_left_out: Calls that wait for an editor, or were not let through.
        masked: Records in which an address or a telephone number was masked.
    """

    counts: Mapping[str, int]
    language: int
    left_out: int
    calls_left_out: int
    masked: int


def export(session: Session, directory: Path) -> ExportReport:
    """Write every record, and the language files, in their one form; ``load`` reads them back.

    Left out: addresses (masked), accounts, sessions, requests, notes that are not published, calls that nobody let
    through, and who asked.

    Args:
        session: Where to read; one state of the database.
        directory: A folder, made if missing, in which there is nothing yet.

    Raises:
        SavoirsError: ``export_not_empty`` (``path``).
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise SavoirsError("export_not_empty", path=str(directory))
    directory.mkdir(parents=True, exist_ok=True)
    unpublished = set(session.scalars(select(Note.key).where(Note.status != NoteStatus.PUBLISHED)))
    unread = set(session.scalars(select(Call.id).where(Call.status.not_in((CallStatus.OPEN, CallStatus.CLOSED)))))
    closed = _closed_since(session)
    counts: dict[str, int] = {}
    masked_records = 0
    for shelf in SHELVES:
        for record in shelf.fetch(session, None):
            if (shelf.kind == "note" and record.key in unpublished) or (shelf.kind == "call" and record.key in unread):
                continue
            whole = _without_answers(record, unpublished)
            safe = _safe(whole, closed)
            masked_records += _hides(whole, safe)
            _write(directory, safe)
            counts[shelf.kind] = counts.get(shelf.kind, 0) + 1
    language = languages.export(session, directory)
    return ExportReport(counts, language, len(unpublished), len(unread), masked_records)


def _without_answers(record: Record, unpublished: Collection[str]) -> Record:
    """A call without the answers that are not published: nothing there would bear their name."""
    answers = record.front.get("answers", ())
    kept = [answer for answer in answers if answer["note"] not in unpublished]
    return replace(record, front={**record.front, "answers": kept}) if len(kept) < len(answers) else record


def _closed_since(session: Session) -> frozenset[str]:
    """Keys of organisations whose contact took its consent back: their file, loaded elsewhere, must not give it."""
    query = select(Contact).where(Contact.key.startswith(CONTACT_PREFIX, autoescape=True))
    contacts = session.scalars(query.options(selectinload(Contact.consents)))
    return frozenset(
        contact.key.removeprefix(CONTACT_PREFIX) for contact in contacts if answer(contact) in {"refused", "withdrawn"}
    )


def _safe(record: Record, closed: frozenset[str]) -> Record:
    front: dict[str, Any] = {name: masked_within(value) for name, value in record.front.items()}
    if record.kind == "organisation" and record.key in closed:
        front["contact"] = {"mode": "closed"}
    return replace(record, front=front, body=masked(record.body))


def _hides(before: Record, after: Record) -> bool:
    contact = {"contact": None}
    return before.body != after.body or {**before.front, **contact} != {**after.front, **contact}


def _write(directory: Path, record: Record) -> None:
    path = directory / record.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(record), "utf-8", newline="\n")
