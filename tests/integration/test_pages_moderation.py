"""What waits for an editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, introductions, models, notes
from savoirs.drafts import NoteDraft
from savoirs.introductions import IntroductionDraft
from savoirs.models import Introduction, Note, NoteKind, NoteStatus, Role, Stance
from tests.builders import make_account, make_contact, make_note, make_organisation, make_theme
from tests.pages import text_of, words_of
from tests.post import make_settings
from tests.signing_in import signed_in
from tests.web import make_client

Sessions = sessionmaker[Session]


@pytest.fixture
def ids(session_factory: Sessions) -> dict[str, str]:
    """A note that waits, a request, a named testimony, an organisation whose agreement is missing."""
    with database.transaction(session_factory) as session:
        make_theme(session, "Fidéliser", key="fidelisation")
        fil = make_organisation(session, "Association Exemple Le Fil")
        make_contact(session, fil)
        make_contact(session, make_organisation(session, "Fondation Exemple"), consent=False)
        make_account(session, "edition", role=Role.EDITOR)
        make_account(session, "membre", organisation=fil)
        draft = NoteDraft(
            title="Inviter un ami",
            action="Chacun invite une personne.",
            themes=("fidelisation",),
            organisation_name="Association Exemple Neuve",
            organisation_stance=Stance.SOLVED,
        )
        waiting = notes.add(session, draft, None)
        named = make_note(session, "Ce que retient Camille", kind=NoteKind.TESTIMONY, author="Camille Exemple")
        asked = IntroductionDraft(
            name="Dominique, Association Exemple Essai",
            email="dominique@example.org",
            context="Nous perdons nos étudiants.",
            question="Comment faire ?",
            agreed=True,
        )
        introductions.request(session, fil.id, asked, settings=make_settings(Path("nowhere"), smtp_host=""))
        return {"waiting": waiting.id, "named": named.id}


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path, ids: dict[str, str]) -> FlaskClient:
    """An editor's browser."""
    return signed_in(make_client(session_factory, tmp_path), session_factory, "edition")


def test_only_an_editor_sees_what_waits(session_factory: Sessions, tmp_path: Path, ids: dict[str, str]) -> None:
    """Neither a visitor nor a member reads, publishes, settles or removes."""
    client = make_client(session_factory, tmp_path)
    for _ in range(2):
        assert client.get("/moderation").status_code == 403
        assert client.get(f"/moderation/fiches/{ids['waiting']}").status_code == 403
        for address in (
            f"/moderation/fiches/{ids['waiting']}/publier",
            "/moderation/demandes/1",
            f"/moderation/temoignages/{ids['named']}",
        ):
            assert client.post(address, data={"status": "handled"}).status_code == 403
        signed_in(client, session_factory, "membre")


def test_everything_that_waits_is_on_one_page_without_an_address(client: FlaskClient) -> None:
    """Notes, requests, names and missing agreements; never an e-mail address."""
    page = words_of(client.get("/moderation"))
    for words in (
        "Inviter un ami",
        "Association Exemple Neuve, à reconnaître",
        "Dominique, Association Exemple Essai veut joindre",
        "Nous perdons nos étudiants.",
        "Nom gardé : Camille Exemple",
        "Fondation Exemple",
        "accord en attente",
    ):
        assert words in page, words
    assert "dominique@example.org" not in page


def test_an_editor_publishes_and_a_search_finds_it(
    client: FlaskClient, session_factory: Sessions, ids: dict[str, str]
) -> None:
    """The association a visitor named is made when the editor asks for it."""
    address = f"/moderation/fiches/{ids['waiting']}"
    page = text_of(client.get(address))
    assert "Chacun invite une personne." in page
    assert "« Association Exemple Neuve » n’est pas dans Savoirs." in page
    answer = client.post(f"{address}/publier", data={"create_organisation": "y"})
    assert answer.status_code == 303
    assert "Fiche publiée" in text_of(client.get(answer.location))
    assert "Inviter un ami" in text_of(client.get("/recherche?q=inviter"))
    assert "Association Exemple Neuve" in text_of(client.get("/organisations"))


def test_a_note_is_withdrawn_after_a_question_and_can_come_back(
    client: FlaskClient, session_factory: Sessions, ids: dict[str, str]
) -> None:
    """Nothing is lost: the note is kept, unseen, and may be published again."""
    client.post(f"/moderation/fiches/{ids['waiting']}/publier")
    address = f"/fiches/{ids['waiting']}/retirer"
    page = client.get(f"/fiches/{ids['waiting']}", follow_redirects=True).text
    assert f'href="{address}"' in page
    assert f'href="/fiches/{ids["waiting"]}/versions"' in page
    assert "30 jours dans la corbeille" in text_of(client.get(address))
    assert client.post(address).status_code == 303
    with database.reading(session_factory) as session:
        assert session.scalars(select(Note.status).where(Note.id == ids["waiting"])).one() is NoteStatus.WITHDRAWN
    assert "Inviter un ami" not in text_of(client.get("/recherche?q=inviter"))
    client.post(f"/moderation/fiches/{ids['waiting']}/publier")
    assert "Inviter un ami" in text_of(client.get("/recherche?q=inviter"))


def test_a_request_is_settled(client: FlaskClient, session_factory: Sessions) -> None:
    """Once relayed it waits no more; a decision that does not exist is refused."""
    with database.reading(session_factory) as session:
        number = session.scalars(select(Introduction.id)).one()
    assert client.post(f"/moderation/demandes/{number}", data={"status": "peut-être"}).status_code == 400
    assert client.post(f"/moderation/demandes/{number}", data={"status": "handled"}).status_code == 303
    page = words_of(client.get("/moderation"))
    assert "Demande marquée comme transmise." in page
    assert "veut joindre" not in page


def test_a_name_is_removed_from_a_testimony(
    client: FlaskClient, session_factory: Sessions, ids: dict[str, str]
) -> None:
    """The name is gone from the note and from this page."""
    client.post(f"/moderation/temoignages/{ids['named']}")
    assert "Camille Exemple" not in text_of(client.get("/moderation"))
    with database.reading(session_factory) as session:
        assert session.scalars(select(models.Testimony.author)).all() == [None]
