"""« Mes données »: seen, taken away, corrected, erased; by one's account, or by a link sent to one's address."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, links
from savoirs.config import Settings
from savoirs.models import (
    Account,
    Contact,
    ContactMode,
    Introduction,
    IntroductionStatus,
    Letter,
    Note,
    Role,
    SavedSearch,
    Stance,
    record_id,
)
from tests.builders import make_account, make_contact, make_note, make_organisation
from tests.pages import text_of, words_of
from tests.signing_in import signed_in
from tests.web import TODAY, make_client
from web import held_words
from web.letters.privacy import ADDRESS, MY_DATA, handle
from web.letters.writing import Desk, write
from web.limits import limiter

Sessions = sessionmaker[Session]

EMAIL = "camille.quetzal@example.org"
NOW = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser; a member with a note, a request of a visitor, and an administrator."""
    with database.transaction(session_factory) as session:
        fil = make_organisation(session, "Association Exemple Le Fil", key="fil")
        account = make_account(session, "camille", organisation=fil)
        account.name = "Camille Quetzal"
        make_account(session, "tenue", role=Role.ADMIN)
        make_note(session, "Rappeler le lundi", key="lundi", lived=[(fil, Stance.SOLVED)]).author_id = account.id
        session.add(SavedSearch(account_id=account.id, text="=rappeler", filters={"kind": ["tool"]}))
        make_contact(session, fil, key="relais", email="relais@example.org", name="Une autre")
        asker = Contact(
            id=record_id("contact", "asker"), key="asker", mode=ContactMode.CLOSED, email=EMAIL, name="Camille"
        )
        session.add(asker)
        session.flush()
        session.add(
            Introduction(
                organisation_id=fil.id,
                requester_id=asker.id,
                context="Nous sommes trois.",
                question="Comment durer ?",
                preference="writing",
                status=IntroductionStatus.SENT,
            )
        )
    client = make_client(session_factory, tmp_path)
    with client.application.app_context():
        limiter.reset()
    return client


def secret(client: FlaskClient) -> str:
    """The key of the application."""
    return str(client.application.config["SECRET_KEY"])


def link_to(client: FlaskClient, sessions: Sessions, key: str = "asker") -> str:
    """The address of a link as the letter has it."""
    with database.reading(sessions) as session:
        contact = session.scalars(select(Contact).where(Contact.key == key)).one()
        return f"/mes-donnees/lien/{links.sign(secret(client), MY_DATA, handle(contact, secret(client)))}"


def token_of(link: str) -> str:
    """The token of a link."""
    return link.rpartition("/")[2]


def test_the_public_page_says_what_is_kept_with_the_real_durations(session_factory: Sessions, tmp_path: Path) -> None:
    """The settings of this installation, not a sentence that somebody forgot; and the footer leads there."""
    client = make_client(session_factory, tmp_path, keep_requests_days=200, keep_logs_days=33)
    page = words_of(client.get("/vos-donnees"))
    assert "200 jours après sa fin" in page
    assert "33 jours" in page
    assert "2 ans sans visite, puis 30 jours" in page
    assert 'href="/vos-donnees"' in text_of(client.get("/"))


