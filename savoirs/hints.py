"""What would help a reader understand a note at once, and is not there yet: gentle, never asked for.

Each rule is a function of what is written; none reads the database. Codes only: sentences are the pages'.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from savoirs.documents.first_names import FIRST_NAMES
from savoirs.drafts import PARTS, NoteDraft
from savoirs.models import NoteKind
from savoirs.plaintext import holds_email, holds_telephone
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS

LEAST_CHARS = 80
"""Below, a text has just begun: there is nothing to say of it."""

MOST_CHARS = 50_000
"""Of a text, what is looked at: hints come while one types."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(
    r"\b(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
    r"|printemps|automne|hiver|rentr[ée]e|trimestre|semestre)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:depuis|pendant|il y a|l’an dernier|l'an dernier|cette ann[ée]e)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente"
    r"|quarante|cinquante|soixante|cent|cents|mille|dizaine|douzaine|quinzaine|vingtaine|trentaine|centaine|moiti[ée]"
    r"|tiers|quart|double)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:quartiers?|villages?|villes?|communes?|mairies?|vall[ée]es?|campagne|m[ée]tropole|banlieue|bourg|agglom[ée]ration"
    r"|d[ée]partement|canton|arrondissement|[îi]le)\b"
    r"|\b(?:à|en|dans l[ea’'s]|près de|au|aux) (?:l[’'])?[A-ZÉÈÎÔ][\w’-]{2,}"
)
_PUBLIC = re.compile(
    r"\b(?:b[ée]n[ée]voles?|volontaires?|a[îi]n[ée]e?s|personnes|enfants|jeunes|adolescent|lyc[ée]en|coll[ée]gien|[ée]tudiant"
    r"|famill|parents?|m[èe]res?|p[èe]res?|habitant|voisin|femmes|hommes|aidant|salari[ée]|retrait[ée]|usag|adh[ée]rent"
    r"|[ée]l[èe]ves?|r[ée]sidents?|convives?|apprenant|locataires?|adultes)",
    re.IGNORECASE,
)
_CIVIL = re.compile(r"\b(?:M\.|Mme|Mlle|Monsieur|Madame|Mademoiselle|Dr|Docteur)\s+(?:de\s+)?[A-ZÉÈÎÔ][\w’-]+")
_CAPITALISED = re.compile(
    r"\b([A-ZÉÈÎÔ][a-zà-öø-ÿ]+(?:-[A-ZÉÈÎÔ][a-zà-öø-ÿ]+)?)\s+([A-ZÉÈÎÔ][A-Za-zÀ-ÖØ-öø-ÿ’'-]{2,})\b"
)


@dataclass(frozen=True, slots=True)
class Hint:
    """What is missing, or would better be left out; ``found`` are the words that show it, empty for what is missing.

    Codes: ``email``, ``telephone``, ``person``, ``date``, ``place``, ``audience``, ``number``, ``failed``.
    """

    code: str
    found: str = ""


def hints(draft: NoteDraft, *, placed: bool = False) -> tuple[Hint, ...]:
    """What could be better, what must not be read first; nothing of a text that has just begun.

    Args:
        draft: What is written so far.
        placed: Whether it names an organisation that Savoirs can place on a map.
    """
    text = _text(draft)
    found = [Hint(code, words) for code, rule in TO_LEAVE_OUT.items() if (words := rule(text))]
    if len(text) >= LEAST_CHARS and draft.kind not in _WITHOUT_STORY:
        found += [
            Hint(code) for code, rule in MISSING.items() if rule(draft, text) and not (code == "place" and placed)
        ]
    return tuple(found)


def no_date(draft: NoteDraft, text: str) -> bool:
    """Neither a date in its field, nor a year, a month or a season in the text."""
    return not (draft.date or _YEAR.search(text) or _MONTH.search(text) or _SINCE.search(text))


def no_place(draft: NoteDraft, text: str) -> bool:  # noqa: ARG001  (all rules are asked alike)
    """No territory, no sort of place, and no « à Lyon »."""
    said = f"-{slugify(text, max_length=10**6)}-"
    return not (_PLACE.search(text) or any(f"-{name}-" in said for name in _TERRITORIES))


def no_audience(draft: NoteDraft, text: str) -> bool:
    """Nobody is said to be concerned: no box, no « pour qui », no word for people."""
    return not (draft.audiences or draft.for_whom or _PUBLIC.search(text))


def no_number(draft: NoteDraft, text: str) -> bool:  # noqa: ARG001
    """Not a figure, even in letters."""
    return not _NUMBER.search(text)


def no_failure(draft: NoteDraft, text: str) -> bool:  # noqa: ARG001
    """Nothing about what did not work, while something is said to have worked."""
    return bool(draft.worked) and not draft.failed


def person(text: str) -> str:
    """The first name of a person in a text: after « Madame », or a first name and a name; empty when there is none."""
    civil = _CIVIL.search(text)
    if civil:
        return civil.group()
    for match in _CAPITALISED.finditer(text):
        first = slugify(match[1]).split("-")[0]
        if first in FIRST_NAMES and slugify(match[2]) not in _NOT_NAMES:
            return match.group()
    return ""


TO_LEAVE_OUT: dict[str, Callable[[str], str]] = {
    "email": lambda text: "@" if holds_email(text) else "",
    "telephone": lambda text: "0" if holds_telephone(text) else "",
    "person": person,
}
"""What should not be read by all, and what shows it. The signs stand for an address or a number: never repeated."""

MISSING: dict[str, Callable[[NoteDraft, str], bool]] = {
    "date": no_date,
    "place": no_place,
    "audience": no_audience,
    "number": no_number,
    "failed": no_failure,
}
"""What helps and is not there, in the order in which it is said."""

_WITHOUT_STORY = (NoteKind.INDICATOR, NoteKind.PRINCIPLE)
_TERRITORIES = tuple(sorted({slugify(name) for one in DEPARTEMENTS.values() for name in (one.name, one.region)}))
_NOT_NAMES = frozenset(("exemple", "association", "fondation", "france"))


def _text(draft: NoteDraft) -> str:
    told = "\n".join(part for part in (draft.title, draft.summary, *(getattr(draft, name) for name in PARTS)) if part)
    return told[:MOST_CHARS]
