"""« Trouver un pair » and « Demander une mise en relation »."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import database
from savoirs.models import Contact, Introduction, Stance
from tests.builders import make_contact, make_note, make_organisation, make_theme
from tests.pages import text_of, words_of
from tests.web import make_app, make_client

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]

NEED = "Nos bénévoles ne reviennent jamais"

REQUEST = {
    "context": "Nous perdons nos étudiants en mai.",
    "question": "Comment les avez-vous gardés ?",
    "preference": "writing",
    "name": "Camille, Association Exemple Essai",
    "email": "camille@example.org",
    "agree_relay": "y",
    "agree_exchange": "y",
    "token": "jeton",
}


@pytest.fixture
def ids(session_factory: Sessions) -> dict[str, str]:
    """One association that solved it and may be reached, one that lives it and has not agreed."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Fidéliser", key="fidelisation")
        fil = make_organisation(session, "Association Exemple Le Fil", departement="59")
        ruche = make_organisation(session, "Association Exemple La Ruche", departement="01")
        make_contact(session, fil)
        make_contact(session, ruche, consent=False)
        told = make_note(
            session,
            "Rappeler le lundi",
            themes=[theme],
            context="Les bénévoles reviennent quand on les rappelle.",
            lived=[(fil, Stance.SOLVED)],
        )
        make_note(session, "Ils partent", context="Des bénévoles partis.", lived=[(ruche, Stance.NEED)])
        return {"fil": fil.id, "ruche": ruche.id, "note": told.id}


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path, ids: dict[str, str]) -> FlaskClient:
    """A visitor's browser."""
    return make_client(session_factory, tmp_path)


def ask(client: FlaskClient, organisation: str, **changes: Any) -> TestResponse:
    """Send the request for an introduction."""
    address = f"/pairs/demande?organisation={organisation}&besoin={NEED}"
    return client.post(address, data={name: value for name, value in {**REQUEST, **changes}.items() if value})


def test_without_a_need_the_page_gives_examples(client: FlaskClient) -> None:
    """A first visit shows how to begin, and proposes nobody."""
    page = text_of(client.get("/pairs"))
    assert "Pour commencer" in page
    assert 'class="asso"' not in page


def test_the_two_lists_are_kept_apart_with_their_reasons(client: FlaskClient) -> None:
    """Who solved it is under one title, who lives it under the other; bars sum to 100."""
    page = text_of(client.get(f"/pairs?besoin={NEED}"))
    solved, same = page.split('id="t-meme"')
    assert "Association Exemple Le Fil" in solved.split('id="t-resolu"')[1]
    assert "Association Exemple La Ruche" in same
    assert "<mark>bénévoles</mark>" in solved
    for card in page.split('<article class="asso">')[1:]:
        shares = [int(share) for share in re.findall(r"<dd>(\d+) %</dd>", card)]
        assert sum(shares) == 100
    assert "experte" in page


def test_only_who_agreed_can_be_asked(client: FlaskClient, ids: dict[str, str]) -> None:
    """A card offers a request, or says why there is none; never both."""
    page = client.get(f"/pairs?besoin={NEED}")
    cards = text_of(page).split('<article class="asso">')[1:]
    reachable = next(card for card in cards if "Le Fil" in card)
    pending = next(card for card in cards if "La Ruche" in card)
    assert f"organisation={ids['fil']}" in reachable
    assert "Demander une mise en relation" in reachable
    assert "Pas encore joignable : son accord n’a pas été recueilli." in pending
    assert "Demander une mise en relation" not in pending


def test_the_figure_says_in_words_what_it_draws(client: FlaskClient) -> None:
    """The network has a title and a description that names everybody in it."""
    page = text_of(client.get(f"/pairs?besoin={NEED}"))
    drawn = re.search(r"<svg class=\"reseau\".*?</svg>", page, re.S)
    assert drawn is not None
    assert 'role="img"' in drawn[0]
    described = re.search(r"<desc[^>]*>(.*?)</desc>", drawn[0])
    assert described is not None
    assert "Association Exemple Le Fil" in described[1]


def test_filters_narrow_and_unknown_ones_are_left_out(client: FlaskClient) -> None:
    """A region keeps its associations; a value that never existed changes nothing."""
    page = text_of(client.get(f"/pairs?besoin={NEED}&territory=hauts-de-france"))
    assert "Le Fil" in page
    assert "La Ruche" not in page
    assert "La Ruche" in text_of(client.get(f"/pairs?besoin={NEED}&territory=nulle-part&theme=rien"))


@pytest.mark.parametrize("need", ["zzzz", "\x00\x01", '"""(((', "ET OU SAUF", "le la les", "mot " * 3000])
def test_an_absurd_need_gets_a_helpful_page(client: FlaskClient, need: str) -> None:
    """Nobody is named at random; the page says what to try."""
    answer = client.get("/pairs", query_string={"besoin": need})
    assert answer.status_code == 200


