"""A person who is erased is in no file of ours, stays so after a restoration, and leaves what belongs to others."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from indexer.engine import Request
from savoirs import accounts, database, notes
from savoirs.config import Settings
from savoirs.documents import original_path
from savoirs.errors import SavoirsError
from savoirs.models import (
    Account,
    AppliedErasure,
    Call,
    CallStatus,
    Check,
    Contact,
    ContactMode,
    Import,
    Introduction,
    IntroductionStatus,
    Letter,
    Note,
    NoteKind,
    Organisation,
    Outcome,
    Role,
    SavedSearch,
    Stance,
    Trial,
    Verdict,
    record_id,
)
from savoirs.outbox import post
from savoirs.privacy import erasing, finishing, persons
from savoirs.privacy.ledger import Erasure, Ledger
from savoirs.privacy.persons import Person
from tests import cli
from tests.builders import make_account, make_contact, make_note, make_organisation, make_source
from tests.canaries import byte_forms, holds
from web import erasure
from web.wiring import Services, open_services

ADDRESS = "quetzalefface@example.org"
NUMBER = "01 99 00 31 41"
NAME = "Xochitl Quetzalnom"
WORDS = ("quetzalbesoin", "quetzalquestion", "quetzalligne", "quetzalrecherche", "quetzalappel", "quetzalconflit")
IN_NOTE = "quetzalfichesienne"


@pytest.fixture
def services(shipped_data: Path) -> Iterator[Services]:
    """The shipped corpus, and somebody in every table that may hold a person."""
    services = open_services(Settings.load(data_dir=shipped_data))
    with database.transaction(services.sessions) as session:
        plant(session)
        database.analyse(session)
    services.search_engine.catch_up(services.feed)
    services.search_engine.maintain(services.feed)
    yield services
    services.close()


def plant(session: Session) -> None:
    """An account and its traces; names are made so that nobody else has them."""
    organisation = make_organisation(session, "Association Exemple Effacée", key="effacee")
    make_account(session, "tenue", role=Role.ADMIN)
    account = make_account(session, "xochitl", organisation=organisation)
    account.name = NAME
    contact = make_contact(session, organisation, email=ADDRESS, telephone=NUMBER, name=NAME)
    own = contact_of(session, "propre", account_id=account.id, email=ADDRESS.upper(), name=NAME)
    own.address_confirmed_at = dt.datetime.now(dt.UTC)
    asker = contact_of(session, "demandeur", email=ADDRESS, name=NAME)
    other = contact_of(session, "autre", email="autre@example.org", name="Une autre personne")
    note = make_note(
        session, f"Garder {IN_NOTE}", key="sienne", lived=[(organisation, Stance.SOLVED)], action=f"Un {IN_NOTE}."
    )
    note.author_id = account.id
    session.flush()
    draft = notes.draft_of(note)
    notes.edit(session, note.id, notes.NoteDraft.from_json({**draft.to_json(), "context": "Avant."}), account, 1)
    notes.edit(session, note.id, notes.NoteDraft.from_json({**draft.to_json(), "context": WORDS[5]}), account, 1)
    make_note(
        session, "Ce que dit une bénévole", key="temoin", kind=NoteKind.TESTIMONY, author=NAME, action="Contente."
    )
    values = {"organisation_id": organisation.id, "preference": "writing", "question": "Comment ?", "context": "Un."}
    mine = Introduction(**values | {"need": WORDS[0], "question": WORDS[1]}, requester_id=asker.id)
    received = Introduction(**values, requester_id=other.id, recipient_id=contact.id, answer=f"Voyez {NAME}.")
    received.status, mine.status = IntroductionStatus.SENT, IntroductionStatus.SENT
    session.add_all([mine, received])
    session.add(Trial(note_id=note.id, account_id=account.id, outcome=Outcome.ADOPTED, line=WORDS[2]))
    session.add(Check(note_id=note.id, account_id=account.id, verdict=Verdict.CONFIRMED, line=WORDS[2]))
    session.add(SavedSearch(account_id=account.id, text=WORDS[3], filters={}))
    session.add(Call(id="appel00001", question=WORDS[4], asker_id=asker.id, status=CallStatus.WAITING))
    session.add(
        Call(id="appel00002", question="Qui sait ?", search=WORDS[3], account_id=account.id, status=CallStatus.OPEN)
    )
    session.flush()
    post(session, "introduction.sent", contact, f"introduction/{mine.id}/sent", {"introduction": mine.id})
    post(session, "introduction.answer", other, f"introduction/{mine.id}/answer", {"introduction": mine.id})
    accounts.open_session(session, account)
    accounts.make_token(session, "xochitl", WORDS[3])


def contact_of(session: Session, key: str, **values: str) -> Contact:
    """A contact of no organisation."""
    contact = Contact(id=record_id("contact", key), key=key, mode=ContactMode.CLOSED, **values)
    session.add(contact)
    session.flush()
    return contact


def whom(session: Session) -> Person:
    """The person of these tests."""
    return persons.of_login(session, "xochitl")


def traces(folder: Path, *words: str) -> dict[str, list[str]]:
    """In which files each of these can be read."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = {
        word: [path.name for path in files if holds(path.read_bytes(), byte_forms(word))]
        for word in words or (ADDRESS, NUMBER, NAME, "xochitl", *WORDS)
    }
    return {word: names for word, names in found.items() if names}


