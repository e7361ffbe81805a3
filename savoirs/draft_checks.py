"""What may be wrong with a draft, and the small mends nobody needs to be told of."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from savoirs.audiences import AUDIENCES
from savoirs.drafts import PARTS, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.errors import FieldError
from savoirs.models import ExperienceRole, NoteKind, Organisation, OrganisationAlias, Theme
from savoirs.moments import first_day, today_or
from savoirs.plaintext import holds_email, holds_telephone
from savoirs.slugs import slugify

LIMITS = {
    "title": 200,
    "summary": 180,
    "for_whom": 300,
    "time_needed": 300,
    "cost": 300,
    "requires": 300,
    "testimony_author": 200,
    "organisation_name": 200,
    "tool.category": 120,
    "tool.as_written": 300,
    "indicator.dimension": 200,
}
"""Most characters of each short text; the five parts and ``indicator.measure`` have the limit of notes."""

MOST = {"themes": 6, "audiences": 6, "tools": 12, "experiences": 20, "tool.aliases": 12, "indicator.examples": 12}
"""Most entries of each list."""

_LONGEST_ENTRY = {"tools": 120, "tool.aliases": 200, "indicator.examples": 500}
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
"""Controls (Cc) but tabs and ends of line, private use (Co), surrogates (Cs): what no text needs."""

_NATURES = ("", "qualitative", "quantitative")
_SHORTEST_NAME = 4
"""Names of organisations shorter than this are not looked for in an anonymous note: « Pix » is too often a word."""


def cleaned(draft: NoteDraft) -> NoteDraft:
    """The draft in NFC, without control characters, outer spaces, empty entries, or details of another kind of note."""
    tidy: NoteDraft = _cleaned(draft)
    return replace(
        tidy,
        date=tidy.date or None,
        true_as_of=tidy.true_as_of or None,
        tool=(tidy.tool or ToolDraft()) if tidy.kind is NoteKind.TOOL else None,
        indicator=(tidy.indicator or IndicatorDraft()) if tidy.kind is NoteKind.INDICATOR else None,
        testimony_author=(tidy.testimony_author or None) if tidy.kind is NoteKind.TESTIMONY else None,
    )


def check(
    session: Session, draft: NoteDraft, *, max_chars: int = 20_000, today: dt.date | None = None
) -> tuple[FieldError, ...]:
    """Mistakes of a draft, in the order of the form; empty when it can be saved. At most two queries.

    Args:
        session: To know themes and organisations.
        draft: The draft.
        max_chars: Most characters of each of the five parts.
        today: After which no date can be.
    """
    draft = cleaned(draft)
    found = [
        *_texts(draft, max_chars),
        *_lists(draft),
        *_dates(draft, today_or(today)),
        *_themes(session, draft),
        *_organisations(session, draft),
    ]
    order = [one.name for one in fields(draft)]
    return tuple(sorted(found, key=lambda error: order.index(error.field.split(".")[0])))


def clean_text(text: str) -> str:
    """The text in NFC, with LF line ends, without control characters and outer spaces."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _HIDDEN.sub("", text).strip()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(one for one in map(_cleaned, value) if one != ""))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _cleaned(getattr(value, one.name)) for one in fields(value)})
    return value


def _texts(draft: NoteDraft, max_chars: int) -> Iterator[FieldError]:
    if not draft.title:
        yield FieldError("title", "missing")
    if not any(getattr(draft, part) for part in PARTS):
        yield FieldError("action", "no_text")
    limits = LIMITS | dict.fromkeys((*PARTS, "indicator.measure"), max_chars)
    for name, text in _all_texts(draft):
        most = limits.get(name) or _LONGEST_ENTRY.get(name, max_chars)
        if len(text) > most:
            yield FieldError(name, "too_long", {"max": most, "length": len(text)})
        if holds_email(text):
            yield FieldError(name, "holds_email")
        if holds_telephone(text):
            yield FieldError(name, "holds_telephone")
    if draft.indicator and draft.indicator.nature not in _NATURES:
        yield FieldError("indicator.nature", "bad_value", {"value": draft.indicator.nature})


