"""What contacts agree to: from their own address, in an exact wording, confirmed each year, taken back at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import consents, database
from savoirs.availability import State, availabilities
from savoirs.config import Settings
from savoirs.models import Consent, Contact, ContactMode, Introduction, IntroductionStatus, Role
from tests.builders import make_account, make_contact, make_introduction, make_organisation
from tests.pages import text_of as page_text
from tests.pages import words_of
from tests.post import NOW, MailServer, link_to, mail_server, make_round, text_of
from tests.signing_in import signed_in
from tests.web import make_client
from web import wordings

Sessions = sessionmaker[Session]

NAME = "Association Exemple Le Fil"
ADDRESS = "camille@example.org"


@dataclass
class Place:
    """An association, its member's browser, and the post."""

    member: FlaskClient
    sessions: Sessions
    settings: Settings
    server: MailServer
    organisation: str

    def save(self, **data: str) -> TestResponse:
        """Send the form of the contact."""
        given = {"mode": "relay", "name": "Camille, accueil", "email": ADDRESS}
        return self.member.post("/mon-espace/contact", data=given | data, follow_redirects=True)

    def round(self, now: dt.datetime = NOW + dt.timedelta(hours=6)) -> None:
        """A round of the post."""
        make_round(self.sessions, self.settings, now)

    def link(self) -> str:
        """The path of the last letter's page of agreement."""
        return link_to(self.server.to(ADDRESS)[-1], "/accord")

    def act(self, action: str, **data: str) -> TestResponse:
        """Press a button there."""
        return self.member.post(self.link(), data={"action": action, **data}, follow_redirects=True)

    def state(self) -> State:
        """Whether the association may be reached."""
        with database.reading(self.sessions) as session:
            return availabilities(session, [self.organisation], NOW.date())[self.organisation].state

    def contact(self) -> Contact:
        """The contact, with its consents."""
        with database.reading(self.sessions) as session:
            contact = session.scalars(select(Contact).where(Contact.organisation_id == self.organisation)).one()
            assert contact.consents is not None
            return contact

    def consents(self) -> list[Consent]:
        """All that was agreed to, in order."""
        with database.reading(self.sessions) as session:
            return list(session.scalars(select(Consent).order_by(Consent.id)))


