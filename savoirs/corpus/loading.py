"""From a corpus folder to the database: all of it is checked, then all of it is kept, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from savoirs.corpus import checking, journalling, languages, reading, shelves
from savoirs.corpus.identities import Identities
from savoirs.corpus.kinds import SHELVES
from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch, Shelf
from savoirs.database import analyse
from savoirs.errors import SavoirsError
from savoirs.models import Change
from savoirs.models.base import utc_now


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records of a kind were added, changed, or already there as they are."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did.

    Attributes:
        counts: For each kind of record, in the order of the corpus folders.
        language: Names of the language files that changed.
        changes: How many rows were written in the journal.
    """

    counts: Mapping[str, Counts]
    language: tuple[str, ...]
    changes: int


def load(session: Session, path: Path) -> LoadReport:
    """Add the records of a corpus, and change those that the database holds otherwise. None is removed.

    Everything is read and checked before the first write; the caller's transaction then keeps all of it or nothing.
    A record is known by its kind and its key. One that says the same is left alone: loading twice writes nothing.
    To what people add meanwhile (trials and checks of notes, answers to calls), a file adds, and takes nothing away.

    Args:
        session: The session of a transaction.
        path: A corpus folder, a part of one, or one file. What it refers to is there, or in the database already.

    Raises:
        SavoirsError: ``corpus_errors`` (``problems``: each with file, line and code) or ``corpus_not_found``.
    """
    entries, problems = reading.read(path)
    texts, language_problems = languages.read(path)
    unreadable = frozenset(Path(problem.file).stem for problem in problems)
    identities = Identities.of(session, notes=any(entry.record.kind == "call" for entry in entries))
    identities.add(entry.record for entry in entries)
    problems += language_problems + checking.problems(session, entries, identities, unreadable)
    if problems:
        raise SavoirsError("corpus_errors", problems=sorted(problems))
    return _keep(session, [entry.record for entry in entries], identities, texts)


def _keep(session: Session, records: Sequence[Record], identities: Identities, texts: dict[str, str]) -> LoadReport:
    now = utc_now()
    counts = {}
    changes: list[journalling.Line] = []
    for shelf in SHELVES:
        mine = [record for record in records if record.kind == shelf.kind]
        if mine:
            batch = _sorted_out(session, shelf, mine, identities, now)
            shelf.store(session, batch)
            changes += journalling.lines(shelf.kind, batch)
            counts[shelf.kind] = Counts(len(batch.added), len(batch.changed), len(mine) - len(batch.records))
    changes = list(dict.fromkeys(changes))
    if changes:
        session.execute(insert(Change), [change.row(now) for change in changes])
        analyse(session)
    language = languages.store(session, texts)
    session.expire_all()
    return LoadReport(counts, language, len(changes))


def _sorted_out(
    session: Session, shelf: Shelf, records: Sequence[Record], identities: Identities, now: dt.datetime
) -> Batch:
    held = {record.key: record for record in shelf.fetch(session, {record.key for record in records})}
    added = [record for record in records if record.key not in held]
    known = [shelf.meet(record, held[record.key]) for record in records if record.key in held]
    changed = [record for record in known if record != held[record.key]]
    ids = shelves.ids(session, shelf, [*added, *changed])
    return Batch(added, changed, ids, identities, now, held)