def test_what_is_erased_is_in_no_byte_of_the_data_folder(services: Services) -> None:
    """Database, its log, its statistics, index, ledger: nothing that was the person's alone can be found."""
    folder = services.settings.data_dir
    assert set(traces(folder)) == {ADDRESS, NUMBER, NAME, "xochitl", *WORDS}
    erased = erasure.erase(services, whom)
    assert (erased.accounts, erased.contacts, erased.requests) == (1, 3, 1)
    assert traces(folder) == {}


def test_notes_stay_without_their_author_unless_they_are_to_go(services: Services) -> None:
    """They belong to the association."""
    erasure.erase(services, whom)
    with database.reading(services.sessions) as session:
        note = session.scalars(select(Note).where(Note.key == "sienne")).one()
        assert (note.author_id, note.title) == (None, f"Garder {IN_NOTE}")
        assert session.scalar(select(Note.id).where(Note.key == "temoin"))
        trial = session.scalars(select(Trial).where(Trial.note_id == note.id)).one()
        assert (trial.account_id, trial.line, trial.outcome) == (None, "", Outcome.ADOPTED)
    assert services.search_engine.search(Request(IN_NOTE, exact=True)).total == 1


def test_notes_that_go_leave_the_index_its_words_and_its_completions(services: Services) -> None:
    """Segments, vocabulary, completion, spelling: before it is acknowledged."""
    folder = services.settings.data_dir
    assert services.search_engine.complete(IN_NOTE[:12]) == (IN_NOTE,)
    erased = erasure.erase(services, whom, texts=True)
    assert erased.notes == 1
    assert traces(folder, IN_NOTE) == {}
    assert services.search_engine.complete(IN_NOTE[:12]) == ()
    assert services.search_engine.search(Request(f"{IN_NOTE[:-1]}x")).understanding.suggestion is None
    assert services.search_engine.verify(services.feed) == ()


def test_what_others_wrote_and_what_is_counted_stays(services: Services) -> None:
    """The request of the other person is closed, ours is emptied and counted, the other's letter does not leave."""
    erasure.erase(services, whom)
    with database.reading(services.sessions) as session:
        mine, received = session.scalars(select(Introduction).order_by(Introduction.id)).all()
        assert (mine.status, mine.need, mine.question, mine.stripped_at is None) == ("cancelled", "", "", False)
        assert (received.status, received.question, received.recipient_id) == ("closed", "Comment ?", None)
        assert session.scalar(select(Contact.email).where(Contact.key == "autre")) == "autre@example.org"
        emptied = session.get_one(Contact, mine.requester_id)
        assert (emptied.name, emptied.email, emptied.mode, emptied.consents) == (None, None, ContactMode.CLOSED, [])
        assert [call.id for call in session.scalars(select(Call))] == ["appel00002"]
        assert [(one.state, one.kind) for one in session.scalars(select(Letter))] == [
            ("dropped", "introduction.answer")
        ]


