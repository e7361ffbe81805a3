"""A note read whole, in two statements: what it has one of, then all its lists and who may be reached for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, CompoundSelect, Select, String, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from savoirs.call_answers import answered_piece
from savoirs.drafts import ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.models import (
    Experience,
    ExperienceRole,
    IndicatorExample,
    Note,
    NoteAudience,
    NoteKind,
    NoteTheme,
    NoteTool,
    Organisation,
    Stance,
    Theme,
    Tool,
    ToolAlias,
    Workshop,
)
from savoirs.note_writing import PLAIN
from savoirs.organisation_pieces import organisation_pieces
from savoirs.pieces import Pieces, piece, read_pieces
from savoirs.upkeep import upkeep_pieces


@dataclass(frozen=True, slots=True)
class WholeNote:
    """A note and its pieces. Ask these, not the note, for its lists: the note would ask the database again."""

    note: Note
    pieces: Pieces

    @property
    def author_id(self) -> str | None:
        """The account that wrote it."""
        return self.note.author_id

    @property
    def lived_by(self) -> frozenset[str]:
        """Ids of the organisations that lived it, under the names it was told with."""
        return frozenset(row.name for row in self.experiences() if row.role == ExperienceRole.LIVED)

    def experiences(self) -> list[Any]:
        """Who lived it or is named: ``id`` of the one kept, ``name`` the id as told, ``role``, ``stance``."""
        return list(self.pieces.of("experience", self.note.id))

    def names(self, what: str) -> tuple[str, ...]:
        """Names in one of its lists."""
        return tuple(row.name for row in self.pieces.of(what, self.note.id))

    def draft(self) -> NoteDraft:
        """It as a draft."""
        note = self.note
        return NoteDraft(
            **{name: getattr(note, name) for name in PLAIN},
            themes=tuple(row.id for row in self.pieces.of("theme", note.id)),
            audiences=self.names("audience"),
            experiences=tuple(
                ExperienceDraft(row.name, ExperienceRole(row.role), Stance(row.stance) if row.stance else None)
                for row in self.experiences()
            ),
            tools=self.names("tool"),
            tool=self._tool(),
            indicator=self.indicator(),
            testimony_author=note.testimony.author if note.testimony else None,
        )

    def indicator(self) -> IndicatorDraft | None:
        """What an indicator adds."""
        own = self.note.indicator
        return IndicatorDraft(own.dimension, own.nature, own.measure, self.names("example")) if own else None

    def _tool(self) -> ToolDraft | None:
        own = self.note.tool
        return ToolDraft(own.provider_id, own.category, own.as_written, self.names("alias")) if own else None


def read_whole(session: Session, note_id: str) -> WholeNote | None:
    """A note and all its pieces; None when there is no such note. Two queries."""
    note = session.scalar(
        select(Note)
        .where(Note.id == note_id)
        .options(
            joinedload(Note.source),
            joinedload(Note.workshop).joinedload(Workshop.gathering),
            joinedload(Note.tool).joinedload(Tool.provider).joinedload(Organisation.merged_into),
            joinedload(Note.indicator),
            joinedload(Note.testimony),
        )
    )
    return WholeNote(note, read_pieces(session, _pieces_query(), note=note.id)) if note else None


@cache
def _pieces_query() -> CompoundSelect[*tuple[Any, ...]]:
    """Built once: building it costs more than running it."""
    note_id = bindparam("note", type_=String())
    return union_all(
        *_lists(note_id),
        _experiences(note_id),
        *_organisations(note_id),
        _principles(note_id),
        *upkeep_pieces(note_id),
        answered_piece(note_id),
    )


def _lists(note_id: Any) -> Iterator[Select[Any]]:
    yield (
        piece("theme", NoteTheme.note_id, id=Theme.key, name=Theme.name, position=NoteTheme.position)
        .join(NoteTheme, NoteTheme.theme_id == Theme.id)
        .where(NoteTheme.note_id == note_id)
    )
    for what, table, name in (
        ("audience", NoteAudience, NoteAudience.audience),
        ("tool", NoteTool, NoteTool.name),
        ("alias", ToolAlias, ToolAlias.name),
        ("example", IndicatorExample, IndicatorExample.text),
    ):
        yield piece(what, table.note_id, name=name, position=table.position).where(table.note_id == note_id)


def _experiences(note_id: Any) -> Select[Any]:
    return (
        piece(
            "experience", Experience.note_id, id=_kept_id(Organisation), name=Organisation.id,
            fictional=Organisation.fictional, role=Experience.role, stance=Experience.stance,
            position=Experience.position,
        )
        .join(Organisation, Organisation.id == Experience.organisation_id)
        .where(Experience.note_id == note_id)
    )  # fmt: skip


def _organisations(note_id: Any) -> tuple[Select[Any], ...]:
    said = aliased(Organisation)
    told = (
        select(_kept_id(said))
        .join(Experience, Experience.organisation_id == said.id)
        .where(Experience.note_id == note_id)
    )

    def chosen(column: Any) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = column.in_(told)
        return condition

    return organisation_pieces(chosen)


def _principles(note_id: Any) -> Select[Any]:
    """For a tool, the principles of its themes and of those above; whoever reads them looks at their status."""
    themes = _themes_and_above(note_id)
    about = select(NoteTheme.note_id).join(themes, themes.c.id == NoteTheme.theme_id)
    return piece(
        "principle", note_id, id=Note.id, name=Note.title, kind=Note.kind, role=Note.status, date=Note.date,
        text=Note.summary,
    ).where(Note.kind == NoteKind.PRINCIPLE, Note.id.in_(about))  # fmt: skip


def _themes_and_above(note_id: Any) -> CTE:
    own = (
        select(NoteTheme.theme_id.label("id"))
        .join(Note, Note.id == NoteTheme.note_id)
        .where(NoteTheme.note_id == note_id, Note.kind == NoteKind.TOOL)
    )
    above = own.cte("above", recursive=True)
    return above.union(select(Theme.parent_id).join(above, above.c.id == Theme.id).where(Theme.parent_id.is_not(None)))


def _kept_id(organisation: Any) -> ColumnElement[str]:
    kept: ColumnElement[str] = func.coalesce(organisation.merged_into_id, organisation.id)
    return kept
