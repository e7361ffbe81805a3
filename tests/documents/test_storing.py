"""What is accepted of a document is stored once, whole or not at all, and knows where it comes from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import documents, gatherings, models, organisations
from savoirs.availability import State, availabilities
from savoirs.documents import flat, keeping, known, original_path, split, store
from savoirs.errors import SavoirsError
from savoirs.journal import last_seq
from savoirs.models import (
    Base,
    Change,
    Consent,
    Contact,
    Experience,
    Framework,
    Gathering,
    Note,
    NoteStatus,
    Organisation,
    Source,
)
from savoirs.moments import today_or
from tests.builders import make_account, make_note, make_organisation, make_theme
from tests.documents import making

TEXTS = Path(__file__).parent / "texts"
DAY = TEXTS / "rencontre-exemple-2023.txt"


def stored(session: Session, path: Path = DAY, *, published: bool = True) -> list[documents.Stored]:
    """Import a file, with a theme to hang its notes on."""
    if session.scalar(select(Organisation.id).limit(1)) is None:
        make_theme(session, "Bénévolat", key="benevolat", synonyms=["bénévoles"])
    document = documents.read(path)
    return list(store(session, document, split(document), published=published)[1])


def rows(session: Session) -> Counter[str]:
    """How many rows each table has; the journal apart."""
    counted: Counter[str] = Counter()
    for table in Base.metadata.sorted_tables:
        if table.name not in ("changes", "revisions"):
            counted[table.name] = len(session.execute(select(table)).all())
    return counted


def test_a_document_is_stored_with_its_lines(session: Session) -> None:
    """Each note is published, has a revision, its source and its lines, its workshop and a theme."""
    made = stored(session)
    assert not [one for one in made if one.known]
    notes = session.scalars(select(Note)).all()
    assert Counter(note.kind.value for note in notes) == {
        "tool": 7, "practice": 4, "indicator": 3, "testimony": 2, "principle": 1,
    }  # fmt: skip
    for note in notes:
        assert note.status is NoteStatus.PUBLISHED
        assert note.published_at is not None
        assert note.revisions[0].draft["title"] == note.title
        assert note.source is not None
        assert note.themes
        assert note.date == "2023"
        assert (note.workshop is None) == (note.kind.value == "testimony")
    spans = {one.id: one.span for one in made}
    assert all(spans[note.id] == (note.first_line, note.last_line) for note in notes)


def test_a_day_is_stored_with_its_parts(session: Session) -> None:
    """Its page shows them in order; the framework hangs from its workshop; roles are those of organisations."""
    made = stored(session)
    day = gatherings.view(session, next(one.id for one in made if one.kind == "gathering"))
    assert len(day.objectives) == 3
    assert [slot.start for slot in day.slots] == [
        "09:00",
        "09:30",
        "10:00",
        "10:45",
        "12:15",
        "13:30",
        "15:00",
        "16:30",
    ]
    assert [(workshop.number, len(workshop.notes)) for workshop in day.workshops] == [(1, 12), (2, 3), (3, 0)]
    assert {role.value: [one.name for one in named] for role, named in day.roles.items()} == {
        "funder": ["Fondation Exemple du Canal"],
        "facilitator": ["Atelier Exemple"],
        "testimony": ["Association Exemple Le Fil", "Les Jardins Exemple"],
    }
    assert len(day.testimonies) == 2
    framework = session.scalars(select(Framework)).one()
    assert framework.workshop_id == day.workshops[2].id
    assert [len(section.items) for section in framework.sections] == [3, 1, 1, 1]


def test_who_lived_a_practice_becomes_a_peer(session: Session) -> None:
    """The association given as an example lived it, and solved it; a tool's provider is only named."""
    stored(session)
    links = session.execute(
        select(Organisation.name, Experience.role, Experience.stance)
        .join(Experience, Experience.organisation_id == Organisation.id)
        .where(Organisation.name.in_(["Association Exemple Les Ricochets", "EXEMPLO"]))
        .order_by(Organisation.name)
    ).all()
    assert [(name, role.value, stance and stance.value) for name, role, stance in links] == [
        ("Association Exemple Les Ricochets", "lived", "solved"),
        ("EXEMPLO", "cited", None),
    ]


