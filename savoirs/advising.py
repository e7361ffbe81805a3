"""What is said to somebody who writes, in one answer: told already, themes, kind, and what would help a reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.drafts import PARTS, NoteDraft
from savoirs.duplicates import Likely, likely
from savoirs.hints import Hint, hints
from savoirs.models import Account, Experience, ExperienceRole, Note, NoteKind, NoteStatus
from savoirs.near_texts import NearTexts
from savoirs.note_rights import may_edit
from savoirs.slugs import slugify
from savoirs.suggesting import SuggestedKind, SuggestedTheme, ThemeWords, kind_of, themes_of

MOST_CHARS = 20_000
"""Of a text, what is looked at: an answer comes while one types."""


@dataclass(frozen=True, slots=True)
class ToldAlready:
    """A published note that the draft may rather complete; ``editable`` by who writes."""

    id: str
    kind: NoteKind
    title: str
    slug: str
    words: tuple[str, ...]
    editable: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything that is said of a draft; all may be empty. ``themes`` are not those chosen already."""

    told: tuple[ToldAlready, ...] = ()
    themes: tuple[SuggestedTheme, ...] = ()
    kind: SuggestedKind | None = None
    hints: tuple[Hint, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.told or self.themes or self.kind or self.hints)


def advice(
    session: Session,
    texts: NearTexts,
    words: ThemeWords,
    draft: NoteDraft,
    account: Account | None,
    *,
    note_id: str = "",
    placed: bool = False,
) -> Advice:
    """What is said of a draft. No query, or two when a note tells it already.

    Args:
        session: The session.
        texts: The published notes.
        words: The words of themes.
        draft: What is written so far.
        account: Who writes; None for a visitor.
        note_id: The note that is changed: it is not its own copy.
        placed: Whether the draft names an organisation that Savoirs can place on a map.
    """
    body = "\n".join(text for text in (draft.summary, *(getattr(draft, part) for part in PARTS)) if text)
    near = texts.near(draft.title[:MOST_CHARS], body[:MOST_CHARS], without=note_id)
    found = () if note_id else likely(near)
    return Advice(
        _told(session, found, account),
        tuple(theme for theme in themes_of(near, words) if theme.key not in draft.themes),
        None if note_id else kind_of(near, draft.kind),
        hints(draft, placed=placed),
    )


def _told(session: Session, found: Iterable[Likely], account: Account | None) -> tuple[ToldAlready, ...]:
    told = {one.note_id: one for one in found}
    if not told:
        return ()
    published = select(Note.id, Note.kind, Note.title, Note.author_id).where(
        Note.id.in_(told), Note.status == NoteStatus.PUBLISHED
    )
    rows = {row.id: row for row in session.execute(published)}
    lived = select(Experience.note_id, Experience.organisation_id).where(
        Experience.note_id.in_(told), Experience.role == ExperienceRole.LIVED
    )
    links = session.execute(lived).all() if account else ()
    owned = {
        id_: _Owned(row.author_id, frozenset(link.organisation_id for link in links if link.note_id == id_))
        for id_, row in rows.items()
    }
    return tuple(
        ToldAlready(id_, row.kind, row.title, slugify(row.title), one.words, may_edit(account, owned[id_]))
        for id_, one in told.items()
        if (row := rows.get(id_)) is not None
    )


@dataclass(frozen=True, slots=True)
class _Owned:
    author_id: str | None
    lived_by: frozenset[str]