def test_the_ledger_holds_ids_and_digests_only(services: Services) -> None:
    """One line, nothing of the person, readable by its owner only."""
    erasure.erase(services, whom)
    ledger = Ledger(services.settings.data_dir)
    (line,) = ledger.lines.read_text().splitlines()
    assert set(json.loads(line)) == {"id", "at", "account", "contacts", "addresses", "notes", "texts", "testimonies"}
    assert not holds(line.encode(), byte_forms(ADDRESS, NAME, "xochitl", "example"))
    assert [path.stat().st_mode & 0o777 for path in (ledger.lines, ledger.keys)] == [0o600, 0o600]
    assert json.loads(line)["addresses"][0] == ledger.digest(f" {ADDRESS.upper()} ")


def test_an_erasure_that_the_database_lacks_is_applied_again(services: Services) -> None:
    """As after a copy of an older database was put back; a contact that only it has is known by the digest."""
    erasure.erase(services, whom)
    with database.transaction(services.sessions) as session:
        session.execute(delete(AppliedErasure))
        contact_of(session, "revenant", email=ADDRESS, name=NAME)
    assert erasure.replay(services) == 1
    assert traces(services.settings.data_dir, ADDRESS, NAME) == {}
    assert erasure.replay(services) == 0


def test_who_comes_back_after_an_erasure_is_not_erased_again(services: Services) -> None:
    """The database remembers which erasures it has been through."""
    erasure.erase(services, whom)
    with database.transaction(services.sessions) as session:
        contact_of(session, "retour", email=ADDRESS, name=NAME)
    assert erasure.replay(services) == 0
    with database.reading(services.sessions) as session:
        assert session.scalar(select(Contact.email).where(Contact.key == "retour")) == ADDRESS


def test_the_last_administrator_is_not_erased(services: Services) -> None:
    """Nothing is changed, and the ledger has no line."""
    with pytest.raises(SavoirsError) as raised:
        erasure.erase(services, lambda session: persons.of_login(session, "tenue"))
    assert raised.value.code == "last_admin"
    assert Ledger(services.settings.data_dir).entries() == ()


def test_an_address_that_is_not_confirmed_gives_no_hold_on_others(services: Services) -> None:
    """Writing somebody's address in one's account shows and erases nothing of theirs."""
    with database.transaction(services.sessions) as session:
        intruder = make_account(session, "intrus", role=Role.EDITOR)
        own = contact_of(session, "intrus", account_id=intruder.id, email=ADDRESS)
        assert persons.of_account(session, intruder.id).contacts == (own,)
        found = persons.of_address(session, ADDRESS)
        assert found is not None
        assert found.account is not None
        assert found.account.login == "xochitl"  # who confirmed it


def test_a_line_that_was_cut_is_no_erasure_and_the_next_one_is_whole(tmp_path: Path) -> None:
    """A process was killed while it wrote; any other damage is said."""
    ledger = Ledger(tmp_path)
    ledger.append(Erasure("a", "2026"))
    with ledger.lines.open("ab") as file:
        file.write(b'{"id": "b", "at"')
    assert [one.id for one in ledger.entries()] == ["a"]
    ledger.append(Erasure("c", "2026", contacts=("x",)))
    assert [one.id for one in ledger.entries()] == ["a", "c"]
    ledger.lines.write_bytes(b"{}\n" + ledger.lines.read_bytes())
    with pytest.raises(SavoirsError) as raised:
        ledger.entries()
    assert raised.value.code == "bad_ledger"


def test_the_samples_of_the_planner_hold_no_address(services: Services) -> None:
    """ANALYZE keeps samples of indexed columns; those of persons are removed."""
    with database.reading(services.sessions) as session:
        session.execute(text("ANALYZE"))
    with database.transaction(services.sessions) as session:
        database.analyse(session)
    with database.reading(services.sessions) as session:
        if session.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'")):
            sampled = session.execute(text("SELECT DISTINCT tbl FROM sqlite_stat4")).scalars().all()
            assert not {"contacts", "accounts"} & set(sampled)


