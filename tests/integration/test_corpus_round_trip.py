"""Nothing is lost between files and records, either way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.availability import State, availabilities
from savoirs.corpus import canonicalise, export, load
from savoirs.errors import SavoirsError
from savoirs.models import (
    Account,
    Base,
    CallAnswer,
    CallNotice,
    CallStatus,
    Change,
    Contact,
    Gathering,
    LexiconLine,
    Note,
    NoteKind,
    NoteStatus,
    Organisation,
    Outcome,
    ParticipationRole,
    Revision,
    SlotKind,
    Stance,
    Theme,
    Verdict,
    Workshop,
)
from savoirs.models.base import utc_now
from tests.builders import (
    make_account,
    make_call,
    make_check,
    make_contact,
    make_framework,
    make_gathering,
    make_note,
    make_organisation,
    make_source,
    make_theme,
    make_trial,
)
from tests.corpora import FILES, read_corpus, write_corpus

MORNING = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC)

NOT_EXPORTED = {
    "accounts": "people",
    "api_tokens": "of an account",
    "applied_erasures": "of one database: which lines of its ledger were applied",
    "changes": "the journal of one database: a load writes its own",
    "imports": "what somebody sent and has not shared yet; what was made of it is exported",
    "introduction_blocks": "between persons",
    "introductions": "between persons: needs and answers that only two of them read",
    "note_drafts": "of an account, not shared yet",
    "outbox": "letters, to addresses",
    "revisions": "former texts and who wrote them; a load begins anew with the present text",
    "saved_searches": "of an account",
    "search_misses": "counted where it was searched",
    "sign_in_links": "of an account",
    "sign_in_sessions": "of an account",
}
"""Every table that no file has, and why. Whoever adds a table chooses: it comes back by a corpus, or it is here."""

NOT_COMPARED = {
    "call_answers": {"told_at"},  # who asked is told, and is not exported
    "calls": {"account_id", "asker_id", "search"},  # who asked, and the words they searched
    "checks": {"account_id", "id"},
    "consents": {"asked_at", "confirmed_at", "given_by", "granted_at", "id", "wording_version"},
    "contacts": {
        "account_id",
        "address_confirmed_at",
        "bounced_at",
        "email",
        "name",
        "refused_at",
        "telephone",
    },
    "experiences": {"id"},
    "framework_items": {"section_id"},
    "framework_sections": {"id"},
    "notes": {"author_id", "created_at", "published_at", "revision", "updated_at", "withdrawn_at", "withdrawn_by_id"},
    "participations": {"id"},
    "sources": {"text"},  # read again from the original
    "trials": {"account_id", "id"},
}
"""Columns of exported tables that no file has: numbers that only name rows, persons, and moments of one database."""


def _rows(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is exported, but for the columns that no file has."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in NOT_EXPORTED:
            continue
        left_out = NOT_COMPARED.get(table.name, set())
        rows = [
            {name: value for name, value in row.items() if name not in left_out}
            for row in session.execute(select(table)).mappings()
        ]
        found[table.name] = sorted(rows, key=repr)
    return found


def _load(factory: sessionmaker[Session], path: Path) -> None:
    with database.transaction(factory) as session:
        load(session, path)


@pytest.fixture
def other_factory(_empty_database: Path, tmp_path: Path) -> Any:
    """A second empty database."""
    path = tmp_path / "other.sqlite3"
    path.write_bytes(_empty_database.read_bytes())
    engine = database.open_database(f"sqlite:///{path}")
    yield database.session_factory(engine)
    engine.dispose()


def test_files_come_back_to_the_byte(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """A canonical corpus, loaded then exported, is the same corpus."""
    _load(session_factory, write_corpus(tmp_path / "corpus"))
    with database.reading(session_factory) as session:
        report = export(session, tmp_path / "exported")
    assert read_corpus(tmp_path / "exported") == dict(FILES)
    assert (sum(report.counts.values()), report.language, report.left_out, report.masked) == (11, 2, 0, 0)


def test_rows_come_back_the_same(
    session_factory: sessionmaker[Session], other_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """A database written by the application, exported then loaded elsewhere, has the same rows."""
    with database.transaction(session_factory) as session:
        _fill(session)
    with database.reading(session_factory) as session:
        export(session, tmp_path / "exported")
        before = _rows(session)
    _load(other_factory, tmp_path / "exported")
    with database.reading(other_factory) as session:
        after = _rows(session)
    for name, rows in before.items():
        assert after[name] == rows, name


def test_every_table_comes_back_or_says_why_not(session: Session) -> None:
    """What the test above fills is every table but those that no file has: a new table must choose."""
    _fill(session)
    with_rows = {name for name, rows in _rows(session).items() if rows}
    assert with_rows == {table.name for table in Base.metadata.sorted_tables} - NOT_EXPORTED.keys()
    assert set(Base.metadata.tables) >= NOT_EXPORTED.keys() | NOT_COMPARED.keys()
    for name, columns in NOT_COMPARED.items():
        assert columns <= set(Base.metadata.tables[name].c.keys()), name


def _fill(session: Session) -> None:
    """A bit of everything, with values that are hard to write."""
    source = make_source(session)
    theme = make_theme(session, "Lien : social", synonyms=["oui", "2017", "a, b"])
    child = make_theme(session, "Voisins", parent=theme, description="Les gens d’à côté.\n\nEt d’en face.")
    merged = make_organisation(session, "Association Exemple #1", aliases=["no", "null", "'x'"], audiences=["jeunes"])
    organisation = make_organisation(session, "« Exemple »", volunteers=0, website="https://x.example.org/?a=b#c")
    organisation.aliases = []
    merged.merged_into = organisation
    make_contact(session, organisation, source=source, first_line=3, last_line=4, paused_until="2027-01-01")
    make_contact(session, merged, consent=False)
    gathering = make_gathering(
        session,
        themes=[child, theme],
        place="Salle 3",
        date="2025-06-01",
        workshops=2,
        participations=[(organisation, ParticipationRole.FUNDER), (merged, ParticipationRole.PARTICIPANT)],
        slots=[("09:00", SlotKind.MEAL, "Petit-déjeuner: café"), ("09:00", SlotKind.WORKSHOP, "- tiret")],
    )
    make_framework(session, workshop=gathering.workshops[1], description="Un cadre.")
    make_note(
        session,
        'Des "guillemets" et une \\ barre',
        themes=[child],
        introduction="Avant.\n\n- un\n- deux",
        context="# Titre de l’auteur".replace("# ", "### "),
        action="```\n## pas un titre\n```",
        failed="Une ligne avec deux espaces  \nà la fin.",
        lived=[(organisation, Stance.FAILED), (merged, Stance.NEED)],
        tools=["Tableur: en ligne", "42"],
        audiences=["familles", "jeunes"],
        for_whom="tout le monde",
        workshop=gathering.workshops[0],
        source=source,
        first_line=1,
        last_line=2,
        anonymous=True,
    )
    tool = make_note(session, kind=NoteKind.TOOL, cited=[merged], tool={"provider": merged, "aliases": ["a", "b"]})
    _say(session, tool, theme=child, organisation=organisation, other=merged)
    make_note(session, kind=NoteKind.INDICATOR, indicator={"dimension": "", "nature": "", "examples": ["x: y"]})
    make_note(session, kind=NoteKind.TESTIMONY, author="Une personne d’exemple", summary="", date=None)


def _say(session: Session, note: Note, *, theme: Theme, organisation: Organisation, other: Organisation) -> None:
    """What people say of a note, and a call that it answers."""
    here, there = make_account(session, organisation=organisation), make_account(session, organisation=other)
    make_trial(session, note, here, Outcome.ADAPTED, line="Autrement : « à deux ».")
    make_trial(session, note, there, created_at=MORNING)
    make_trial(session, note, make_account(session), Outcome.ABANDONED, created_at=MORNING)
    make_check(session, note, here, Verdict.ENDED, line="- fini", created_at=MORNING)
    make_check(session, note, here, created_at=MORNING + dt.timedelta(microseconds=1))
    asked: dict[str, Any] = {"context": "---\n\n- nous", "search": "mots", "account_id": here.id}
    call = make_call(session, "Qui ?\n\n« Vous »", theme_id=theme.id, **asked)
    make_call(session, "Et puis ?", status=CallStatus.CLOSED, organisation_id=other.id, closed_at=utc_now())
    session.add(CallNotice(call_id=call.id, organisation_id=other.id))
    session.add(CallAnswer(call_id=call.id, note_id=note.id, told_at=MORNING))
    session.add(LexiconLine(file="stopwords", position=1, text="le"))
    session.flush()


def test_loading_twice_writes_nothing(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """The second load finds everything as it is: no change in the journal, no version."""
    corpus = write_corpus(tmp_path / "corpus")
    _load(session_factory, corpus)
    with database.transaction(session_factory) as session:
        before = (session.scalars(select(Change.seq)).all(), session.scalars(select(Revision.id)).all())
        report = load(session, corpus)
    with database.reading(session_factory) as session:
        after = (session.scalars(select(Change.seq)).all(), session.scalars(select(Revision.id)).all())
    assert after == before
    assert (report.changes, report.language) == (0, ())
    assert {(counts.added, counts.changed) for counts in report.counts.values()} == {(0, 0)}


def test_the_journal_has_one_change_for_each_record_that_is_searched(
    session_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """Notes, organisations, gatherings, workshops; nothing for what no index holds."""
    _load(session_factory, write_corpus(tmp_path))
    with database.reading(session_factory) as session:
        records = sorted(session.scalars(select(Change.record)))
    assert records == ["call", "gathering", *["note"] * 4, "organisation", "workshop", "workshop"]


def test_a_changed_file_changes_its_record_and_no_other(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """One change in the journal, one more version of the note, its details replaced."""
    _load(session_factory, write_corpus(tmp_path / "one"))
    changed = write_corpus(tmp_path / "two", repas_partage=("[une nappe]", "[une nappe, des bancs]"))
    with database.transaction(session_factory) as session:
        report = load(session, changed)
    with database.reading(session_factory) as session:
        note = session.scalars(select(Note).where(Note.key == "repas-partage")).one()
        assert [tool.name for tool in note.tools] == ["une nappe", "des bancs"]
        assert (note.revision, [version.number for version in note.revisions]) == (2, [1, 2])
        assert [experience.organisation.key for experience in note.experiences] == ["exemple-un"]
    assert (report.changes, report.counts["note"].changed) == (1, 1)


def test_every_kind_of_record_can_change(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """What was loaded once and edited since is exported as edited."""
    _load(session_factory, write_corpus(tmp_path / "one"))
    edited = write_corpus(
        tmp_path / "two",
        synthese=("year: 2017", "year: 2018"),
        lien_social=("[se rencontrer]", "[se voir, se parler]"),
        exemple_un=("aliases: [Exemple Un]", "aliases: [Un, Exemple]"),
        contact_un=("consent: pending", "consent: given"),
        journee=("Comment faire durer le lien ?", "Comment durer ?"),
        cadre=("many: false", "many: true"),
        outil_de_coeur=("aliases: [outil, l’outil]", "aliases: [outillage]"),
        abcdefgh23=("après le repas", "après un repas"),
        indicateur=('measure: ""', "measure: on compte"),
        temoignage=("testimony: {}", "testimony:\n  author: Une personne d’exemple"),
        stopwords=("la\n", "la\nles\n"),
    )
    _load(session_factory, edited)
    with database.reading(session_factory) as session:
        export(session, tmp_path / "exported")
    assert read_corpus(tmp_path / "exported") == read_corpus(edited)


def test_workshops_keep_their_rows_when_a_gathering_changes(
    session_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """Notes still hang from the same workshop."""
    _load(session_factory, write_corpus(tmp_path / "one"))
    with database.reading(session_factory) as session:
        before = sorted(session.scalars(select(Workshop.id)))
    _load(session_factory, write_corpus(tmp_path / "two", journee=("Et après ?", "Et ensuite ?")))
    with database.reading(session_factory) as session:
        assert sorted(session.scalars(select(Workshop.id))) == before
        note = session.scalars(select(Note).where(Note.key == "repas-partage")).one()
        assert note.workshop is not None
        assert note.workshop.number == 1


def test_a_folder_without_its_gathering_keeps_what_is_there(
    session_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """A part of a corpus may refer to what the database holds already; nothing is removed."""
    corpus = write_corpus(tmp_path)
    _load(session_factory, corpus)
    _load(session_factory, corpus / "notes")
    _load(session_factory, corpus / "notes" / "demonstration" / "exemple-un" / "repas-partage.md")
    with database.reading(session_factory) as session:
        assert len(session.scalars(select(Gathering.id)).all()) == 1
        assert session.scalars(select(Note.folder).where(Note.folder != "")).all() == ["demonstration/exemple-un"]


def test_a_withdrawn_note_does_not_come_back_by_a_file(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Loading changes what a note says, not who may see it."""
    _load(session_factory, write_corpus(tmp_path / "one"))
    with database.transaction(session_factory) as session:
        session.scalars(select(Note).where(Note.key == "temoignage")).one().status = NoteStatus.WITHDRAWN
    _load(session_factory, write_corpus(tmp_path / "two", temoignage=("sa joie", "son plaisir")))
    with database.reading(session_factory) as session:
        note = session.scalars(select(Note).where(Note.key == "temoignage")).one()
        assert (note.status, "plaisir" in note.introduction) == (NoteStatus.WITHDRAWN, True)


