"""How long things are kept, in French words, from the settings: said the same on pages and in the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from savoirs import bin, written_drafts
from savoirs.config import Settings
from savoirs.privacy.retention import KEEP_IMPORTS_DAYS, KEEP_LETTERS_DAYS, KEEP_MISSES_MONTHS, WARNING_DAYS

KEEP_BACKUPS_DAYS = 35
"""Advice to who keeps backups: no setting of ours reaches them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Durations, each as a reader says them: « 12 mois », « 180 jours »."""

    requests: str
    logs: str
    accounts: str
    warning: str
    sessions: str
    idle_sessions: str
    letters: str
    misses: str
    imports: str
    consents: str
    backups: str
    drafts: str
    withdrawn: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of an installation."""
        return cls(
            requests=in_words(settings.keep_requests_days),
            logs=in_words(settings.keep_logs_days),
            accounts=in_words(settings.inactive_account_days),
            warning=in_words(WARNING_DAYS),
            sessions=in_words(settings.session_days),
            idle_sessions=in_words(settings.session_idle_days),
            letters=in_words(KEEP_LETTERS_DAYS),
            imports=in_words(KEEP_IMPORTS_DAYS),
            misses=f"{KEEP_MISSES_MONTHS} mois",
            consents=in_words(settings.consent_days),
            backups=in_words(KEEP_BACKUPS_DAYS),
            drafts=in_words(written_drafts.KEEP_DAYS),
            withdrawn=in_words(bin.KEEP_DAYS),
        )


def in_words(days: int) -> str:
    """A number of days as people say it: years and months where they are whole."""
    years, rest = divmod(days, 365)
    if years and not rest:
        return "12 mois" if years == 1 else f"{years} ans"
    return f"{days} jour" if days == 1 else f"{days} jours"
