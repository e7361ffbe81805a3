"""What each table holds of persons, and for which processing: declared here, once; the register is made from it.

A test fails when a table, or a column that may hold a text, is not declared: whoever adds one has to think of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Processing(StrEnum):
    """What personal data are used for: one entry of the register each."""

    INTRODUCTIONS = "introductions"
    CONTACTS = "contacts"
    ACCOUNTS = "accounts"
    NOTES = "notes"
    CALLS = "calls"
    SEARCHES = "searches"
    LETTERS = "letters"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Declared:
    """A table.

    Attributes:
        processing: What its data are used for, None when nobody is in it.
        personal: Columns of text by a person, or about one.
        plain: Columns of text in which nobody is: codes, ids, days.
    """

    processing: Processing | None = None
    personal: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


def _of(processing: Processing, personal: str = "", plain: str = "") -> Declared:
    return Declared(processing, tuple(personal.split()), tuple(plain.split()))


NOBODY = Declared()
"""A table about organisations, themes or days: its texts are public and about no person."""

TABLES: Mapping[str, Declared] = {
    "accounts": _of(Processing.ACCOUNTS, "login name password_hash seen_on", "id"),
    "api_tokens": _of(Processing.ACCOUNTS, "label", "token_hash"),
    "applied_erasures": _of(Processing.SECURITY, "", "id"),
    "call_answers": NOBODY,
    "call_notices": NOBODY,
    "calls": _of(Processing.CALLS, "question context search", "id status"),
    "changes": NOBODY,
    "checks": _of(Processing.NOTES, "line"),
    "consents": _of(Processing.CONTACTS, "given_by", "scope wording_version"),
    "contacts": _of(Processing.CONTACTS, "key name email telephone paused_until description", "id"),
    "experiences": NOBODY,
    "framework_items": NOBODY,
    "framework_sections": NOBODY,
    "frameworks": NOBODY,
    "gathering_themes": NOBODY,
    "gatherings": NOBODY,
    "imports": _of(Processing.NOTES, "name text pieces", "id sha256 error_code error_params format"),
    "indicator_examples": NOBODY,
    "indicators": NOBODY,
    "introduction_blocks": _of(Processing.INTRODUCTIONS, "sender"),
    "introductions": _of(
        Processing.INTRODUCTIONS,
        "need sentence context question availability answer passed_to_name requester_line recipient_line",
        "preference status report_reason requester_outcome recipient_outcome",
    ),
    "lexicon_lines": NOBODY,
    "note_audiences": NOBODY,
    "note_drafts": _of(Processing.NOTES, "title fields", "slot"),
    "note_themes": NOBODY,
    "note_tools": NOBODY,
    "notes": _of(
        Processing.NOTES,
        "title summary introduction context action worked failed for_whom time_needed cost requires",
        "id key folder date true_as_of",
    ),
    "objectives": NOBODY,
    "organisation_aliases": NOBODY,
    "organisation_audiences": NOBODY,
    "organisations": NOBODY,
    "outbox": _of(Processing.LETTERS, "", "key kind params state last_error"),
    "participations": NOBODY,
    "revisions": _of(Processing.NOTES, "draft"),
    "saved_searches": _of(Processing.SEARCHES, "text filters"),
    "search_misses": _of(Processing.SEARCHES, "words", "month"),
    "sign_in_links": _of(Processing.SECURITY, "", "token_hash"),
    "sign_in_sessions": _of(Processing.SECURITY, "", "token_hash"),
    "slots": NOBODY,
    "sources": _of(Processing.NOTES, "text", "id key title origin sha256 description"),
    "testimonies": _of(Processing.NOTES, "author"),
    "theme_synonyms": NOBODY,
    "themes": NOBODY,
    "tool_aliases": NOBODY,
    "tools": NOBODY,
    "trials": _of(Processing.NOTES, "line"),
    "workshops": NOBODY,
}


def tables_of(processing: Processing) -> tuple[str, ...]:
    """The tables of a processing, by name."""
    return tuple(sorted(name for name, declared in TABLES.items() if declared.processing is processing))
