"""The document that records come from: its masked text, and who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from savoirs.cards import Named
from savoirs.documents.originals import original_path
from savoirs.errors import NotFoundError
from savoirs.models import Account, Framework, Gathering, Import, Note, NoteStatus, Source
from savoirs.note_rights import is_editor, require_editor
from savoirs.plaintext import masked
from savoirs.slugs import slugify


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A published note made from a document, and its lines."""

    id: str
    kind: str
    title: str
    slug: str
    first_line: int | None
    last_line: int | None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A document.

    Attributes:
        id: Its id.
        title: What it is called.
        slug: The title as its address has it.
        year: Of the document, or None.
        origin: The name of its file, or where it comes from; masked.
        description: What it is.
        lines: Its masked text; None when it is not kept here.
        notes: Published notes made from it, in its order.
        gatherings: Days made from it.
        original: The SHA-256 of the original file, for editors, when it is kept.
    """

    id: str
    title: str
    slug: str
    year: int | None
    origin: str
    description: str
    lines: tuple[str, ...] | None
    notes: tuple[SourceNote, ...]
    gatherings: tuple[Named, ...]
    original: str | None


def page(session: Session, source_id: str, account: Account | None, data_dir: Path) -> SourcePage:
    """A document, for who may read it: all, once something published was made from it; else editors, and its sender.

    Raises:
        NotFoundError: ``unknown_source``, for who may not read it too.
    """
    source = session.get(Source, source_id)
    if source is None or not _may_read(session, source, account):
        raise NotFoundError("unknown_source", id=source_id)
    made = (
        select(Note.id, Note.kind, Note.title, Note.first_line, Note.last_line)
        .where(Note.source_id == source.id, Note.status == NoteStatus.PUBLISHED)
        .order_by(Note.first_line, Note.title, Note.id)
    )
    days = select(Gathering.id, Gathering.title).where(Gathering.source_id == source.id).order_by(Gathering.title)
    kept = is_editor(account) and source.sha256 and original_path(data_dir, source.sha256).exists()
    return SourcePage(
        id=source.id,
        title=source.title,
        slug=slugify(source.title),
        year=source.year,
        origin=masked(source.origin),
        description=source.description,
        lines=None if source.text is None else tuple(masked(source.text).splitlines()),
        notes=tuple(
            SourceNote(row.id, row.kind.value, row.title, slugify(row.title), row.first_line, row.last_line)
            for row in session.execute(made)
        ),
        gatherings=tuple(Named(row.id, row.title, slugify(row.title)) for row in session.execute(days)),
        original=source.sha256 if kept else None,
    )


def remove_original(session: Session, source_id: str, account: Account, data_dir: Path) -> bool:
    """Remove the original file of a document; its masked text and its records stay. Returns whether it was there.

    Raises:
        ForbiddenError: ``editors_only``.
        NotFoundError: ``unknown_source``.
    """
    require_editor(account)
    source = session.get(Source, source_id)
    if source is None:
        raise NotFoundError("unknown_source", id=source_id)
    path = original_path(data_dir, source.sha256) if source.sha256 else None
    if path is None or not path.exists():
        return False
    path.unlink(missing_ok=True)
    return True


def _may_read(session: Session, source: Source, account: Account | None) -> bool:
    if is_editor(account):
        return True
    public = or_(
        exists().where(Note.source_id == source.id, Note.status == NoteStatus.PUBLISHED),
        exists().where(Gathering.source_id == source.id),
        exists().where(Framework.source_id == source.id),
    )
    if session.scalar(select(public)):
        return True
    mine = exists().where(Import.sha256 == source.sha256, Import.account_id == account.id) if account else None
    return mine is not None and bool(session.scalar(select(mine)))
