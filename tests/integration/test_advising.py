"""Everything that is said of a draft, from a real base."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from indexer.language import Language
from savoirs import accounts, advising, database, themes
from savoirs.drafts import NoteDraft
from savoirs.journal import JournalFeed
from savoirs.models import NoteStatus, Stance
from savoirs.near_texts import NearTexts
from savoirs.suggesting import ThemeWords
from tests.builders import make_account, make_note, make_organisation, make_theme

STORY = (
    "Chaque samedi, un atelier répare les vélos du quartier avec les adolescents, des pneus et une clé de treize. "
    "La mairie prête un garage froid, et le mécanicien retraité montre comment régler les freins."
)
Sessions = sessionmaker[Session]


@pytest.fixture
def bikes(session_factory: Sessions) -> Sessions:
    """A note about bikes that an association lived, and one that waits; a member and a stranger."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Mobilité", key="mobilite", synonyms=("vélo",))
        own = make_organisation(session, key="la-leur")
        make_note(session, "Réparer des vélos", key="velos", action=STORY, themes=[theme], lived=[(own, Stance.SOLVED)])
        for number in range(3):
            make_note(session, f"Une soupe {number}", action=f"Des légumes, un bocal, un préau {number}.")
        make_note(session, "Réparer en attente", action=STORY, status=NoteStatus.PENDING)
        make_account(session, "membre", organisation=own)
        make_account(session, "autre")
    return session_factory


def test_a_draft_gets_all_its_advice_at_once(
    bikes: Sessions, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """The published note that tells it already, the theme and its words, what is missing; in two statements."""
    texts = NearTexts(Language.parse("", "", ""))
    assert texts.ready(JournalFeed(bikes))
    draft = NoteDraft(title="Notre vélo", action=STORY, worked="On rit.")
    with database.reading(bikes) as session:
        words = ThemeWords(themes.tree(session), texts)
        member = accounts.get(session, "membre")
        with max_queries(2):
            found = advising.advice(session, texts, words, draft, member)
        (told,) = found.told
        assert (told.title, told.editable) == ("Réparer des vélos", True)
        assert found.themes[0].key == "mobilite"
        assert "vélo" in found.themes[0].words
        assert [hint.code for hint in found.hints] == ["date", "failed"]
        with max_queries(0):
            itself = advising.advice(session, texts, words, draft, None, note_id=told.id)
        assert itself.told == ()
        other = accounts.get(session, "autre")
        assert not advising.advice(session, texts, words, draft, other).told[0].editable
        chosen = NoteDraft(title="Notre vélo", action=STORY, themes=("mobilite",))
        assert advising.advice(session, texts, words, chosen, None).themes == ()


def test_an_empty_draft_gets_no_advice(bikes: Sessions) -> None:
    """Nothing is said of nothing."""
    texts = NearTexts(Language.parse("", "", ""))
    texts.ready(JournalFeed(bikes))
    with database.reading(bikes) as session:
        assert not advising.advice(session, texts, ThemeWords(themes.tree(session), texts), NoteDraft(), None)
