"""What an index may know of a record, and what it may not."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from indexer.engine import Document
from savoirs import indexing
from savoirs.models import NoteKind, NoteStatus, ParticipationRole, Stance
from tests.builders import make_gathering, make_note, make_organisation, make_theme


def document_of(session: Session, id_: str) -> Document:
    """The document of one record."""
    (document,) = indexing.documents(session, [id_])
    return document


def test_a_note_is_all_its_parts_in_plain_text(session: Session) -> None:
    """Marks of Markdown are not text; every part is."""
    note = make_note(
        session,
        "Un repas",
        introduction="Avec **soin**.",
        context="## Où\n\n- à [Lyon](https://example.org)",
        action="Cuisiner.",
        worked="Rire.",
        failed="Rien.",
        cost="aucun achat",
    )
    body = document_of(session, note.id).body
    assert "Avec soin.\nOù\nà Lyon\nCuisiner.\nRire.\nRien.\naucun achat" in body


def test_a_theme_brings_its_ancestors(session: Session) -> None:
    """Both the facet and the text have the parents' names."""
    root = make_theme(session, "Bénévolat", key="benevolat")
    leaf = make_theme(session, "Fidéliser", key="fidelisation", parent=root)
    document = document_of(session, make_note(session, themes=[leaf]).id)
    assert document.facets["theme"] == ("fidelisation", "benevolat")
    assert document.themes == "Fidéliser\nBénévolat"


@pytest.mark.parametrize(
    ("stance", "group", "weight"),
    [
        (Stance.SOLVED, "solved", 1.0),
        (Stance.FAILED, "solved", 0.8),
        (Stance.NEED, "same", 1.0),
        (Stance.ONGOING, "same", 0.9),
    ],
)
def test_who_lived_it_is_a_peer(session: Session, stance: Stance, group: str, weight: float) -> None:
    """The stance says in which list, and what it is worth there."""
    organisation = make_organisation(session)
    (link,) = document_of(session, make_note(session, lived=[(organisation, stance)]).id).links
    assert (link.entity, link.group, link.weight) == (organisation.id, group, weight)


def test_who_is_only_named_is_no_peer(session: Session) -> None:
    """A cited organisation is found by its name, makes no peer, and lends no territory."""
    cited = make_organisation(session, "Plateforme Exemple", departement="75")
    document = document_of(session, make_note(session, cited=[cited]).id)
    assert document.links == ()
    assert document.facets["organisation"] == (cited.id,)
    assert document.facets["territory"] == ()


def test_the_territory_is_a_region_and_a_departement(session: Session) -> None:
    """Both can be filtered on."""
    organisation = make_organisation(session, departement="69")
    document = document_of(session, make_note(session, lived=[(organisation, Stance.SOLVED)]).id)
    assert document.facets["territory"] == ("auvergne-rhone-alpes", "69")


def test_an_anonymous_note_says_nothing_of_who_lived_it(session: Session) -> None:
    """Neither a word, nor a facet, nor a link; its stance stays."""
    organisation = make_organisation(session, "Association Exemple Discrète", aliases=["Discrète"])
    note = make_note(session, lived=[(organisation, Stance.FAILED)], anonymous=True)
    document = document_of(session, note.id)
    assert not any("iscrète" in text for text in document.texts())
    assert document.facets["organisation"] == document.facets["territory"] == ()
    assert document.links == ()
    assert document.facets["stance"] == ("failed",)
    assert "échec utile" in document.kinds


def test_addresses_and_numbers_are_masked(session: Session) -> None:
    """Whoever wrote one, no index holds it."""
    note = make_note(session, "Écrire à a@example.org", context="Appelez le 04 78 00 00 00, ou b (at) example.org.")
    told = " ".join(document_of(session, note.id).texts())
    assert "example.org" not in told
    assert "78 00" not in told


def test_the_author_of_a_testimony_is_not_indexed(session: Session) -> None:
    """Removing the name then has nothing to erase in an index."""
    note = make_note(session, kind=NoteKind.TESTIMONY, author="Prénom Inventé")
    assert not any("Inventé" in text for text in document_of(session, note.id).texts())


@pytest.mark.parametrize("status", [NoteStatus.DRAFT, NoteStatus.PENDING, NoteStatus.WITHDRAWN])
def test_only_published_notes_enter_an_index(session: Session, status: NoteStatus) -> None:
    """Every other status is no document."""
    note = make_note(session, status=status)
    assert indexing.documents(session, [note.id]) == []
    assert note.id not in {document.id for document in indexing.all_documents(session)}


@pytest.mark.parametrize(
    ("date", "day"),
    [("2017", dt.date(2017, 1, 1)), ("2024-11", dt.date(2024, 11, 1)), ("2026-03-12", dt.date(2026, 3, 12))],
)
def test_the_day_is_the_first_that_a_date_allows(session: Session, date: str, day: dt.date) -> None:
    """« 2017 » never passes before a day of 2017."""
    document = document_of(session, make_note(session, date=date).id)
    assert document.day == day.toordinal()
    assert document.facets["year"] == (date[:4],)


def test_a_tool_is_found_by_all_its_names(session: Session) -> None:
    """As written, by alias, and by who offers it."""
    provider = make_organisation(session, "Plateforme Exemple", aliases=["PlatEx"])
    tool = {"provider": provider, "as_written": "Agenda 3000", "aliases": ["agenda partagé"], "category": "planning"}
    document = document_of(session, make_note(session, kind=NoteKind.TOOL, tool=tool).id)
    assert document.tools == "Agenda 3000\nagenda partagé"
    assert document.organisations == "Plateforme Exemple\nPlatEx"
    assert "planning" in document.body


def test_a_merged_organisation_lends_its_names_to_the_other(session: Session) -> None:
    """Its notes count for the one that is kept, which is found under both names."""
    kept = make_organisation(session, "Emmaüs d’exemple")
    other = make_organisation(session, "Emmaus d’exemple", merged_into_id=kept.id)
    note = make_note(session, lived=[(other, Stance.SOLVED)])
    document = document_of(session, note.id)
    assert document.links[0].entity == kept.id
    assert document.facets["organisation"] == (kept.id,)
    assert document.organisations == "Emmaüs d’exemple\nEmmaus d’exemple"
    assert indexing.documents(session, [other.id]) == []


def test_organisations_days_and_workshops_are_documents_too(session: Session) -> None:
    """Each with its own kind, and the French word for it."""
    organisation = make_organisation(session, "Association Exemple", departement="2A", audiences=["personnes-agees"])
    day = make_gathering(session, participations=[(organisation, ParticipationRole.ORGANISER)])
    found = indexing.documents(session, [organisation.id, day.id, day.workshops[0].id])
    assert {(document.kind, document.kinds) for document in found} == {
        ("organisation", "organisation"),
        ("gathering", "journée"),
        ("workshop", "atelier"),
    }
    by_kind = {document.kind: document for document in found}
    assert "Corse" in by_kind["organisation"].body
    assert "personnes agees" in by_kind["organisation"].body
    assert by_kind["gathering"].facets["organisation"] == (organisation.id,)
    assert "Se rencontrer." in by_kind["gathering"].body
    assert "Faire durer le lien" in by_kind["workshop"].body