def test_imported_twice_it_gives_the_same_records(session: Session) -> None:
    """Same ids in the same order, all of them known, no row more, nothing in the journal."""
    first = stored(session)
    before, seq = rows(session), last_seq(session)
    again = stored(session)
    assert [(one.kind, one.id, one.span) for one in again] == [(one.kind, one.id, one.span) for one in first]
    assert all(one.known for one in again)
    assert rows(session) == before
    assert last_seq(session) == seq


def test_the_same_facts_in_another_file_are_known_by_their_names(session: Session, tmp_path: Path) -> None:
    """The same synthesis as a Word document: another source, no second record."""
    stored(session)
    before = rows(session)
    path = making.write_docx(
        tmp_path / "rencontre.docx", making.pieces_of(DAY.read_text("utf-8").replace("&nbsp;", ""))
    )
    again = stored(session, path)
    assert not [one for one in again if not one.known]
    assert rows(session) - before == Counter({"sources": 1})


def test_an_organisation_is_known_by_its_aliases_and_its_merges(session: Session) -> None:
    """« le fil » is Association Exemple Le Fil when the list says so; what was merged leads to what it is part of."""
    make_theme(session)
    fil = make_organisation(session, "Le Fil", key="fil", aliases=["ASSOCIATION EXEMPLE LE FIL"])
    old, kept = make_organisation(session, "Papotalk"), make_organisation(session, "Papotalk France")
    organisations.merge(session, old.id, kept.id, make_account(session, role="admin"))
    made = {one.title: one for one in stored(session) if one.kind == "organisation"}
    assert made["Le Fil"].id == fil.id
    assert made["Papotalk France"].id == kept.id


def test_a_note_of_the_same_kind_and_title_is_known(session: Session) -> None:
    """Whatever the accents and the case; one of another kind is not it."""
    make_theme(session)
    same = make_note(session, "Les enfants deviennent jardiniers à leur tour", kind="indicator")
    make_note(session, "Création d'habitudes communes", kind="practice")
    made = {one.title: one for one in stored(session)}
    assert made[same.title].id == same.id
    assert not made["Création d'habitudes communes"].known


def test_persons_wait_for_their_consent(session: Session) -> None:
    """A testimony shows no name; the name and the addresses are in contacts that nobody has agreed to."""
    made = stored(session)
    assert session.scalars(select(models.Testimony.author)).all() == [None, None]
    contacts = session.scalars(select(Contact).order_by(Contact.first_line)).all()
    assert [(one.name, one.email) for one in contacts] == [
        ("Amandine Exemplaire", None),
        ("Bachir Exemplaire", None),
        (None, "accueil@canal.example.org"),
        (None, "zoe@atelier-exemple.example.org"),
    ]
    assert session.scalar(select(Consent.id).limit(1)) is None
    ids = [one.organisation_id for one in contacts if one.organisation_id]
    assert {one.state for one in availabilities(session, ids, today_or(None)).values()} == {State.PENDING}
    assert len([one for one in made if one.kind == "contact"]) == 2


def test_no_table_but_contacts_holds_a_person(session: Session) -> None:
    """Every text of every other table, the kept text of the document and revisions too."""
    stored(session)
    stored(session, TEXTS / "compte-rendu-exemple.txt")
    for table in Base.metadata.sorted_tables:
        if table.name != "contacts":
            told = str([tuple(row) for row in session.execute(select(table))])
            for secret in ("Exemplaire", "accueil@", "zoe", "01 23 45"):
                assert secret not in told, (table.name, secret)
    text = session.scalars(select(Source.text).order_by(Source.line_count)).all()[-1]
    assert text is not None
    assert len(text.splitlines()) == 146


def test_notes_of_a_visitor_wait_for_an_editor(session: Session) -> None:
    """Without an account and unless it is asked, nothing is published."""
    stored(session, published=False)
    assert set(session.scalars(select(Note.status))) == {NoteStatus.PENDING}


