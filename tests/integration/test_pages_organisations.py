"""Organisations and the home page, as a browser gets them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.models import NoteKind, Stance
from tests.builders import make_contact, make_note, make_organisation, make_theme
from tests.web import make_client
from web.addresses import organisation_url

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A browser."""
    return make_client(session_factory, tmp_path)


def read(client: FlaskClient, address: str) -> str:
    """A page's HTML, with plain spaces for the no-break ones."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_an_organisation_shows_what_it_lived_by_stance(client: FlaskClient, session_factory: Sessions) -> None:
    """Solutions first, then useful failures, tries, needs; anonymous notes never."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Le Fil", departement="59", volunteers=1200)
        make_note(session, "Un besoin", lived=[(organisation, Stance.NEED)])
        make_note(session, "Une solution", lived=[(organisation, Stance.SOLVED)])
        make_note(session, "Un secret", lived=[(organisation, Stance.FAILED)], anonymous=True)
    page = read(client, organisation_url(organisation.id, organisation.name))
    assert page.index("Une solution") < page.index("Cherche une solution") < page.index("Un besoin")
    assert "Un secret" not in page
    assert "Nord, Hauts-de-France" in page
    assert "1 200" in page
    assert "organisation fictive" in page


def test_only_who_agreed_can_be_asked(client: FlaskClient, session_factory: Sessions) -> None:
    """Every other state is said in words; there is never a greyed button."""
    with database.transaction(session_factory) as session:
        willing, waiting, unknown = (make_organisation(session) for _ in range(3))
        make_contact(session, willing)
        make_contact(session, waiting, consent=False)
    pages = [read(client, organisation_url(one.id, one.name)) for one in (willing, waiting, unknown)]
    assert [("Demander une mise en relation" in page) for page in pages] == [True, False, False]
    assert "en attente de son consentement" in pages[1]
    assert "Aucun contact n’est connu" in pages[2]


def test_another_name_leads_to_the_one_kept(client: FlaskClient, session_factory: Sessions) -> None:
    """A merged organisation's address stays good."""
    with database.transaction(session_factory) as session:
        kept = make_organisation(session, "Association Exemple Gardée")
        other = make_organisation(session, "Association Exemple Doublon", merged_into=kept)
    answer = client.get(organisation_url(other.id, other.name))
    assert (answer.status_code, answer.location) == (301, organisation_url(kept.id, kept.name))


def test_a_wrong_slug_leads_to_the_right_one_and_no_id_to_404(client: FlaskClient, session_factory: Sessions) -> None:
    """As for notes."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Le Fil")
    assert client.get(f"/organisations/{organisation.id}-autre").status_code == 301
    assert client.get("/organisations/aaaaaaaaaa-rien").status_code == 404


def test_the_list_is_by_region(client: FlaskClient, session_factory: Sessions, max_queries: MaxQueries) -> None:
    """Each under its region, those without a territory last, in a few statements."""
    with database.transaction(session_factory) as session:
        make_organisation(session, "Association Exemple Sans lieu", departement=None)
        make_organisation(session, "Association Exemple Du Nord", departement="59")
    with max_queries(4):
        page = read(client, "/organisations")
    assert (
        page.index("Hauts-de-France") < page.index("Du Nord") < page.index("Sans territoire") < page.index("Sans lieu")
    )


def test_home_says_what_is_there_and_what_is_looked_for(
    client: FlaskClient, session_factory: Sessions, max_queries: MaxQueries
) -> None:
    """A search field, numbers by theme, the last notes, open needs; a bounded number of statements."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Bénévolat", key="benevolat")
        organisation = make_organisation(session)
        make_note(session, "Garder l’été", themes=[theme], lived=[(organisation, Stance.NEED)])
        for _ in range(3):
            make_note(session, kind=NoteKind.TOOL, themes=[theme])
    read(client, "/recherche")  # the index is up to date
    with max_queries(4):
        page = read(client, "/")
    assert 'action="/recherche"' in page
    assert 'href="/recherche?theme=benevolat">Bénévolat <span>4<span class="vh"> fiches</span></span></a>' in page
    assert "Dernières fiches" in page
    assert "Garder l’été" in page[page.index("Elles cherchent une solution") :]


def test_home_of_an_empty_base_still_helps(client: FlaskClient) -> None:
    """Before anything is loaded, one can search and share."""
    page = read(client, "/")
    assert 'href="/partager"' in page
    assert "Bienvenue" in page