def test_replaying_leaves_an_account_of_the_same_login_alone(services: Services) -> None:
    """A login may be taken by somebody else later: ids decide."""
    erasure.erase(services, whom)
    with database.transaction(services.sessions) as session:
        organisation = session.scalars(select(Organisation).where(Organisation.key == "effacee")).one()
        accounts.create(session, "xochitl", Role.MEMBER, organisation.id)
        session.execute(delete(AppliedErasure))
        assert len(erasing.replay(session, Ledger(services.settings.data_dir))) == 1
        assert session.scalar(select(Account.login).where(Account.login == "xochitl"))


def test_an_erasure_that_was_killed_before_files_were_clean_is_ended_at_the_next_start(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are gone and the files are not yet: a mark says so until they are."""

    def killed(*_arguments: object, **_options: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(finishing, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            erasure.erase(services, whom, texts=True)
    folder = services.settings.data_dir
    assert len(erasure.unfinished(folder)) == 1
    assert traces(folder, IN_NOTE) != {}
    erasure.replay(services)
    assert erasure.unfinished(folder) == []
    assert traces(folder, ADDRESS, NAME, IN_NOTE) == {}


def test_the_command_erases_beside_a_process_that_has_the_index_open(services: Services, shipped_data: Path) -> None:
    """Who serves lets go of the old segments: when the command returns, no file has the words of the note."""
    services.close()
    serving = open_services(Settings.load(data_dir=shipped_data))
    serving.search_engine.catch_up(serving.feed)
    over = threading.Event()

    def follow() -> None:
        while not over.wait(0.1):
            serving.search_engine.poll(serving.feed)

    server = threading.Thread(target=follow)
    server.start()
    try:
        ran = cli.run_well("privacy", "erase", "xochitl", "--notes", "--yes", "--json")
    finally:
        over.set()
        server.join()
        serving.close()
    assert ran.json == {"accounts": 1, "contacts": 3, "requests": 1, "notes": 1}
    assert traces(shipped_data, ADDRESS, NAME, IN_NOTE) == {}
    assert erasure.unfinished(shipped_data) == []


def test_an_index_that_somebody_holds_is_cleaned_by_the_next_tidying(
    services: Services, shipped_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says so, a mark stays, and « privacy run » ends it."""
    services.close()
    holding = open_services(Settings.load(data_dir=shipped_data))
    holding.search_engine.catch_up(holding.feed)
    monkeypatch.setattr(erasure, "PATIENCE_S", 0.3)
    assert "finira de les nettoyer" in cli.run_well("privacy", "erase", "xochitl", "--notes", "--yes").err
    assert len(erasure.unfinished(shipped_data)) == 1
    holding.close()
    cli.run_well("privacy", "run")
    assert erasure.unfinished(shipped_data) == []
    assert traces(shipped_data, ADDRESS, NAME, IN_NOTE) == {}


def test_a_note_is_erased_alone_with_all_its_versions(services: Services, shipped_data: Path) -> None:
    """Somebody of whom nothing else is held is named in it; nothing is done without saying whom or what."""
    with database.reading(services.sessions) as session:
        note = session.scalars(select(Note.id).where(Note.key == "sienne")).one()
    services.close()
    assert cli.run("privacy", "erase").code == 2
    assert cli.run("privacy", "erase", "--note", "inconnue", "--yes").code == 1
    assert cli.run("privacy", "erase", "--note", note, typed="n\n").code == 1
    assert cli.run_well("privacy", "erase", "--note", note, typed="o\ny\n").err.count("Effacer pour de bon") >= 1
    assert traces(shipped_data, IN_NOTE) == {}
    assert traces(shipped_data, ADDRESS) != {}


def test_a_file_that_only_they_sent_goes_and_one_that_records_were_made_from_stays(services: Services) -> None:
    """Original documents hold addresses: one that nothing comes from has no reason to be kept."""
    folder = services.settings.data_dir
    hashes = [letter * 64 for letter in "ab"]
    with database.transaction(services.sessions) as session:
        account = accounts.get(session, "xochitl")
        for sha256 in hashes:
            id_ = record_id("import", sha256)
            session.add(Import(id=id_, account_id=account.id, name="un.odt", sha256=sha256, size_bytes=2))
            path = original_path(folder, sha256)
            path.parent.mkdir(parents=True)
            path.write_bytes(b"un")
        make_source(session, sha256=hashes[1])
    erasure.erase(services, whom)
    assert [original_path(folder, sha256).exists() for sha256 in hashes] == [False, True]