@pytest.fixture
def place(session_factory: Sessions, tmp_path: Path) -> Iterator[Place]:
    """An association that nobody can reach yet."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, NAME, fictional=False)
        make_account(session, "membre", organisation=organisation)
        make_account(session, "edition", role=Role.EDITOR)
    with mail_server() as server:
        member = signed_in(make_client(session_factory, tmp_path, writes_per_hour=10**6), session_factory, "membre")
        yield Place(member, session_factory, server.settings(tmp_path), server, organisation.id)


def test_an_address_counts_once_its_owner_has_said_yes(place: Place) -> None:
    """Whoever types it: who, when, which wording, for what; and the page never shows the address."""
    page = place.save()
    assert "Un message part à cette adresse" in words_of(page)
    assert "C. a., c…@e….org" in words_of(page).replace("A.", "a.")
    assert ADDRESS not in page_text(page)
    assert place.state() is State.PENDING
    place.round()
    sentence = wordings.asked("relay", NAME).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence in text_of(place.server.to(ADDRESS)[0]).replace("\r\n", "\n")
    assert sentence in page_text(place.member.get(place.link()))
    assert place.state() is State.PENDING
    assert "accord donné" in words_of(place.act("relay"))
    place.act("relay")
    (consent,) = place.consents()
    assert (consent.scope, consent.wording_version, consent.given_by) == ("relay", "2026-2", "Camille, accueil")
    assert consent.granted_at.date() == NOW.date()
    assert place.contact().address_confirmed_at is not None
    assert place.state() is State.RELAY
    assert sentence in page_text(place.member.get("/mon-espace/contact"))


def test_a_refusal_is_not_asked_about_again(place: Place) -> None:
    """One says no once."""
    place.save()
    place.round()
    assert "nous ne vous redemanderons pas" in words_of(place.act("refuse"))
    assert "refusé" in words_of(place.member.get("/mon-espace/contact"))
    place.save(name="Camille, trésorerie")
    assert place.member.post("/mon-espace/contact/demander").status_code == 404
    place.round(NOW + dt.timedelta(days=2))
    assert len(place.server.messages) == 1
    assert place.state() is State.PENDING


def test_a_member_withdraws_in_one_click(place: Place) -> None:
    """At once, and twice is as once."""
    place.save()
    place.round()
    place.act("relay")
    for _ in range(2):
        page = place.member.post("/mon-espace/contact/retirer", follow_redirects=True)
        assert "Accord retiré" in words_of(page)
    assert place.state() is State.PENDING
    assert [one.withdrawn_at is not None for one in place.consents()] == [True]


def test_another_address_is_another_person(place: Place) -> None:
    """What the first one agreed to ends, their link opens nothing more, and what they had not answered closes."""
    place.save()
    place.round()
    place.act("relay")
    with database.transaction(place.sessions) as session:
        contact = session.scalars(select(Contact)).one()
        make_introduction(session, contact.organisation, recipient=contact)  # type: ignore[arg-type]
    old = place.link()
    place.save(email="autre@example.org")
    assert place.state() is State.PENDING
    assert place.member.get(old).status_code == 404
    assert place.member.post(old, data={"action": "relay"}).status_code == 404
    with database.reading(place.sessions) as session:
        assert session.scalars(select(Introduction.status)).one() == IntroductionStatus.CLOSED
    place.round()
    assert len(place.server.to("autre@example.org")) == 1


def test_an_empty_address_leaves_the_one_that_is_kept(place: Place) -> None:
    """So that a pause or a mode can be changed without typing it again; a box forgets it."""
    place.save()
    place.save(name="", email="")
    assert place.contact().email == ADDRESS
    place.save(mode="closed", name="", email="", forget="y")
    assert (place.contact().email, place.contact().name) == (None, None)
    assert place.state() is State.CLOSED


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "camille@exemple"}, "Il manque la fin"),
        ({"email": ""}, "Il manque une réponse"),
        ({"mode": ""}, "Choisissez comment"),
        ({"mode": "pigeon"}, "Ce choix n’existe pas"),
        ({"name": "Camille 01 99 00 12 34"}, "numéro de téléphone"),
        ({"paused_until": "demain"}, "Cette date n’est pas complète"),
        ({"paused_until": "1 janvier 2020"}, "Choisissez un jour à venir"),
    ],
)
def test_each_mistake_is_told_beside_its_field(place: Place, data: dict[str, str], words: str) -> None:
    """422, what was typed is still there, nothing is kept or sent."""
    page = place.save(**data)
    assert page.status_code == 422
    assert words in words_of(page)
    assert (data.get("email") or "Camille") in page_text(page)
    place.round()
    assert place.server.messages == []
    assert place.state() is State.NONE


def test_a_public_address_is_on_its_page_and_nowhere_else(place: Place) -> None:
    """Only when exactly that was agreed to; withdrawn, it is gone at once."""
    own = place.save(mode="public")
    assert "Celle de l’adresse ouverte" in words_of(own)
    place.round()
    pages = ("/organisations", f"/recherche?q={ADDRESS}", f"/pairs?organisation={place.organisation}", "/api/v1/search")
    address = f"/organisations/{place.organisation}"
    place.act("relay")
    assert ADDRESS not in place.member.get(address, follow_redirects=True).text
    place.save(mode="public")
    place.round(NOW + dt.timedelta(days=1))
    assert "propose en plus" in words_of(place.member.get(place.link()))
    place.act("public")
    assert ADDRESS in place.member.get(address, follow_redirects=True).text
    for page in pages:
        assert ADDRESS not in place.member.get(page).text.replace(f'value="{ADDRESS}"', "").replace(
            f"« {ADDRESS} »", ""
        ) or page.startswith("/recherche")
    place.act("withdraw")
    assert ADDRESS not in place.member.get(address, follow_redirects=True).text


def test_a_wider_scope_than_asked_is_refused(place: Place) -> None:
    """A forged button agrees to nothing."""
    place.save()
    place.round()
    assert place.act("public").status_code == 400
    assert place.act("demonstration").status_code == 200
    assert place.consents() == []


def test_an_agreement_is_asked_again_each_year(place: Place) -> None:
    """A year later, one letter; confirmed, it holds another year."""
    place.save()
    place.round()
    place.act("relay")
    for days in (364, 366, 366, 367):
        place.round(NOW + dt.timedelta(days=days))
    assert [message["Subject"].split()[0] for message in place.server.to(ADDRESS)] == ["Voulez-vous", "Êtes-vous"]
    place.member.application.config["SAVOIRS_TODAY"] = (NOW + dt.timedelta(days=368)).date()
    assert "confirmé le" in words_of(place.act("confirm"))
    for days in range(369, 369 + 360, 30):
        place.round(NOW + dt.timedelta(days=days))
    assert len(place.server.to(ADDRESS)) == 2
    place.round(NOW + dt.timedelta(days=368 + 366))
    assert len(place.server.to(ADDRESS)) == 3


def test_an_agreement_that_nobody_confirms_ends(place: Place) -> None:
    """A month after the question was sent; a mail server that was down ends nothing."""
    place.save()
    place.round()
    place.act("relay")
    place.server.answers[ADDRESS] = "451 later"
    place.round(NOW + dt.timedelta(days=366))
    place.server.answers.clear()
    place.round(NOW + dt.timedelta(days=367))
    place.round(NOW + dt.timedelta(days=396))
    assert place.state() is State.RELAY
    place.round(NOW + dt.timedelta(days=398))
    assert place.state() is State.PENDING


def test_the_demonstration_is_never_asked_again(session: Session, tmp_path: Path) -> None:
    """Its agreements are not of persons."""
    contact = make_contact(session, make_organisation(session), email="le-fil@example.org", consent=False)
    contact.consents = [Consent(scope="demonstration", wording_version="corpus", granted_at=NOW)]
    session.flush()
    settings = Settings.load(data_dir=tmp_path, secret_key="a key")
    assert consents.follow_up(session, NOW + dt.timedelta(days=4000), settings) == 0


def test_an_account_without_an_association_has_no_contact(place: Place) -> None:
    """An editor's, for example: said in one sentence."""
    editor = signed_in(place.member.application.test_client(), place.sessions, "edition")
    answer = editor.get("/mon-espace/contact")
    assert (answer.status_code, "n’est lié à aucune association" in words_of(answer)) == (403, True)


def test_pages_ask_the_base_a_few_times(
    place: Place, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """However many contacts and letters."""
    place.save()
    place.round()
    with database.transaction(place.sessions) as session:
        for _ in range(20):
            make_introduction(session, make_organisation(session))
    editor = signed_in(place.member.application.test_client(), place.sessions, "edition")
    for client, address, limit in (
        (place.member, "/mon-espace/contact", 3),
        (place.member, place.link(), 3),
        (editor, "/courriels", 3),
        (editor, "/courriels/1", 4),
        (editor, "/pilotage", 6),
    ):
        client.get(address)
        with max_queries(limit):
            assert client.get(address).status_code == 200


def test_a_mode_is_public_only_by_both(session: Session) -> None:
    """The member's choice and the owner's agreement."""
    contact = make_contact(session, make_organisation(session), consent=False, mode=ContactMode.RELAY, email=ADDRESS)
    with pytest.raises(Exception, match="bad_scope"):
        consents.give(session, contact, "public", NOW)