def _all_texts(draft: NoteDraft) -> Iterator[tuple[str, str]]:
    for name in (*LIMITS, *PARTS, "indicator.measure"):
        value = _at(draft, name)
        if value:
            yield name, value
    for name in _LONGEST_ENTRY:
        for entry in _at(draft, name) or ():
            yield name, entry


def _lists(draft: NoteDraft) -> Iterator[FieldError]:
    if not draft.themes:
        yield FieldError("themes", "missing")
    for name, most in MOST.items():
        if len(_at(draft, name) or ()) > most:
            yield FieldError(name, "too_many", {"max": most})
    for audience in draft.audiences:
        if audience not in AUDIENCES:
            yield FieldError("audiences", "unknown_audience", {"value": audience})


def _dates(draft: NoteDraft, today: dt.date) -> Iterator[FieldError]:
    for name in ("date", "true_as_of"):
        value = getattr(draft, name)
        day = first_day(value)
        if value and day is None:
            yield FieldError(name, "bad_date", {"value": value})
        elif day and day > today:
            yield FieldError(name, "date_in_future", {"value": value})


def _themes(session: Session, draft: NoteDraft) -> Iterator[FieldError]:
    if draft.themes:
        known = set(session.scalars(select(Theme.key).where(Theme.key.in_(draft.themes))))
        for key in draft.themes:
            if key not in known:
                yield FieldError("themes", "unknown_theme", {"value": key})


def _organisations(session: Session, draft: NoteDraft) -> Iterator[FieldError]:
    provider = draft.tool.provider_id if draft.tool else None
    ids = {one.organisation_id for one in draft.experiences} | ({provider} if provider else set())
    names = _names(session, ids) if ids else {}
    seen = set()
    for one in draft.experiences:
        if one.organisation_id not in names:
            yield FieldError("experiences", "unknown_organisation", {"value": one.organisation_id})
        elif (one.organisation_id, one.role) in seen:
            yield FieldError("experiences", "repeated_organisation", {"name": names[one.organisation_id][0]})
        if one.role is ExperienceRole.LIVED and one.stance is None:
            yield FieldError("experiences", "stance_missing")
        if one.role is not ExperienceRole.LIVED and one.stance is not None:
            yield FieldError("experiences", "stance_without_lived")
        seen.add((one.organisation_id, one.role))
    if provider and provider not in names:
        yield FieldError("tool.provider_id", "unknown_organisation", {"value": provider})
    if draft.anonymous:
        yield from _named_in_text(draft, names)


def _names(session: Session, ids: Collection[str]) -> dict[str, list[str]]:
    """The name of each organisation, then its aliases. One query."""
    names: dict[str, list[str]] = {}
    own = select(Organisation.id, Organisation.name, literal(-1).label("place"))
    others = select(OrganisationAlias.organisation_id, OrganisationAlias.name, OrganisationAlias.position)
    rows = session.execute(
        union_all(
            own.where(Organisation.id.in_(ids)), others.where(OrganisationAlias.organisation_id.in_(ids))
        ).order_by("place")
    )
    for id_, name, _ in rows:
        names.setdefault(id_, []).append(name)
    return names


def _named_in_text(draft: NoteDraft, names: dict[str, list[str]]) -> Iterator[FieldError]:
    lived = [one.organisation_id for one in draft.experiences if one.role is not ExperienceRole.CITED]
    text = f"-{slugify(' '.join(value for _, value in _all_texts(draft)), max_length=10**6)}-"
    for name in (name for id_ in lived for name in names.get(id_, ())):
        if len(name) >= _SHORTEST_NAME and f"-{slugify(name, max_length=300)}-" in text:
            yield FieldError("anonymous", "names_organisation", {"name": name})


def _at(draft: NoteDraft, name: str) -> Any:
    value: Any = draft
    for step in name.split("."):
        value = getattr(value, step) if value is not None else None
    return value