def test_no_peer_says_what_next(client: FlaskClient) -> None:
    """An empty answer offers other ways, and keeps the need."""
    page = text_of(client.get("/pairs?besoin=zzzzqqqq&territory=bretagne"))
    assert "Personne n’a encore raconté cela ici" in page
    assert "Retirer le thème, le territoire et le public" in page
    assert "/partager?besoin=zzzzqqqq" in page
    assert ">zzzzqqqq</textarea>" in page or "\nzzzzqqqq</textarea>" in page


def test_peers_of_a_note_and_of_an_organisation(client: FlaskClient, ids: dict[str, str]) -> None:
    """The page can start from a note or from an association, and says so; an unknown one is not found."""
    assert "Rappeler le lundi" in text_of(client.get(f"/pairs?fiche={ids['note']}"))
    assert "Association Exemple Le Fil" in text_of(client.get(f"/pairs?organisation={ids['fil']}"))
    assert client.get("/pairs?fiche=inconnue22").status_code == 404
    assert client.get("/pairs?organisation=inconnue22").status_code == 404


def test_a_page_of_peers_asks_the_database_a_bounded_number_of_times(
    client: FlaskClient, max_queries: MaxQueries
) -> None:
    """However many peers, the number of statements does not grow."""
    client.get(f"/pairs?besoin={NEED}")
    with max_queries(3):
        client.get(f"/pairs?besoin={NEED}")


def test_a_request_shows_what_was_read_and_ticks_nothing(client: FlaskClient, ids: dict[str, str]) -> None:
    """The sentence is found again, and both agreements are left to the person."""
    page = text_of(client.get(f"/pairs/demande?organisation={ids['fil']}&fiche={ids['note']}&besoin={NEED}"))
    assert "Ce que vous avez lu d’eux" in page
    assert "reviennent</mark> quand on les rappelle" in page
    for name in ("agree_relay", "agree_exchange"):
        assert not re.search(rf'name="{name}"[^>]*checked', page)


def test_a_request_is_kept_for_an_editor_and_nothing_is_sent(
    client: FlaskClient, session_factory: Sessions, ids: dict[str, str]
) -> None:
    """The page that follows says that it waits; a second send keeps one request."""
    first, second = ask(client, ids["fil"]), ask(client, ids["fil"])
    assert (first.status_code, second.status_code) == (303, 303)
    page = words_of(client.get(first.location))
    assert "Votre demande est gardée" in page
    assert "Aucun message n’est encore parti" in page  # no mail server is set
    assert "camille@example.org" not in page
    with database.reading(session_factory) as session:
        (kept,) = session.scalars(select(Introduction)).all()
        assert kept.sentence.startswith("Les bénévoles reviennent")
        assert kept.need == NEED
        assert session.scalars(select(Contact.email).where(Contact.email.is_not(None))).all() == ["camille@example.org"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "camille@exemple"}, "email"),
        ({"context": ""}, "context"),
        ({"question": "x" * 4000}, "question"),
        ({"name": ""}, "name"),
        ({"preference": "pigeon"}, "preference"),
        ({"agree_relay": ""}, "agree_relay"),
        ({"agree_exchange": ""}, "agree_exchange"),
    ],
)
def test_a_mistake_is_told_and_the_rest_is_kept(
    client: FlaskClient, session_factory: Sessions, ids: dict[str, str], changes: dict[str, str], field: str
) -> None:
    """The summary comes first and links to the field; nothing typed is lost, nothing is kept by the site."""
    answer = ask(client, ids["fil"], **changes)
    assert answer.status_code == 422
    page = text_of(answer)
    assert f'href="#f-{field}"' in page
    assert f'id="f-{field}-erreur"' in page
    assert 'role="alert" tabindex="-1"' in page
    for name in {"context", "name"} - {field}:
        assert REQUEST[name] in page
    with database.reading(session_factory) as session:
        assert session.scalars(select(Introduction)).all() == []


def test_who_has_not_agreed_cannot_be_asked_even_by_a_forged_form(
    client: FlaskClient, session_factory: Sessions, ids: dict[str, str]
) -> None:
    """The page gives the reason instead of the form, and the server refuses what is sent all the same."""
    page = text_of(client.get(f"/pairs/demande?organisation={ids['ruche']}"))
    assert "son accord n’a pas été recueilli" in page
    assert "<textarea" not in page
    assert ask(client, ids["ruche"]).status_code >= 400
    with database.reading(session_factory) as session:
        assert session.scalars(select(Introduction)).all() == []


def test_a_form_token_too_old_keeps_the_message(session_factory: Sessions, tmp_path: Path, ids: dict[str, str]) -> None:
    """An expired page is shown again with its text."""
    app = make_app(session_factory, tmp_path)
    app.config["WTF_CSRF_ENABLED"] = True
    answer = ask(app.test_client(), ids["fil"], csrf_token="périmé")
    assert answer.status_code == 422
    assert "Nous perdons nos étudiants en mai." in text_of(answer)
    assert "restée ouverte longtemps" in text_of(answer)
