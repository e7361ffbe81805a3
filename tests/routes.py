"""Every address of an application, for tests that visit them all: a new route joins them by being there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from savoirs.models import (
    Call,
    Gathering,
    Import,
    Introduction,
    Letter,
    Note,
    Organisation,
    Revision,
    SavedSearch,
    Source,
)
from savoirs.slugs import slugify

Values = Mapping[str, str]

READING = frozenset({"GET", "HEAD", "OPTIONS"})

_ARGUMENT = re.compile(r"<(?:[^<>]+:)?(\w+)>")
_LINK = re.compile(r'(?:href|src|action)="(/[^"/#][^"#]*)')


def rules(app: Flask) -> list[Rule]:
    """The routes of an application, in the order of their addresses."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def unsafe_rules(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Each route that may write, with its method."""
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - READING):
            yield method, rule


def arguments(rule: Rule) -> tuple[str, ...]:
    """Names of what has to be put in the address of a route."""
    return tuple(_ARGUMENT.findall(rule.rule))


def address(rule: Rule, values: Values) -> str:
    """The address of a route with these values in it."""
    return _ARGUMENT.sub(lambda found: quote(values[found[1]], safe=""), rule.rule)


def known_values(app: Flask, session: Session) -> dict[tuple[str, ...], list[Values]]:
    """What the database has to put in addresses, by the names of the arguments; ids in their order."""
    notes = [(row.id, slugify(row.title)) for row in session.execute(select(Note.id, Note.title).order_by(Note.id))]
    found = session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.id))
    organisations = [(row.id, slugify(row.name)) for row in found]
    found = session.execute(select(Gathering.id, Gathering.title).order_by(Gathering.id))
    days = [(row.id, slugify(row.title)) for row in found]
    found = session.execute(select(Call.id, Call.question).order_by(Call.id))
    calls = [(row.id, slugify(row.question)) for row in found]
    found = session.execute(select(Source.id, Source.title).order_by(Source.id))
    documents = [(row.id, slugify(row.title)) for row in found]
    files = list(session.scalars(select(Import.id).order_by(Import.id)))
    letters = [str(id_) for id_ in session.scalars(select(Letter.id).order_by(Letter.id))]
    requests = [str(id_) for id_ in session.scalars(select(Introduction.id).order_by(Introduction.id))]
    searches = [str(id_) for id_ in session.scalars(select(SavedSearch.id).order_by(SavedSearch.id))]
    revisions = session.execute(select(Revision.note_id, Revision.id).order_by(Revision.id)).all()
    static = Path(app.static_folder or "")
    return {
        (): [{}],
        ("note_id",): [{"note_id": id_} for id_, _ in notes],
        ("note_id", "slug"): [{"note_id": id_, "slug": slug} for id_, slug in notes],
        ("note_id", "revision_id"): [{"note_id": id_, "revision_id": str(number)} for id_, number in revisions],
        ("organisation_id",): [{"organisation_id": id_} for id_, _ in organisations],
        ("organisation_id", "slug"): [{"organisation_id": id_, "slug": slug} for id_, slug in organisations],
        ("gathering_id",): [{"gathering_id": id_} for id_, _ in days],
        ("address",): [{"address": f"{id_}-{slug}{end}"} for id_, slug in days for end in ("", ".ics")],
        ("call_id",): [{"call_id": id_} for id_, _ in calls] or [{"call_id": "aaaaaaaaaa"}],
        ("call_id", "slug"): [{"call_id": id_, "slug": slug} for id_, slug in calls]
        or [{"call_id": "aaaaaaaaaa", "slug": "un-appel"}],
        ("introduction_id",): [{"introduction_id": id_} for id_ in requests or ["1"]],
        ("letter_id",): [{"letter_id": id_} for id_ in letters or ["1"]],
        ("search_id",): [{"search_id": id_} for id_ in searches or ["1"]],
        ("source_id",): [{"source_id": id_} for id_, _ in documents] or [{"source_id": "aaaaaaaaaa"}],
        ("source_id", "slug"): [{"source_id": id_, "slug": slug} for id_, slug in documents]
        or [{"source_id": "aaaaaaaaaa", "slug": "un-document"}],
        ("import_id",): [{"import_id": id_} for id_ in files or ["aaaaaaaaaa"]],
        ("import_id", "key"): [
            {"import_id": id_, "key": f"p{n}"} for id_ in files or ["aaaaaaaaaa"] for n in (1, 2, 9)
        ],
        ("token",): [{"token": "un-lien-qui-n-ouvre-rien"}],
        ("handle",): [{"handle": "0" * 16}],
        ("filename",): [
            {"filename": path.relative_to(static).as_posix()} for path in sorted(static.rglob("*")) if path.is_file()
        ],
    }


def readable_addresses(
    app: Flask, session: Session, *, first: Iterable[str] = (), each: int = 12
) -> dict[str, list[str]]:
    """Addresses to read, by endpoint: at most ``each`` a route, spread over the records, those of ``first`` before.

    Args:
        app: The application.
        session: Where ids are found.
        first: Ids that are taken before the others.
        each: How many addresses of a route, beside those of ``first``.
    """
    wanted = frozenset(first)
    known = known_values(app, session)
    chosen: dict[str, list[str]] = {}
    for rule in rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        assert arguments(rule) in known, f"tests.routes does not know what to put in {rule.rule}"
        values = known[arguments(rule)]
        before = [one for one in values if wanted & set(one.values())]
        others = [one for one in values if one not in before]
        spread = others[:: -(-len(others) // each) or 1]
        chosen.setdefault(rule.endpoint, []).extend(address(rule, one) for one in (*before, *spread))
    return chosen


def links(html: str) -> list[str]:
    """Addresses of this site in a page, in their order."""
    return list(dict.fromkeys(link.replace("&amp;", "&") for link in _LINK.findall(html)))
