"""Documents into records: what a file would give, and, once somebody says yes, what it gave."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session, sessionmaker

from savoirs import documents
from savoirs.config import Settings
from savoirs.database import reading, transaction
from savoirs.errors import SavoirsError
from web import labels
from web.cli.data import base, follow, seq_of
from web.cli.folder import ready_settings
from web.cli.french import FrenchCommand, example, option
from web.cli.output import json_option, print_json, progress, say
from web.messages import message_of
from web.typography import typo

KINDS = {
    **{kind: name.lower() for kind, name in labels.KINDS.items()},
    "objective": "objectif",
    "slot": "créneau",
    "framework": "cadre d’évaluation",
    "contact": "contact",
}
"""What each kind of proposal is called."""

_NO_ORGANISATION = "Sans organisation"


@dataclass(frozen=True, slots=True)
class _Row:
    """A record as it is printed: ``id`` is None for what would be made."""

    kind: str
    id: str | None
    title: str
    span: tuple[int, int]
    known: bool
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a file: its rows, or the sentence that says why not."""

    name: str
    source: dict[str, Any]
    rows: tuple[_Row, ...] = ()
    error: str = ""


@click.command(
    "import",
    cls=FrenchCommand,
    epilog=example("savoirs import synthese.pdf", "savoirs import synthese.odt associations.csv --yes"),
)
@click.argument(
    "files", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@option("--yes", is_flag=True, help="Enregistre ce qui est proposé. Sans elle, rien n’est gardé.")
@json_option
def import_documents(files: tuple[Path, ...], yes: bool, as_json: bool) -> int:
    """Lit des documents et propose des fiches, journées, organisations et contacts.

    PDF (avec du texte, ou avec tesseract pour les pages numérisées), Word (.docx), OpenDocument (.odt, .odp, .ods),
    PowerPoint (.pptx), Excel (.xlsx), HTML, Markdown, texte et CSV. Un tableau d’associations devient une liste
    d’organisations.

    Chaque proposition dit ses lignes dans le fichier. Les adresses et les téléphones ne vont que dans des contacts en
    attente de consentement ; les noms de personnes écrits à côté sont masqués. Ce qui est déjà dans la base est
    reconnu, pas doublé. Les fiches enregistrées sont publiées. Chaque fichier est enregistré en entier ou pas du tout.
    """
    settings = ready_settings()
    if len(files) > settings.import_max_files:
        raise SavoirsError("too_many_documents", count=len(files), maximum=settings.import_max_files)
    with base(settings) as sessions:
        before = seq_of(sessions)
        outcomes = [_import(settings, sessions, path, yes=yes) for path in _counted(files)]
        changes = seq_of(sessions) - before
    if changes:
        follow(settings, changes)
    failed = [one for one in outcomes if one.error]
    if len(outcomes) == 1 and failed:
        progress(failed[0].error)
        return 1
    if as_json:
        told = [_as_json(one, detailed=not yes) for one in outcomes]
        print_json(told[0] if len(told) == 1 else {"imports": told})
    else:
        for outcome in outcomes:
            _print(outcome, yes=yes)
    for one in failed:
        progress(one.error)
    return 1 if failed else 0


def _counted(files: Sequence[Path]) -> Iterator[Path]:
    """The files, with a progress bar for somebody who looks."""
    if len(files) == 1 or not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(files, label="Lecture", file=sys.stderr) as shown:
        yield from shown


def _import(settings: Settings, sessions: sessionmaker[Session], path: Path, *, yes: bool) -> _Outcome:
    try:
        document = documents.read(path, documents.Limits.of(settings))
        proposals = documents.split(document)
        if yes:
            return _stored(settings, sessions, path, document, proposals)
        return _proposed(sessions, document, proposals)
    except SavoirsError as error:
        if not error.code.startswith("document_"):
            raise
        name = str(error.params.get("name", path.name))
        return _Outcome(name, {"name": name}, error=message_of(error))


def _proposed(
    sessions: sessionmaker[Session], document: documents.ReadDocument, proposals: tuple[documents.Proposal, ...]
) -> _Outcome:
    with reading(sessions) as session:
        matches = documents.known(session, document, proposals)
    rows = []
    for place, one in enumerate(documents.flat(proposals)):
        match = matches.get(place)
        title = match.title if match else one.title
        id_ = match.id if match else None
        rows.append(_Row(one.kind, id_, title, one.span, match is not None, one.confidence, one.decided_by.rule))
    return _Outcome(document.name, _source(document, None), tuple(rows))


def _stored(
    settings: Settings,
    sessions: sessionmaker[Session],
    path: Path,
    document: documents.ReadDocument,
    proposals: tuple[documents.Proposal, ...],
) -> _Outcome:
    with documents.keeping(settings.data_dir, path, document.sha256), transaction(sessions) as session:
        source, stored = documents.store(session, document, proposals, published=True)
        told = _source(document, source.id)
    return _Outcome(
        document.name, told, tuple(_Row(one.kind, one.id, one.title, one.span, one.known) for one in stored)
    )


def _source(document: documents.ReadDocument, id_: str | None) -> dict[str, Any]:
    return {
        "id": id_,
        "name": document.name,
        "format": document.format,
        "sha256": document.sha256,
        "pages": document.pages,
        "lines": document.line_count,
        "recognised": document.recognised,
    }


def _as_json(outcome: _Outcome, *, detailed: bool) -> dict[str, Any]:
    if outcome.error:
        return {"source": outcome.source, "records": [], "error": outcome.error}
    records = []
    for row in outcome.rows:
        record: dict[str, Any] = {
            "kind": row.kind,
            "id": row.id,
            "title": _title(row),
            "span": list(row.span),
            "known": row.known,
        }
        if detailed:
            record |= {"confidence": row.confidence, "rule": row.rule}
        records.append(record)
    return {"source": outcome.source, "records": records}


def _print(outcome: _Outcome, *, yes: bool) -> None:
    if outcome.error:
        return
    new = sum(not row.known for row in outcome.rows)
    known = labels.counted(len(outcome.rows) - new, "déjà connue", "déjà connues")
    made = labels.counted(new, "enregistrée", "enregistrées") if yes else labels.counted(new, "nouvelle", "nouvelles")
    say(f"« {outcome.name} » : {labels.counted(len(outcome.rows), 'proposition', 'propositions')}, {made}, {known}.")
    if outcome.source["recognised"]:
        say("  Le texte a été reconnu dans des images : relisez-le.")
    for row in outcome.rows:
        first, last = row.span
        lines = f"ligne {first}" if first == last else f"lignes {first} à {last}"
        state = " · déjà connue" if row.known else ""
        click.echo(f"  {typo(KINDS[row.kind])} · {_title(row)} · {lines}{state}")
    if not yes and new:
        progress("Rien n’est enregistré. Avec --yes, tout l’est.")


def _title(row: _Row) -> str:
    return _NO_ORGANISATION if row.kind == "contact" and not any(char.isalpha() for char in row.title) else row.title
