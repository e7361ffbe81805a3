"""Organisations: their page, their names, and merging two of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, organisations
from savoirs.cards import initials
from savoirs.errors import ForbiddenError, NotFoundError, SavoirsError
from savoirs.journal import JournalFeed
from savoirs.models import NoteKind, NoteStatus, ParticipationRole, Role, Stance
from tests.builders import make_account, make_contact, make_gathering, make_note, make_organisation

MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


def test_a_page_has_notes_by_stance(session: Session) -> None:
    """The latest first; what only names it is apart; what it tells anonymously is not there."""
    organisation = make_organisation(session, "Association Exemple Le Fil", aliases=["Le Fil"])
    make_contact(session, organisation)
    for date in ("2023", "2025-01"):
        make_note(session, date, date=date, lived=[(organisation, Stance.SOLVED)])
    make_note(session, "échec", lived=[(organisation, Stance.FAILED)])
    make_note(session, "cité", cited=[organisation])
    make_note(session, "outil", kind=NoteKind.TOOL, tool={"provider": organisation})
    make_note(session, "secret", lived=[(organisation, Stance.NEED)], anonymous=True)
    make_note(session, "attente", lived=[(organisation, Stance.NEED)], status=NoteStatus.PENDING)
    make_gathering(session, "La journée", participations=[(organisation, ParticipationRole.FUNDER)])
    view = organisations.view(session, organisation.id)
    assert {stance: [line.title for line in lines] for stance, lines in view.lived.items()} == {
        Stance.SOLVED: ["2025-01", "2023"],
        Stance.FAILED: ["échec"],
    }
    assert {line.title for line in view.cited} == {"cité", "outil"}
    assert [(named.name, role) for named, role in view.gatherings] == [("La journée", ParticipationRole.FUNDER)]
    assert view.aliases == ("Le Fil",)
    assert view.availability.contactable


def test_a_page_costs_a_bounded_number_of_queries(
    session_factory: sessionmaker[Session], max_queries: MaxQueries
) -> None:
    """However much it lived."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, audiences=["jeunes"])
        for _ in range(30):
            make_note(session, lived=[(organisation, Stance.SOLVED), (make_organisation(session), Stance.NEED)])
    with database.reading(session_factory) as session, max_queries(3):
        assert len(organisations.view(session, organisation.id).lived[Stance.SOLVED]) == 30
    with database.reading(session_factory) as session, max_queries(2):
        assert len(organisations.listing(session)) == 31
    with database.reading(session_factory) as session, max_queries(1):
        assert len(organisations.names(session)) == 31


def test_the_list_is_by_name_and_counts_what_is_published(session: Session) -> None:
    """Accents do not matter to the order; anonymous notes do not count."""
    late, early = make_organisation(session, "Zèbre"), make_organisation(session, "Étoile")
    make_note(session, lived=[(late, Stance.SOLVED)])
    make_note(session, lived=[(late, Stance.SOLVED)], anonymous=True)
    lines = organisations.listing(session)
    assert [(line.card.name, line.counts) for line in lines] == [("Étoile", {}), ("Zèbre", {Stance.SOLVED: 1})]
    assert [named.id for named in organisations.names(session)] == [early.id, late.id]


def test_a_name_is_found_without_accents_or_case(session: Session) -> None:
    """By name first, then by alias; a merged one leads to the one that is kept."""
    emmaus = make_organisation(session, "Emmaüs d’exemple", aliases=["Les compagnons"])
    make_organisation(session, "Autre", aliases=["Emmaus d'exemple"])
    make_organisation(session, "Emmaüs Exemple Ville", merged_into_id=emmaus.id)
    for name in ("EMMAUS D'EXEMPLE", "les  Compagnons", "emmaus exemple ville"):
        assert organisations.find_by_name(session, name) is emmaus
    assert organisations.find_by_name(session, "inconnue") is None
    assert organisations.find_by_name(session, "…") is None


def test_merging_moves_nothing_and_can_be_undone(session_factory: sessionmaker[Session]) -> None:
    """The page of one has the notes of both, then not any more; indexes follow both times."""
    with database.transaction(session_factory) as session:
        editor = make_account(session, role=Role.EDITOR)
        kept, other = make_organisation(session, "Emmaüs"), make_organisation(session, "Emmaus")
        note = make_note(session, lived=[(other, Stance.SOLVED)])
    feed = JournalFeed(session_factory)
    before = feed.last_seq()
    with database.transaction(session_factory) as session:
        organisations.merge(session, other.id, kept.id, editor)
    with database.reading(session_factory) as session:
        assert [line.id for line in organisations.view(session, kept.id).lived[Stance.SOLVED]] == [note.id]
        merged_into = organisations.view(session, other.id).merged_into
        assert merged_into is not None
        assert merged_into.id == kept.id
        assert [line.card.id for line in organisations.listing(session)] == [kept.id]
    updates = {update.id: update.document for update in feed.updates(before, feed.last_seq())}
    assert set(updates) == {kept.id, other.id, note.id}
    assert updates[other.id] is None
    before = feed.last_seq()
    with database.transaction(session_factory) as session:
        organisations.unmerge(session, other.id, editor)
    with database.reading(session_factory) as session:
        assert organisations.view(session, kept.id).lived == {}
    updates = {update.id: update.document for update in feed.updates(before, feed.last_seq())}
    assert updates[other.id] is not None
    assert note.id in updates


def test_some_merges_make_no_sense(session: Session) -> None:
    """With itself, twice, in a chain, or by whoever is no editor."""
    editor, one, two, three = make_account(session, role=Role.EDITOR), *(make_organisation(session) for _ in range(3))
    organisations.merge(session, one.id, two.id, editor)
    for source, target in ((three, three), (one, three), (three, one), (two, three)):
        with pytest.raises(SavoirsError) as error:
            organisations.merge(session, source.id, target.id, editor)
        assert error.value.code == "cannot_merge"
    with pytest.raises(SavoirsError):
        organisations.unmerge(session, two.id, editor)
    with pytest.raises(NotFoundError):
        organisations.merge(session, "inconnue", two.id, editor)
    with pytest.raises(ForbiddenError):
        organisations.merge(session, three.id, two.id, make_account(session))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Association Exemple Les Deux Rives", "DR"), ("Emmaüs", "E"), ("Association", "A"), ("L’Œuvre", "O"), ("…", "")],
)
def test_initials_stand_for_a_name(name: str, letters: str) -> None:
    """Two letters at most, articles left out."""
    assert initials(name) == letters