def test_a_note_that_is_not_published_is_not_exported(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """A file has no way to say « wait »: loaded elsewhere it would be published. The report counts it."""
    with database.transaction(session_factory) as session:
        make_note(session, "En attente", key="en-attente", status=NoteStatus.PENDING)
        make_note(session, "Publiée", key="publiee")
    with database.reading(session_factory) as session:
        report = export(session, tmp_path / "exported")
    assert report.left_out == 1
    assert [path.stem for path in (tmp_path / "exported" / "notes").iterdir()] == ["publiee"]


def test_no_address_leaves_by_an_export(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Neither those of contacts nor those somebody wrote in a text; no account, no name of a contact."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, description="Écrire à accueil@un.example.org.")
        make_contact(
            session, organisation, name="Prénom Nom", email="prenom@un.example.org", telephone="06 39 98 56 78"
        )
        make_note(session, "Une fiche", action="Appelez le 06 39 98 56 78.", lived=[(organisation, Stance.NEED)])
        make_account(session, "compte-secret", organisation=organisation)
    with database.reading(session_factory) as session:
        report = export(session, tmp_path / "exported")
    everything = "\n".join(read_corpus(tmp_path / "exported").values())
    assert report.masked == 2
    for private in ("@", "12 34 56", "Prénom Nom", "compte-secret"):
        assert private not in everything


def test_a_consent_taken_back_is_not_given_again_by_a_file(
    session_factory: sessionmaker[Session], other_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """Neither by loading the same corpus again, nor by loading an export elsewhere."""
    corpus = write_corpus(tmp_path / "corpus", contact_un=("consent: pending", "consent: given"))
    _load(session_factory, corpus)
    with database.transaction(session_factory) as session:
        for contact in session.scalars(select(Contact)):
            for consent in contact.consents:
                consent.withdrawn_at = utc_now()
    _load(session_factory, corpus)
    with database.reading(session_factory) as session:
        export(session, tmp_path / "exported")
    _load(other_factory, tmp_path / "exported")
    for factory in (session_factory, other_factory):
        with database.reading(factory) as session:
            contacts = session.scalars(select(Contact)).all()
            alive = [consent for contact in contacts for consent in contact.consents if consent.withdrawn_at is None]
            assert (len(contacts), alive) == (2, [])


def test_only_fictional_organisations_agree_by_a_file(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """« contact: {mode: relay} » makes the demonstration reachable; a real organisation still has to agree."""
    _load(session_factory, write_corpus(tmp_path / "one"))
    real = write_corpus(tmp_path / "two", exemple_un=("fictional: true", "fictional: false"))
    (real / "organisations" / "exemple-un.md").rename(real / "organisations" / "vraie.md")
    file = real / "organisations" / "vraie.md"
    file.write_text(file.read_text("utf-8").replace("id: exemple-un", "id: vraie"), "utf-8")
    _load(session_factory, file)
    with database.reading(session_factory) as session:
        ids = dict(session.execute(select(Organisation.key, Organisation.id)).all())
        found = availabilities(session, ids.values(), dt.date(2026, 1, 1))
    assert (found[ids["exemple-un"]].state, found[ids["vraie"]].state) == (State.RELAY, State.PENDING)


def test_an_export_never_writes_over_files(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """A folder with something in it is refused: former files would be loaded again one day."""
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    with database.reading(session_factory) as session, pytest.raises(SavoirsError) as raised:
        export(session, tmp_path)
    assert raised.value.code == "export_not_empty"


def test_making_files_canonical_keeps_what_they_say(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Quotes, order of keys, line ends and composed letters change; the records do not. Once is enough."""
    corpus = write_corpus(
        tmp_path / "corpus",
        repas_partage=("date: 2024-11\n", "date: '2024-11'\nanonymous: false\n"),
        exemple_un=("kind: association\naliases: [Exemple Un]", 'aliases:\n- "Exemple Un"\nkind: association # oui'),
    )
    windows = corpus / "themes" / "lien-social.md"
    windows.write_bytes(
        b"\xef\xbb\xbf" + windows.read_bytes().replace(b"\n", b"\r\n").replace(b"\n\r\n", b"\n\r\n\r\n")
    )
    assert canonicalise(corpus) == 3
    assert canonicalise(corpus) == 0
    assert read_corpus(corpus) == dict(FILES)
    _load(session_factory, corpus)


def test_a_heading_of_a_form_does_not_break_the_file(
    session_factory: sessionmaker[Session], other_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """Somebody who types « ## Étape » in the form gets it one level down in the file, and the file loads."""
    with database.transaction(session_factory) as session:
        make_note(session, "Étapes", action="## Étape 1\n\nOn commence.")
    with database.reading(session_factory) as session:
        export(session, tmp_path / "exported")
    _load(other_factory, tmp_path / "exported")
    with database.reading(other_factory) as session:
        assert session.scalars(select(Note.action)).one() == "### Étape 1\n\nOn commence."


def test_an_organisation_loaded_again_keeps_the_address_of_its_contact(
    session_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """What a file cannot hold is not lost when the file changes."""
    _load(session_factory, write_corpus(tmp_path / "one"))
    with database.transaction(session_factory) as session:
        for contact in session.scalars(select(Contact)):
            contact.email = "relais@un.example.org"
    _load(
        session_factory,
        write_corpus(tmp_path / "two", exemple_un=("d’exemple", "modèle"), contact_un=("joindre", "trouver")),
    )
    with database.reading(session_factory) as session:
        assert set(session.scalars(select(Contact.email))) == {"relais@un.example.org"}
        assert session.scalars(select(Organisation.description)).one() == "Une association modèle."
        assert session.scalars(select(Account.id)).all() == []