def test_what_is_refused_is_not_stored(session: Session) -> None:
    """The places of what somebody did not want are left out, the rest is stored."""
    make_theme(session)
    document = documents.read(DAY)
    proposals = split(document)
    refused = [place for place, one in enumerate(flat(proposals)) if one.kind in ("tool", "contact")]
    _, made = store(session, document, proposals, left_out=refused)
    assert not [one for one in made if one.kind in ("tool", "contact")]
    assert session.scalar(select(Contact.id).where(Contact.email.is_not(None))) is None


def test_recognising_takes_as_many_queries_for_many_as_for_few(session: Session, max_queries: object) -> None:
    """No query a proposal."""
    stored(session)
    document = documents.read(DAY)
    proposals = split(document)
    session.expire_all()
    with max_queries(20):  # type: ignore[operator]
        assert len(known(session, document, proposals)) == len(list(flat(proposals)))


def test_the_journal_tells_the_index_of_each_record(session: Session) -> None:
    """Notes, organisations, the day and its workshops are found by the next search."""
    made = stored(session)
    told = {(row.record, row.record_id) for row in session.scalars(select(Change))}
    for one in made:
        record = {"organisation": "organisation", "gathering": "gathering", "workshop": "workshop"}.get(
            one.kind, "note"
        )
        if one.kind not in ("objective", "slot", "framework", "contact"):
            assert (record, one.id) in told


def test_a_list_of_organisations_is_stored(session: Session, tmp_path: Path) -> None:
    """With kind, aliases, département by code or by name, site and numbers; an unknown département is left empty."""
    make_theme(session)
    path = tmp_path / "liste.csv"
    path.write_text(
        "Association;Sigle;Département;Site;Bénévoles\n"
        "Association Exemple A;AEA;Rhône;a.example.org;1 200\n"
        "Association Exemple B;;2A;;\n"
        "Association Exemple C;;nulle part;;\n",
        "utf-8",
    )
    stored(session, path)
    found = session.scalars(select(Organisation).order_by(Organisation.name)).all()
    assert [(one.name, one.departement, one.website, one.volunteers) for one in found] == [
        ("Association Exemple A", "69", "https://a.example.org", 1200),
        ("Association Exemple B", "2A", None, None),
        ("Association Exemple C", None, None, None),
    ]
    assert [alias.name for alias in found[0].aliases] == ["AEA"]


def test_a_day_without_a_year_takes_the_present_one(session: Session) -> None:
    """A day must have one: it is the importer's, and the proposal itself says that the document gives none."""
    make_theme(session)
    document = documents.read(DAY)
    proposals = split(document)
    day = proposals[0]
    unknown = documents.Proposal(
        **{name: getattr(day, name) for name in day.__slots__} | {"fields": {**day.fields, "year": None}}
    )
    store(session, document, (unknown, *proposals[1:]))
    assert session.scalars(select(Gathering.year)).one() == today_or(None).year


def test_an_original_is_kept_for_us_alone(tmp_path: Path) -> None:
    """By its SHA-256, mode 0600, in a folder that only we open; once, however often it is imported."""
    document = documents.read(DAY)
    for _ in range(2):
        with keeping(tmp_path, DAY, document.sha256) as path:
            pass
    assert path == original_path(tmp_path, document.sha256)
    assert path == tmp_path / "originals" / document.sha256[:2] / document.sha256
    assert path.read_bytes() == DAY.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == [document.sha256]


def test_an_import_that_fails_keeps_no_original(tmp_path: Path) -> None:
    """The file goes with the transaction; a file that changed since it was read is refused."""
    document = documents.read(DAY)
    with pytest.raises(RuntimeError), keeping(tmp_path, DAY, document.sha256):
        raise RuntimeError
    changed = tmp_path / "change.txt"
    changed.write_text("autre chose", "utf-8")
    with pytest.raises(SavoirsError) as refused, keeping(tmp_path, changed, document.sha256):
        pass
    assert refused.value.code == "document_changed"
    assert not [path for path in (tmp_path / "originals").rglob("*") if path.is_file()]
    with pytest.raises(ValueError, match="not a SHA-256"):
        original_path(tmp_path, "../../etc")
