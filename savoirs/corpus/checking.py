"""What a schema cannot see: references, lines of sources, the tree of themes, addresses that must not be there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.corpus import moments
from savoirs.corpus.identities import Identities
from savoirs.corpus.problems import Problem
from savoirs.corpus.reading import Entry, read_text
from savoirs.corpus.records import Path, references, spans, texts
from savoirs.models import Framework, Note, Source, Theme, record_id
from savoirs.plaintext import holds_email, holds_telephone
from savoirs.territories import DEPARTEMENTS

MAX_LENGTHS: Mapping[tuple[str, str], int] = {
    ("note", "title"): 200,
    ("gathering", "title"): 200,
    ("framework", "title"): 200,
    ("source", "title"): 300,
    ("organisation", "name"): 200,
    ("organisation", "website"): 300,
    ("theme", "name"): 120,
}
"""Lengths of columns, for keys that a person is likely to write too long."""


def problems(
    session: Session, entries: Sequence[Entry], identities: Identities, unreadable: frozenset[str] = frozenset()
) -> list[Problem]:
    """Everything wrong with records that follow the schema.

    Args:
        session: To read what the database holds already.
        entries: The records to load.
        identities: What exists, these records included.
        unreadable: Keys of files that have mistakes of their own: a reference to one is not a second mistake.
    """
    line_counts = dict(session.execute(select(Source.key, Source.line_count)).all())
    line_counts |= {entry.record.key: entry.record.front["lines"] for entry in entries if entry.record.kind == "source"}
    found = [*_repeated(entries), *_cycles(session, entries), *_workshops_in_use(session, entries, identities)]
    for entry in entries:
        for where, kind, key in references(entry.record):
            if not identities.knows(kind, key) and key.partition("/")[0] not in unreadable:
                found.append(entry.problem(where, f"unknown_{kind}_reference", key=key))
        found += _of_one(entry, line_counts)
    return found


def _of_one(entry: Entry, line_counts: Mapping[str, int | None]) -> Iterator[Problem]:
    yield from _wrong_lines(entry, line_counts)
    yield from _wrong_values(entry)
    yield from _repeated_inside(entry)
    yield from _addresses(entry)


def _wrong_lines(entry: Entry, line_counts: Mapping[str, int | None]) -> Iterator[Problem]:
    source = entry.record.front.get("source", {}).get("id")
    last = line_counts.get(source) if source else None
    for where, (first_line, last_line) in spans(entry.record.front):
        if source is None:
            yield entry.problem(where, "lines_without_source")
        elif first_line > last_line:
            yield entry.problem(where, "lines_reversed", first=first_line, last=last_line)
        elif last is not None and last_line > last:
            yield entry.problem(where, "lines_beyond_source", last=last_line, lines=last, source=source)


def _wrong_values(entry: Entry) -> Iterator[Problem]:
    front = entry.record.front
    departement = front.get("departement")
    if departement is not None and departement not in DEPARTEMENTS:
        yield entry.problem(("departement",), "unknown_departement", departement=departement)
    for name in ("date", "true_as_of", "paused_until"):
        if name in front and not _is_date(front[name]):
            yield entry.problem((name,), "date_not_read", key=name, value=front[name])
    for where, text in texts(front):
        if where[-1] in moments.KEYS and not moments.exists(text):
            yield entry.problem(where, "moment_not_read", key=where[-1], value=text)
    for (kind, name), maximum in MAX_LENGTHS.items():
        if kind == entry.record.kind and len(front.get(name, "")) > maximum:
            yield entry.problem((name,), "value_too_long", key=name, length=len(front[name]), maximum=maximum)


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), ""))
    except ValueError:
        return False
    return True


def _repeated(entries: Sequence[Entry]) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for entry in entries:
        identity = (entry.record.kind, entry.record.key)
        if identity in first:
            yield entry.problem(("id",), "repeated_record", id=entry.record.key, other=first[identity])
        first.setdefault(identity, entry.name)


def _repeated_inside(entry: Entry) -> Iterator[Problem]:
    """Two links, workshops, sections or items that would be one row."""
    front = entry.record.front
    for name, keys in _UNIQUE.items():
        yield from _twice(entry, (name,), front.get(name, ()), keys)
    for place, section in enumerate(front.get("sections", ())):
        yield from _twice(entry, ("sections", place, "items"), section["items"], ("key",))


_UNIQUE = {
    "experiences": ("organisation", "role"),
    "participations": ("organisation", "role"),
    "workshops": ("number",),
    "sections": ("number",),
    "trials": ("organisation", "moment"),
    "checks": ("organisation", "moment"),
    "told": ("organisation",),
    "answers": ("note",),
}


def _twice(
    entry: Entry, where: Path, items: Sequence[Mapping[str, object]], keys: tuple[str, ...]
) -> Iterator[Problem]:
    seen = set()
    for place, item in enumerate(items):
        identity = tuple(item[key] for key in keys if key in item)
        if identity in seen:
            yield entry.problem((*where, place), "repeated_item", value=", ".join(map(str, identity)))
        seen.add(identity)


def _cycles(session: Session, entries: Sequence[Entry]) -> Iterator[Problem]:
    """Themes that would be their own ancestors."""
    themes = [entry for entry in entries if entry.record.kind == "theme"]
    if not themes:
        return
    keys = dict(session.execute(select(Theme.id, Theme.key)).all())
    stored = session.execute(select(Theme.key, Theme.parent_id)).all()
    parents = {key: keys[parent] if parent else None for key, parent in stored}
    parents |= {entry.record.key: entry.record.front.get("parent") for entry in themes}
    for entry in themes:
        if _returns(entry.record.key, parents):
            yield entry.problem(("parent",), "theme_cycle", id=entry.record.key)


def _returns(key: str, parents: Mapping[str, str | None]) -> bool:
    above = parents.get(key)
    for _ in range(len(parents)):
        if above is None:
            return False
        if above == key:
            return True
        above = parents.get(above)
    return False


def _addresses(entry: Entry) -> Iterator[Problem]:
    """E-mail addresses and telephone numbers: none leaves the contacts table, so none comes in by a file."""
    for where, text in texts(entry.record.front):
        if where != ("sha256",) and (holds_email(text) or holds_telephone(text)):
            yield entry.problem(where, "holds_address")
    if holds_email(entry.record.body) or holds_telephone(entry.record.body):
        for number, line in enumerate(read_text(entry.path).split("\n"), start=1):
            if number >= entry.body_line and (holds_email(line) or holds_telephone(line)):
                yield Problem(entry.name, number, "holds_address")


def _workshops_in_use(session: Session, entries: Sequence[Entry], identities: Identities) -> Iterator[Problem]:
    """Workshops that a gathering's file has no more, and that something in the database still refers to."""
    for entry in entries:
        gone = {
            record_id("workshop", key)
            for key in identities.former_workshops(entry.record.key)
            if not identities.knows("workshop", key)
        }
        if gone and any(
            session.scalar(select(model.id).where(model.workshop_id.in_(gone)).limit(1)) for model in (Note, Framework)
        ):
            yield entry.problem(("workshops",), "workshop_in_use")
