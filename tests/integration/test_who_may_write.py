"""Who may do what: each route that writes, for a visitor, a member of elsewhere, a member, an editor; form tokens.

The table names every such route: one that is added without a line here fails the first test.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import accounts, consents, database, introductions, links, notes, saved_searches
from savoirs.documents.originals import original_path
from savoirs.drafts import NoteDraft
from savoirs.introductions import IntroductionDraft
from savoirs.models import (
    Base,
    CallStatus,
    Contact,
    ContactMode,
    IntroductionStatus,
    Note,
    NoteKind,
    Role,
    SignInSession,
    Stance,
    record_id,
)
from savoirs.models.base import utc_now
from savoirs.privacy import correcting, persons
from tests.builders import (
    make_account,
    make_call,
    make_contact,
    make_gathering,
    make_import,
    make_introduction,
    make_note,
    make_organisation,
    make_source,
    make_theme,
)
from tests.post import make_settings
from tests.routes import address, arguments, rules, unsafe_rules
from tests.signing_in import signed_in
from tests.web import make_app
from web.letters.privacy import ADDRESS, MY_DATA
from web.letters.privacy import handle as person_handle
from web.pages.call_links import PURPOSE as FOLLOW_CALL
from web.wiring import EXTENSION

Sessions = sessionmaker[Session]

VISITOR, ELSEWHERE, MEMBER, EDITOR = "visitor", "elsewhere", "member", "editor"
EVERYBODY = (VISITOR, ELSEWHERE, MEMBER, EDITOR)
SIGNED_IN = (ELSEWHERE, MEMBER, EDITOR)
THEIRS = (MEMBER, EDITOR)
PASSWORD = "une phrase assez longue"
SECRET = "a key of the tests"

LE_FIL, LE_VIEUX_FIL, LA_RUCHE = (record_id("organisation", key) for key in ("le-fil", "le-vieux-fil", "la-ruche"))

STORY: dict[str, Any] = {
    "kind": "practice",
    "title": "Rappeler le lundi qui suit",
    "action": "Un appel de dix minutes.",
    "themes": ["fidelisation"],
    "organisation": "Association Exemple Le Fil",
    "stance": "solved",
    "step": "publish",
}
REQUEST = {
    "context": "Nous perdons nos étudiants.",
    "question": "Comment faire ?",
    "preference": "writing",
    "name": "Une personne",
    "email": "une.personne@example.org",
    "agree_relay": "y",
    "agree_exchange": "y",
}


@dataclass(frozen=True)
class Act:
    """A route that writes: who may use it, what to send, and what it answers to who may and to who may not.

    Attributes:
        may: Who may.
        data: A form that is well filled.
        done: The status when it is done.
        refused: The status when it is not; a visitor is asked to sign in (403) before anything is looked for.
        json: A body, for the API.
    """

    may: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    done: int = 303
    refused: int = 403
    json: Any = None


ACTS: dict[tuple[str, str], Act] = {
    ("POST", "/affichage"): Act(EVERYBODY, {"theme": "sombre", "next": "/aide"}),
    ("POST", "/partager"): Act(EVERYBODY, STORY),
    ("POST", "/partager/conseils"): Act(EVERYBODY, STORY, done=200),
    ("POST", "/partager/apercu"): Act(EVERYBODY, STORY, done=200),
    ("POST", "/partager/brouillon"): Act(
        EVERYBODY, STORY | {"token": "jeton"}, done=200
    ),  # a visitor is told to sign in
    ("POST", "/mon-espace/brouillons/jeter"): Act(SIGNED_IN, {"slot": "jeton"}),
    ("POST", "/fiches/<string(length=10):note_id>/remettre"): Act(THEIRS),
    ("POST", "/fiches/<string(length=10):note_id>/essai"): Act(
        SIGNED_IN, {"outcome": "adopted", "line": "Dix appels."}
    ),
    ("POST", "/fiches/<string(length=10):note_id>/essai/retirer"): Act(SIGNED_IN),  # each one's own
    ("POST", "/fiches/<string(length=10):note_id>/toujours-vrai"): Act(SIGNED_IN, {"verdict": "confirmed"}),
    ("POST", "/appels/nouveau"): Act(EVERYBODY, {"question": "Qui a déjà vécu cela ?"}),  # an editor lets it through
    ("POST", "/appels/<string(length=10):call_id>/fermer"): Act(THEIRS),
    ("POST", "/appels/suivi/<token>/confirmer"): Act(EVERYBODY),  # whoever holds the link of a letter
    ("POST", "/appels/suivi/<token>/fermer"): Act(EVERYBODY),
    ("POST", "/moderation/appels/<string(length=10):call_id>/publier"): Act((EDITOR,), {"question": "Qui l’a vécu ?"}),
    ("POST", "/moderation/appels/<string(length=10):call_id>/refuser"): Act((EDITOR,)),
    ("POST", "/mon-espace/recherches"): Act(SIGNED_IN, {"q": "rappeler"}),
    ("POST", "/mon-espace/recherches/<int(max=2147483647):search_id>/arreter"): Act(
        (MEMBER,), refused=303
    ),  # another's search is as one that is kept no more: the answer does not say which numbers there are
    ("POST", "/mon-espace/recherches/<int(max=2147483647):search_id>/courriel"): Act(
        (MEMBER,), {"by_email": "y"}, refused=404
    ),
    ("POST", "/mes-donnees"): Act(
        EVERYBODY, {"email": "fil@example.org"}
    ),  # a letter goes to the address, if it is held
    ("POST", "/mes-donnees/copie"): Act(SIGNED_IN, done=200),  # this and the three below: one's own, or a link's
    ("POST", "/mes-donnees/nom"): Act(SIGNED_IN, {"name": "Un autre nom"}),
    ("POST", "/mes-donnees/adresse"): Act(SIGNED_IN, {"email": "nouvelle@example.org"}),
    ("POST", "/mes-donnees/effacer"): Act(SIGNED_IN, {"notes": "stay", "agreed": "y"}),
    ("POST", "/mes-donnees/adresse/<token>"): Act(EVERYBODY),  # whoever holds the link of a letter
    ("POST", "/moderation/organisations/reunir"): Act((EDITOR,), {"organisation": LE_FIL, "into": LA_RUCHE}),
    ("POST", "/moderation/organisations/separer"): Act((EDITOR,), {"organisation": LE_VIEUX_FIL}),
    ("POST", "/pairs/demande"): Act(EVERYBODY, REQUEST),
    ("POST", "/connexion"): Act(EVERYBODY, {"login": "member", "password": PASSWORD}),
    ("POST", "/connexion/lien/<token>"): Act(EVERYBODY),
    ("POST", "/deconnexion"): Act(EVERYBODY),
    ("POST", "/mon-espace/jetons"): Act(SIGNED_IN, {"label": "Un essai"}, done=200),
    ("POST", "/mon-espace/fermer/<handle>"): Act((MEMBER,), refused=404),  # the handle is of the member's session
    ("POST", "/fiches/<string(length=10):note_id>/modifier"): Act(THEIRS, {**STORY, "base_revision": "2"}),
    ("POST", "/fiches/<string(length=10):note_id>/versions/<int:revision_id>"): Act(THEIRS),
    ("POST", "/fiches/<string(length=10):note_id>/retirer"): Act(THEIRS),
    ("POST", "/journees/<string(length=10):gathering_id>/preparer"): Act(
        (EDITOR,), {"title": "Une autre journée", "date": "2 février 2027"}
    ),
    ("POST", "/moderation/fiches/<string(length=10):note_id>/publier"): Act((EDITOR,)),
    ("POST", "/moderation/demandes/<int:introduction_id>"): Act((EDITOR,), {"status": "handled"}),
    ("POST", "/moderation/temoignages/<string(length=10):note_id>"): Act((EDITOR,)),
    ("POST", "/mises-en-relation/confirmer/<token>"): Act(EVERYBODY),  # whoever holds the link of a letter
    ("POST", "/mises-en-relation/suivi/<token>"): Act(EVERYBODY),
    ("POST", "/mises-en-relation/reponse/<token>"): Act(EVERYBODY, {"decision": "declined"}),
    ("POST", "/mises-en-relation/suite/<token>"): Act(EVERYBODY, {"outcome": "helped"}),
    ("POST", "/accord/<token>"): Act(EVERYBODY, {"action": "confirm"}),
    ("POST", "/desabonnement/<token>"): Act(EVERYBODY, done=200),
    ("POST", "/mon-espace/contact"): Act((ELSEWHERE, MEMBER), {"mode": "closed"}),
    ("POST", "/mon-espace/contact/retirer"): Act((ELSEWHERE, MEMBER)),
    ("POST", "/mon-espace/contact/demander"): Act((ELSEWHERE, MEMBER)),
    ("POST", "/importer"): Act(SIGNED_IN, done=422),  # without a file
    ("POST", "/importer/reessayer"): Act(SIGNED_IN),
    ("POST", "/importer/<string(length=10):import_id>/accepter"): Act(THEIRS, {"piece": "p1"}),
    ("POST", "/importer/<string(length=10):import_id>/ignorer"): Act(THEIRS, {"piece": "p1"}),
    ("POST", "/importer/<string(length=10):import_id>/corriger/<string(maxlength=12):key>"): Act(
        THEIRS, {"title": "Rappeler le mardi", "kind": "practice", "first": "1", "last": "2"}
    ),
    ("POST", "/importer/<string(length=10):import_id>/annuler"): Act(THEIRS),
    ("POST", "/importer/<string(length=10):import_id>/reessayer"): Act(THEIRS),
    ("POST", "/importer/<string(length=10):import_id>/retirer"): Act(THEIRS),
    ("POST", "/sources/<string(length=10):source_id>/original/supprimer"): Act((EDITOR,)),
    ("POST", "/api/v1/peers"): Act(EVERYBODY, done=200, json={"need": "rappeler"}),
    ("POST", "/api/v1/notes"): Act((), refused=401, json={"title": "Rappeler"}),  # the API never takes the cookie
}

LETTERS = {
    "/mises-en-relation/confirmer/": ("introduction.confirm", "unconfirmed"),
    "/mises-en-relation/suivi/": ("introduction.follow", "unconfirmed"),
    "/mises-en-relation/reponse/": ("introduction.answer", "sent"),
    "/mises-en-relation/suite/": ("introduction.outcome", "meeting"),
    "/accord/": ("consent", "contact"),
    "/desabonnement/": ("unsubscribe", "topic"),
    "/appels/suivi/": (FOLLOW_CALL, "call"),
    "/mes-donnees/lien/": (MY_DATA, "person"),
    "/mes-donnees/adresse/": (ADDRESS, "address"),
}
"""Pages that links of letters open: what the link is for, and which record of the place it is about."""

WITHOUT_FORM_TOKEN = ("/desabonnement/<token>", "/partager/conseils", "/partager/apercu")
"""A mail program sends the first by itself (RFC 8058): the signed link says who asks. The others keep nothing."""

PRIVATE: dict[str, tuple[str, ...]] = {
    "/mon-espace": SIGNED_IN,
    "/fiches/<string(length=10):note_id>/modifier": THEIRS,
    "/fiches/<string(length=10):note_id>/essai": SIGNED_IN,
    "/fiches/<string(length=10):note_id>/toujours-vrai": SIGNED_IN,
    "/fiches/<string(length=10):note_id>/versions": THEIRS,
    "/fiches/<string(length=10):note_id>/versions/<int:revision_id>": THEIRS,
    "/fiches/<string(length=10):note_id>/retirer": THEIRS,
    "/journees/<string(length=10):gathering_id>/preparer": (EDITOR,),
    "/moderation": (EDITOR,),
    "/moderation/organisations": (EDITOR,),
    "/corbeille": SIGNED_IN,
    "/moderation/appels/<string(length=10):call_id>": (EDITOR,),
    "/pilotage": (EDITOR,),
    "/pilotage/manques.csv": (EDITOR,),
    "/pilotage/recherches-vaines.csv": (EDITOR,),
    "/courriels": (EDITOR,),
    "/courriels/<int(max=2147483647):letter_id>": (EDITOR,),
    "/mon-espace/contact": (ELSEWHERE, MEMBER),
    "/moderation/fiches/<string(length=10):note_id>": (EDITOR,),
    "/importer": SIGNED_IN,
    "/importer/<string(length=10):import_id>": THEIRS,
    "/importer/<string(length=10):import_id>/corriger/<string(maxlength=12):key>": THEIRS,
    "/importer/<string(length=10):import_id>/original": (EDITOR,),
    "/sources/<string(length=10):source_id>/original": (EDITOR,),
}
"""Pages that are not for everybody, and who reads them."""


@dataclass(frozen=True)
class World:
    """A database that holds one of each thing that a route may touch, and their ids."""

    path: Path
    values: Mapping[str, str]
    pending: str
    testimony: str
    organisation: str
    lettered: Mapping[str, str]


@dataclass
class Place:
    """An application over one of each thing that a route may touch."""

    app: APIFlask
    sessions: Sessions
    values: dict[str, str]
    pending: str
    testimony: str
    organisation: str
    lettered: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> FlaskClient:
        """A browser of somebody."""
        client = self.app.test_client()
        return client if who == VISITOR else signed_in(client, self.sessions, who)

    def address(self, path: str) -> str:
        """The address of a route, with the ids of what there is."""
        rule = next(rule for rule in rules(self.app) if rule.rule == path)
        values = dict(self.values)
        if path.startswith("/moderation/fiches"):
            values["note_id"] = self.pending
        if path.startswith("/moderation/temoignages"):
            values["note_id"] = self.testimony
        if path.startswith("/moderation/appels"):
            with database.transaction(self.sessions) as session:
                values["call_id"] = make_call(session, status=CallStatus.WAITING).id
        if path.startswith("/mes-donnees/adresse/"):
            self.lettered["address"] = self.new_address()
        if path == "/connexion":
            with database.transaction(self.sessions) as session:
                accounts.set_password(session, MEMBER, PASSWORD)
        letter = next((known for start, known in LETTERS.items() if path.startswith(start)), None)
        if letter is not None:
            values["token"] = links.sign(SECRET, letter[0], self.lettered[letter[1]])
        elif "token" in arguments(rule):
            with database.transaction(self.sessions) as session:
                values["token"] = accounts.make_link(session, MEMBER)
        if "handle" in arguments(rule):
            with database.transaction(self.sessions) as session:
                member = accounts.get(session, MEMBER)
                accounts.open_session(session, member)
                values["handle"] = accounts.list_sessions(session, member)[0].handle
        if "search_id" in arguments(rule):
            with database.transaction(self.sessions) as session:
                kept = saved_searches.keep(session, accounts.get(session, MEMBER), "rappeler", {}, by_email=False)
                values["search_id"] = str(kept.id)
        if "import_id" in arguments(rule):
            with database.transaction(self.sessions) as session:
                row = make_import(session, accounts.get(session, MEMBER))
                values |= {"import_id": row.id, "key": "p1"}
            self.keep(row.sha256)
        asked = f"?organisation={self.organisation}" if path == "/pairs/demande" else ""
        return address(rule, values) + asked

    def new_address(self) -> str:
        """Ask for another address of the member's; returns what the link that confirms it is about."""
        with database.transaction(self.sessions) as session:
            person = persons.of_account(session, accounts.get(session, MEMBER).id)
            waiting = correcting.ask_address(session, person, f"{secrets.token_hex(4)}@example.org", utc_now())
            assert waiting is not None
            return waiting.id

    def keep(self, sha256: str) -> None:
        """Keep an original file."""
        path = original_path(self.app.extensions[EXTENSION].settings.data_dir, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Rappeler le lundi.", "utf-8")

    def rows(self) -> dict[str, list[Any]]:
        """All that is kept, but when sessions were last seen."""
        kept = [table for table in Base.metadata.sorted_tables if table is not SignInSession.__table__]
        with self.sessions.kw["bind"].connect() as connection:
            rows = {table.name: sorted(connection.execute(select(table)), key=repr) for table in kept}
            tokens = select(SignInSession.token_hash)
            return rows | {"sessions": sorted(connection.execute(tokens), key=repr)}


@pytest.fixture(scope="module")
def world(_empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two associations and their members, an editor; a note of two versions, one that waits, requests, calls, a day.

    Written once, in a file that each test has a copy of.
    """
    folder = tmp_path_factory.mktemp("world")
    path = folder / "savoirs.sqlite3"
    shutil.copyfile(_empty_database, path)
    engine = database.open_database(f"sqlite:///{path}")
    sessions = database.session_factory(engine)
    with database.transaction(sessions) as session:
        make_theme(session, key="fidelisation")
        fil = make_organisation(session, "Association Exemple Le Fil", key="le-fil")
        contact = make_contact(session, fil, email="fil@example.org", name="Une personne")
        ruche = make_organisation(session, "Association Exemple La Ruche", key="la-ruche")
        make_organisation(session, "Association Exemple Le Vieux Fil", key="le-vieux-fil", merged_into=ruche)
        make_contact(session, ruche, email="ruche@example.org", name="Une personne")
        member = make_account(session, MEMBER, organisation=fil)
        make_account(session, ELSEWHERE, organisation=ruche)
        make_account(session, EDITOR, role=Role.EDITOR)
        note = make_note(session, "Rappeler", lived=[(fil, Stance.SOLVED)], cited=[ruche], action="Un appel.")
        notes.edit(session, note.id, replace(notes.draft_of(note), action="Deux appels."), member, 1)
        waiting = NoteDraft(title="Inviter un ami", action="Un ami.", themes=(note.themes[0].theme.key,))
        pending = notes.add(session, waiting, None)
        testimony = make_note(session, "Une parole", kind=NoteKind.TESTIMONY, author="Camille Exemple")
        draft = IntroductionDraft("Une", "une@example.org", "Un contexte.", "Une question ?", agreed=True)
        asked = introductions.request(session, fil.id, draft, settings=make_settings(folder, smtp_host=""))
        first = notes.revisions(session, note.id)[-1]
        values = {
            "note_id": note.id,
            "revision_id": str(first.id),
            "gathering_id": make_gathering(session).id,
            "introduction_id": str(asked.id),
            "letter_id": "1",
            "source_id": (document := make_source(session)).id,
        }
        make_note(session, "Documenté", source_id=document.id)
        asker = Contact(id=record_id("contact", "appel"), key="appel", mode=ContactMode.CLOSED, email="a@example.org")
        values["call_id"] = make_call(session, account_id=member.id).id
        meeting = make_introduction(session, fil, recipient=contact, status=IntroductionStatus.ACCEPTED)
        lettered = {
            "unconfirmed": str(make_introduction(session, ruche, status=IntroductionStatus.UNCONFIRMED).id),
            "sent": str(make_introduction(session, fil, recipient=contact).id),
            "meeting": f"{meeting.id}:requester",
            "contact": consents.handle(contact, SECRET),
            "topic": f"relay:{contact.id}",
            "call": make_call(session, asker=asker).id,
            "person": person_handle(contact, SECRET),
        }
        known = World(path, values, pending.id, testimony.id, fil.id, lettered)
    engine.dispose()  # the last connection: the file alone is whole
    return known


@pytest.fixture
def place(world: World, tmp_path: Path) -> Iterator[Place]:
    """A world of one's own, and an application over it."""
    path = tmp_path / "savoirs.sqlite3"
    shutil.copyfile(world.path, path)
    engine = database.open_database(f"sqlite:///{path}")
    sessions = database.session_factory(engine)
    app = make_app(sessions, tmp_path, writes_per_hour=10**6, requests_per_recipient_week=50)
    place = Place(
        app, sessions, dict(world.values), world.pending, world.testimony, world.organisation, dict(world.lettered)
    )
    place.keep("0" * 64)
    yield place
    engine.dispose()


def act(place: Place, client: FlaskClient, path: str, **more: str) -> TestResponse:
    """Send what the table says."""
    known = ACTS["POST", path]
    if known.json is not None:
        return client.post(place.address(path), json=known.json)
    return client.post(place.address(path), data={**known.data, **more})


def test_every_route_that_writes_is_in_the_table(place: Place) -> None:
    """And no other, nor two for one address."""
    assert sorted(ACTS) == sorted((method, rule.rule) for method, rule in unsafe_rules(place.app))


@pytest.mark.parametrize("path", [path for _method, path in ACTS])
def test_a_route_writes_for_who_may_and_for_nobody_else(place: Place, path: str) -> None:
    """Who may not gets a refusal, and everything that is kept stays as it was."""
    known = ACTS["POST", path]
    for who in EVERYBODY:
        client = place.client(who)
        target = place.address(path)
        before = place.rows()
        answer = client.post(target, data=known.data if known.json is None else None, json=known.json)
        if who in known.may:
            assert answer.status_code == known.done, (who, answer.text[-2000:])
            assert known.done != known.refused or place.rows() != before, who  # the answer alone does not tell
        else:
            unsigned = who == VISITOR and known.refused in (303, 404)
            assert answer.status_code == (403 if unsigned else known.refused), who
            assert place.rows() == before, who


@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page_is_read_by_who_may(place: Place, path: str) -> None:
    """The others get a page 403 that holds nothing of it; no answer to somebody signed in is kept by a cache."""
    for who in EVERYBODY:
        answer = place.client(who).get(place.address(path))
        assert answer.status_code == (200 if who in PRIVATE[path] else 403), who
        assert "Un appel." not in answer.text or who in PRIVATE[path]
        if who != VISITOR:
            assert answer.headers["Cache-Control"] == "no-store"
        answer.close()


def test_other_pages_are_for_everybody(place: Place) -> None:
    """A visitor reads all pages that are not in the list of private ones."""
    place.values |= {"slug": "x", "address": "x", "filename": "savoirs.css", "organisation_id": place.organisation}
    for rule in rules(place.app):
        if "GET" in (rule.methods or ()) and rule.rule not in PRIVATE and not rule.rule.startswith("/journees/"):
            asked = "?organisation=" if rule.endpoint == "introductions.kept" else None
            target = place.address(rule.rule) + (f"{asked}{place.organisation}" if asked else "")
            answer = place.client(VISITOR).get(target)
            assert answer.status_code < 400, target
            answer.close()


def test_what_somebody_shares_is_published_only_for_their_own(place: Place) -> None:
    """Of the four, a member and an editor publish what Le Fil lived; the two others' notes wait."""
    for who in EVERYBODY:
        act(place, place.client(who), "/partager", title=f"Raconté par {who}")
    with database.reading(place.sessions) as session:
        told = session.execute(select(Note.title, Note.status).where(Note.title.startswith("Raconté"))).all()
    assert {title.rsplit(" ", 1)[1]: status.value for title, status in told} == {
        VISITOR: "pending",
        ELSEWHERE: "pending",
        MEMBER: "published",
        EDITOR: "published",
    }


def test_a_member_does_not_speak_for_another_association(place: Place) -> None:
    """Neither by editing a note of their own, nor with a token of the API."""
    client = place.client(MEMBER)
    before = place.rows()
    target = place.address("/fiches/<string(length=10):note_id>/modifier")
    data = {**STORY, "base_revision": "2", "organisation": "Association Exemple La Ruche"}
    assert client.post(target, data=data).status_code == 422
    assert place.rows() == before
    with database.transaction(place.sessions) as session:
        token = accounts.make_token(session, ELSEWHERE)
    link = {"organisation": place.organisation, "stance": "solved"}
    body = {"title": "Rappeler pour eux", "action": "Un appel.", "themes": ["fidelisation"], "experiences": [link]}
    answer = place.client(VISITOR).post("/api/v1/notes", json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201
    with database.reading(place.sessions) as session:
        kept = session.scalars(select(Note).where(Note.title == body["title"]).order_by(Note.created_at.desc())).first()
        assert kept is not None
        assert kept.status.value == "pending"


def test_a_closed_account_does_nothing_more(place: Place) -> None:
    """Its session, its token and its password open nothing."""
    client = place.client(EDITOR)
    with database.transaction(place.sessions) as session:
        token = accounts.make_token(session, EDITOR)
        accounts.disable(session, EDITOR)
        accounts.disable(session, MEMBER)
    assert client.get("/moderation").status_code == 403
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/v1/notes", json={"title": "Rappeler"}, headers=bearer).status_code == 401
    assert act(place, place.client(VISITOR), "/connexion").status_code == 422


@pytest.mark.parametrize(
    "path", [path for _, path in ACTS if not path.startswith("/api/") and path not in WITHOUT_FORM_TOKEN]
)
def test_a_form_without_its_token_does_nothing(place: Place, path: str) -> None:
    """For who may do it otherwise: refused, with nothing written and nobody signed in or out."""
    place.app.config["WTF_CSRF_ENABLED"] = True
    target = place.address(path)
    client = place.client((*ACTS["POST", path].may,)[-1])
    before = place.rows()
    for token in (None, "", "faux", form_token(place.client(VISITOR))):
        sent = {} if token is None else {"csrf_token": token}
        answer = client.post(target, data={**ACTS["POST", path].data, **sent})
        assert answer.status_code in (400, 422) or answer.json == {"kept": False, "signed_in": False}
        assert "savoirs_session=" not in answer.headers.get("Set-Cookie", "")
        assert place.rows() == before


def test_a_form_with_its_token_works(place: Place) -> None:
    """So that the refusals above are for the token's want."""
    place.app.config["WTF_CSRF_ENABLED"] = True
    client = place.client(EDITOR)
    token = form_token(client)
    for path, known in ((path, known) for (_, path), known in ACTS.items() if known.may[-1:] == (EDITOR,)):
        if known.json is None and not path.startswith(("/connexion", "/deconnexion", "/mes-donnees/effacer")):
            assert act(place, client, path, csrf_token=token).status_code == known.done, path


def form_token(client: FlaskClient) -> str:
    """The form token of a browser."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/partager").text)
    assert found
    return found[1]
