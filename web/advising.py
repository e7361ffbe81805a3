"""Advice to who writes: what this process remembers of the notes, and the codes of hints in French."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy.orm import Session

from savoirs import advising, lexicon, themes
from savoirs.advising import Advice
from savoirs.database import reading
from savoirs.drafts import NoteDraft
from savoirs.near_texts import SMALL, NearTexts
from savoirs.suggesting import ThemeWords
from web.identity import current_account
from web.remembered import Remembered
from web.typography import typo
from web.wiring import Services, current_services

_EXTENSION = "savoirs-advising"

HINTS = {
    "email": "Il y a une adresse e-mail dans votre texte. Retirez-la : on vous joindra par le relais.",
    "telephone": "Il y a un numéro de téléphone dans votre texte. Retirez-le : on vous joindra par le relais.",
    "person": "« {found} » semble être le nom d'une personne. Est-elle d'accord ? Un prénom, ou rien, suffit souvent.",
    "date": "Il manque une date. Même « en 2025 » aide à savoir si c'est encore vrai.",
    "place": "On ne sait pas où cela se passe : un quartier, un village, un département.",
    "audience": "On ne sait pas pour qui : des enfants, des voisins, des bénévoles…",
    "number": "Il manque un chiffre, même petit : combien de personnes, d'heures, d'euros ?",
    "failed": "Rien n'a coincé ? Ce que vous feriez autrement aide autant que la réussite.",
}


@dataclass(frozen=True, slots=True)
class Memory:
    """What suggestions are made from, for one application; threads share it."""

    texts: NearTexts
    words: Remembered[ThemeWords] = field(default_factory=Remembered)


def prepare() -> None:
    """Begin to read the notes of a large base, without waiting, the first time that somebody is about to write."""
    if _EXTENSION not in current_app.extensions:
        services = current_services()
        if services.feed.last_seq() > SMALL:
            _memory(services).texts.ready(services.feed, wait_s=0)


def read_all() -> None:
    """Read every note now, however long it takes: for who measures."""
    services = current_services()
    _memory(services).texts.read(services.feed)


def advice(session: Session, draft: NoteDraft, *, note_id: str = "", placed: bool = False) -> Advice:
    """What is said of a draft to who writes it; nothing while the notes are being read. Four queries at most."""
    services = current_services()
    memory = _memory(services)
    if not memory.texts.ready(services.feed):
        return Advice()
    words = memory.words.at(services.feed.last_seq(), lambda: ThemeWords(themes.tree(session), memory.texts))
    return advising.advice(session, memory.texts, words, draft, current_account(), note_id=note_id, placed=placed)


def known_texts() -> NearTexts:
    """The notes that a text is compared with, read once for the application."""
    return _memory(current_services()).texts


def hint_words(code: str, found: str = "") -> str:
    """A hint as a sentence."""
    return typo(HINTS[code]).format(found=found)


def _memory(services: Services) -> Memory:
    memory: Memory | None = current_app.extensions.get(_EXTENSION)
    if memory is None:
        with reading(services.sessions) as session:
            memory = Memory(NearTexts(lexicon.language(session)))
        memory = current_app.extensions.setdefault(_EXTENSION, memory)
    return memory