def test_an_account_sees_what_is_held_of_it_and_no_whole_address(
    client: FlaskClient, session_factory: Sessions, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """By section, in few statements; « Mon espace » leads there."""
    signed_in(client, session_factory, "camille")
    assert 'href="/mes-donnees"' in text_of(client.get("/mon-espace"))
    client.get("/mes-donnees")
    with max_queries(21):
        answer = client.get("/mes-donnees")
    page = words_of(answer)
    assert "Compte (1)" in page
    assert "Rappeler le lundi" in page
    assert "relais@example.org" not in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_visitor_gets_a_link_at_an_address_that_is_held(client: FlaskClient, session_factory: Sessions) -> None:
    """The same answer for any address; two clicks, one letter; the letter's link opens the page."""
    assert "Recevoir le lien" in text_of(client.get("/mes-donnees"))
    for address in (EMAIL.upper(), EMAIL, "personne@example.org"):
        answer = client.post("/mes-donnees", data={"email": address})
        assert (answer.status_code, answer.location) == (303, "/mes-donnees/lien")
    assert "Regardez vos messages" in text_of(client.get("/mes-donnees/lien"))
    with database.reading(session_factory) as session:
        (letter,) = session.scalars(select(Letter)).all()
        assert (letter.kind, letter.params) == ("privacy.my_data", {})
        settings = Settings.load(secret_key=secret(client))
        written = write(letter, Desk(session, settings, NOW))
    assert written is not None
    path = next(one.path for one in written.paragraphs if not isinstance(one, str))
    page = words_of(client.get(path))
    assert "Demandes écrites (1)" in page
    assert "Comment durer ?" in page
    assert EMAIL not in page
    assert "c…@e….org" in page


def test_an_address_that_is_none_is_said_so(client: FlaskClient) -> None:
    """One sentence, and what was typed is kept."""
    answer = client.post("/mes-donnees", data={"email": "camille"})
    assert answer.status_code == 422
    assert "Il manque le signe @" in text_of(answer)
    assert 'value="camille"' in text_of(answer)


def test_a_copy_has_everything_in_json_and_in_csv(client: FlaskClient, session_factory: Sessions) -> None:
    """Whole addresses too: it is the person's own; cells of a spreadsheet are never formulas."""
    answer = client.post("/mes-donnees/copie", data={"token": token_of(link_to(client, session_factory))})
    assert answer.headers["Content-Disposition"].endswith(f"filename=mes-donnees-savoirs-{TODAY.isoformat()}.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        whole = json.loads(files.read("mes-donnees.json"))
        rows = list(csv.DictReader(io.StringIO(files.read("contacts.csv").decode("utf-8-sig")), delimiter=";"))
        assert "lisez-moi.txt" in files.namelist()
    assert whole["Demandes écrites"][0]["Question"] == "Comment durer ?"
    assert rows[0]["Adresse e-mail"] == EMAIL
    signed_in(client, session_factory, "camille")
    with zipfile.ZipFile(io.BytesIO(client.post("/mes-donnees/copie").data)) as files:
        assert "'=rappeler" in files.read("recherches-gardees.csv").decode("utf-8-sig")
        assert json.loads(files.read("mes-donnees.json"))["Recherches gardées"][0]["Texte"] == "=rappeler"


def test_every_section_and_column_has_its_french_words(client: FlaskClient, session_factory: Sessions) -> None:
    """Of all queries, with or without rows."""
    from savoirs.privacy.held import _queries

    for name, query in _queries([], "").items():
        assert name in held_words.SECTIONS
        assert {column.name for column in query.selected_columns} <= set(held_words.COLUMNS), name


def test_a_name_is_corrected_everywhere_it_is_held(client: FlaskClient, session_factory: Sessions) -> None:
    """A mistake is said beside the field."""
    token = token_of(link_to(client, session_factory))
    wrong = client.post("/mes-donnees/nom", data={"token": token, "name": "camille@example.org"})
    assert (wrong.status_code, "Il y a une adresse e-mail ici" in text_of(wrong)) == (422, True)
    assert client.post("/mes-donnees/nom", data={"token": token, "name": "  Camille   Z "}).status_code == 303
    with database.reading(session_factory) as session:
        assert session.scalar(select(Contact.name).where(Contact.key == "asker")) == "Camille Z"


def test_an_address_changes_when_the_new_one_is_confirmed(client: FlaskClient, session_factory: Sessions) -> None:
    """Not before; the old link then opens nothing, and the confirmation works once."""
    link = link_to(client, session_factory)
    data = {"token": token_of(link), "email": "nouvelle@example.org"}
    assert client.post("/mes-donnees/adresse", data=data).status_code == 303
    assert client.post("/mes-donnees/adresse", data=data).status_code == 303
    with database.reading(session_factory) as session:
        assert session.scalar(select(Contact.email).where(Contact.key == "asker")) == EMAIL
        (waiting,) = session.scalars(select(Contact.id).where(Contact.email == "nouvelle@example.org")).all()
    path = f"/mes-donnees/adresse/{links.sign(secret(client), ADDRESS, waiting)}"
    assert "C’est bien mon adresse" in text_of(client.get(path))
    assert client.post(path).status_code == 303
    with database.reading(session_factory) as session:
        found = session.execute(select(Contact.email, Contact.address_confirmed_at).where(Contact.key == "asker")).one()
        assert found.email == "nouvelle@example.org"
        assert found.address_confirmed_at == NOW
        assert session.scalar(select(func.count()).where(Contact.email == "nouvelle@example.org")) == 1
    assert client.get(link).status_code == 404
    assert client.post(path).status_code == 404


def test_an_account_gives_itself_an_address(client: FlaskClient, session_factory: Sessions) -> None:
    """A contact of its own, of no organisation, closed."""
    signed_in(client, session_factory, "camille")
    client.post("/mes-donnees/adresse", data={"email": "moi@example.org"})
    with database.reading(session_factory) as session:
        (waiting,) = session.scalars(select(Contact.id).where(Contact.email == "moi@example.org")).all()
    client.post(f"/mes-donnees/adresse/{links.sign(secret(client), ADDRESS, waiting)}")
    with database.reading(session_factory) as session:
        own = session.scalars(select(Contact).where(Contact.email == "moi@example.org")).one()
        account = session.scalars(select(Account).where(Account.login == "camille")).one()
        assert (own.account_id, own.organisation_id, own.mode) == (account.id, None, ContactMode.CLOSED)


def test_nothing_is_erased_without_the_box(client: FlaskClient, session_factory: Sessions) -> None:
    """The page comes back with the mistake."""
    signed_in(client, session_factory, "camille")
    answer = client.post("/mes-donnees/effacer", data={"notes": "go"})
    assert (answer.status_code, "Rien n’est effacé" in text_of(answer)) == (422, True)
    with database.reading(session_factory) as session:
        assert session.scalar(select(Account.id).where(Account.login == "camille"))


@pytest.mark.parametrize(("fate", "left"), [("stay", 1), ("go", 0)])
def test_an_account_erases_itself_and_says_what_becomes_of_its_notes(
    client: FlaskClient, session_factory: Sessions, fate: str, left: int
) -> None:
    """Signed out, told it is done; a second click says the same thing and breaks nothing."""
    signed_in(client, session_factory, "camille")
    cookie = client.get_cookie("savoirs_session")
    assert cookie is not None
    answer = client.post("/mes-donnees/effacer", data={"notes": fate, "agreed": "y"})
    assert (answer.status_code, answer.location) == (303, "/mes-donnees/efface")
    assert "C’est effacé" in text_of(client.get(answer.location))
    client.set_cookie("savoirs_session", cookie.value)
    again = client.post("/mes-donnees/effacer", data={"notes": fate, "agreed": "y"})
    assert again.status_code == 303
    assert "c’est fait" in text_of(client.get(again.location))
    with database.reading(session_factory) as session:
        assert session.scalar(select(Account.id).where(Account.login == "camille")) is None
        assert session.scalar(select(func.count()).where(Note.key == "lundi")) == left


def test_a_link_erases_who_came_by_it_and_nobody_else(client: FlaskClient, session_factory: Sessions) -> None:
    """The request is emptied, the association's contact stays, and the link has nothing left to show."""
    link = link_to(client, session_factory)
    data = {"token": token_of(link), "agreed": "y"}
    assert client.post("/mes-donnees/effacer", data=data).status_code == 303
    assert client.post("/mes-donnees/effacer", data=data).status_code == 404
    assert "Plus rien n’est gardé" in text_of(client.get(link))
    with database.reading(session_factory) as session:
        assert [one for one in session.scalars(select(Contact.email)) if one] == ["relais@example.org"]
        assert session.scalars(select(Introduction.question)).all() == [""]


def test_the_last_administrator_is_told_why_not(client: FlaskClient, session_factory: Sessions) -> None:
    """On the page, and nothing is changed."""
    signed_in(client, session_factory, "tenue")
    answer = client.post("/mes-donnees/effacer", data={"agreed": "y"})
    assert (answer.status_code, "dernier compte d’administration" in text_of(answer)) == (422, True)


@pytest.mark.parametrize("token", ["", "x", "un.lien.forgé", "é" * 500])
def test_a_bad_link_shows_nothing(client: FlaskClient, token: str) -> None:
    """Forged, cut or absent: one sentence, whatever is asked with it."""
    for address in ("nom", "adresse", "effacer", "copie"):
        data = {"token": token, "name": "A", "email": "a@example.org", "agreed": "y"}
        assert client.post(f"/mes-donnees/{address}", data=data).status_code in (404, 403)
    if token:
        assert client.get(f"/mes-donnees/lien/{token}").status_code == 404
        assert client.get(f"/mes-donnees/adresse/{token}").status_code == 404


def test_a_link_for_something_else_does_not_open_this(client: FlaskClient, session_factory: Sessions) -> None:
    """Each link is signed for one purpose; one made before the address changed is good no more."""
    with database.reading(session_factory) as session:
        contact = session.scalars(select(Contact).where(Contact.key == "asker")).one()
    other = links.sign(secret(client), ADDRESS, handle(contact, secret(client)))
    assert client.get(f"/mes-donnees/lien/{other}").status_code == 404
    stale = links.sign(secret(client), MY_DATA, f"{contact.id}.0123456789abcdef")
    assert client.get(f"/mes-donnees/lien/{stale}").status_code == 404
