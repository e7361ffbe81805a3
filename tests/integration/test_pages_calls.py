"""Calls as browsers get them: from a search that found nothing to the note that the next search finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, links
from savoirs.models import Call, CallStatus, Contact, Letter, Note, Role, Stance
from tests.builders import make_account, make_call, make_contact, make_note, make_organisation, make_theme
from tests.canaries import ADDRESSES
from tests.fakes import WordEngine
from tests.signing_in import signed_in
from tests.web import make_app, make_client

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]

SEARCH = "covoiturage brumiflex"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser."""
    return make_client(session_factory, tmp_path / "data")


@pytest.fixture
def editor(client: FlaskClient, session_factory: Sessions) -> FlaskClient:
    """The browser of somebody who lets calls through, on the same site."""
    with database.transaction(session_factory) as session:
        make_account(session, "relectrice", role=Role.EDITOR)
    return signed_in(client.application.test_client(), session_factory, "relectrice")


def plain(text: str) -> str:
    """A page with plain spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def launched(client: FlaskClient, sessions: Sessions, **values: str) -> Call:
    """A call launched from a search that found nothing, with what its form had."""
    page = client.get(f"/recherche?q={SEARCH}").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    question = re.search(r'<textarea[^>]*name="question"[^>]*>\n([^<]+)</textarea>', page)
    assert token is not None
    assert question is not None
    sent = {"token": token[1], "search": SEARCH, "question": question[1]} | values
    for _ in range(2):
        answer = client.post("/appels/nouveau", data=sent)
        assert (answer.status_code, answer.location) == (303, "/appels/garde")
    with database.reading(sessions) as session:
        return session.scalars(select(Call)).one()


def test_an_empty_search_becomes_a_call_that_the_next_search_answers(
    client: FlaskClient, editor: FlaskClient, session_factory: Sessions
) -> None:
    """One click, an editor's word, a note: the same search finds it."""
    call = launched(client, session_factory)
    assert SEARCH.split()[1] in call.question
    assert client.get(f"/appels/{call.id}").status_code == 404
    assert call.question.split(" ?")[0] in plain(editor.get("/moderation").text)
    review = editor.get(f"/moderation/appels/{call.id}")
    assert review.status_code == 200
    answer = editor.post(f"/moderation/appels/{call.id}/publier", data={"question": call.question, "context": ""})
    assert answer.status_code == 303
    assert call.id in client.get("/appels").text
    assert call.id in client.get("/").text
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Mobilité", key="mobilite")
        assert theme.key
    page = client.get(f"/partager?appel={call.id}").text
    assert f'name="call" value="{call.id}"' in page
    assert "Vous répondez à cet appel" in page
    note = {
        "kind": "practice",
        "title": "Partager les trajets",
        "action": "Un tableau des voitures.",
        "themes": "mobilite",
    }
    preview = client.post("/partager", data=note | {"call": call.id, "step": "preview"}).text
    assert f'name="call" value="{call.id}"' in preview
    assert client.post("/partager", data=note | {"call": call.id, "step": "publish"}).status_code == 303
    assert "Pas encore de réponse" in plain(client.get(f"/appels/{call.id}", follow_redirects=True).text)
    with database.reading(session_factory) as session:
        written = session.scalars(select(Note)).one()
    assert editor.post(f"/moderation/fiches/{written.id}/publier").status_code == 303
    assert "Partager les trajets" in client.get(f"/appels/{call.id}", follow_redirects=True).text
    assert "Partager les trajets" in client.get(f"/recherche?q={SEARCH}").text
    assert "Répond à l’appel" in plain(client.get(f"/fiches/{written.id}", follow_redirects=True).text)


def test_who_would_be_told_is_shown_before_sending(client: FlaskClient, session_factory: Sessions) -> None:
    """With the sentence that makes each the one; nobody who did not agree."""
    with database.transaction(session_factory) as session:
        near = make_organisation(session, "Association Exemple Grand Chemin")
        mute = make_organisation(session, "Association Exemple Muette")
        make_contact(session, near, email=ADDRESSES[0])
        for organisation in (near, mute):
            lived = [(organisation, Stance.SOLVED)]
            make_note(session, "Nos trajets", lived=lived, action="Nos visites dépendent du covoiturage des voisins.")
    page = plain(client.get("/appels/nouveau?q=covoiturage").text)
    assert "Une association le recevra" in page
    assert "Association Exemple Grand Chemin" in page
    assert "Association Exemple Muette" not in page
    assert "<mark>covoiturage</mark>" in page
    assert ADDRESSES[0] not in page


def test_mistakes_keep_what_was_written(client: FlaskClient, session_factory: Sessions) -> None:
    """Near their fields; nothing is kept."""
    answer = client.post(
        "/appels/nouveau",
        data={"question": "Écrire à ana@example.org ?", "context": "Un village.", "email": "ana@example.org"},
    )
    assert answer.status_code == 422
    page = plain(answer.text)
    assert "Il y a une adresse e-mail ici" in page
    assert "Cochez la case pour être prévenu" in page
    assert "Un village." in page
    with database.reading(session_factory) as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 0


def test_an_asker_confirms_their_address_then_closes_the_call(
    client: FlaskClient, editor: FlaskClient, session_factory: Sessions
) -> None:
    """Following the link changes nothing; each button once; the address is erased at the end."""
    call = launched(client, session_factory, email=ADDRESSES[0], agreed="y")
    editor.post(f"/moderation/appels/{call.id}/publier", data={"question": call.question})
    address = f"/appels/suivi/{links.sign('a key of the tests', 'call.follow', call.id)}"
    page = plain(client.get(address).text)
    assert "Confirmez que cette adresse est la vôtre" in page
    assert ADDRESSES[0] not in page
    for _ in range(2):
        assert client.post(f"{address}/confirmer").status_code == 303
    assert "Vous serez prévenu à chaque réponse" in plain(client.get(address).text)
    for _ in range(2):
        assert client.post(f"{address}/fermer").status_code == 303
    with database.reading(session_factory) as session:
        assert session.scalars(select(Contact)).all() == []
        assert session.scalars(select(Letter)).all() == []
        assert session.scalars(select(Call.status)).one() == CallStatus.CLOSED
    assert client.post(f"{address}/confirmer").status_code == 400
    assert client.get("/appels/suivi/un-lien-qui-n-ouvre-rien").status_code == 404


def test_only_who_asked_or_an_editor_closes_a_call(
    client: FlaskClient, editor: FlaskClient, session_factory: Sessions
) -> None:
    """A visitor is asked to sign in; another member is refused."""
    with database.transaction(session_factory) as session:
        own = make_account(session, "membre", organisation=make_organisation(session))
        make_account(session, "autre", organisation=make_organisation(session))
        mine, other = make_call(session, account_id=own.id), make_call(session)
    assert client.post(f"/appels/{mine.id}/fermer").status_code == 403
    member = signed_in(client.application.test_client(), session_factory, "membre")
    assert member.post(f"/appels/{other.id}/fermer").status_code == 403
    assert member.post(f"/appels/{mine.id}/fermer").status_code == 303
    assert editor.post(f"/appels/{other.id}/fermer").status_code == 303
    with database.reading(session_factory) as session:
        assert set(session.scalars(select(Call.status))) == {CallStatus.CLOSED}


def test_a_call_not_let_through_is_erased_of_its_address(
    client: FlaskClient, editor: FlaskClient, session_factory: Sessions
) -> None:
    """And is on no page."""
    call = launched(client, session_factory, email=ADDRESSES[0], agreed="y")
    assert editor.post(f"/moderation/appels/{call.id}/refuser").status_code == 303
    with database.reading(session_factory) as session:
        assert session.scalars(select(Contact)).all() == []
    assert client.get(f"/appels/{call.id}").status_code == 404


def test_the_feed_is_valid_atom_without_an_address(client: FlaskClient, session_factory: Sessions) -> None:
    """Each entry has what RFC 4287 asks: an id that does not change, a title, a moment, an author."""
    with database.transaction(session_factory) as session:
        shown = make_organisation(session, "Association Exemple Le Fil")
        anonymous = make_call(session, "Qui a <vécu> cela & ceci \ufffe ?")
        named = make_call(session, organisation_id=shown.id)
        make_call(session, status=CallStatus.WAITING)
    answer = client.get("/appels.atom")
    assert answer.mimetype == "application/atom+xml"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    feed = ET.fromstring(answer.data)  # noqa: S314  (our own)
    entries = feed.findall(f"{ATOM}entry")
    assert {entry.findtext(f"{ATOM}id", "").rpartition("/")[2] for entry in entries} == {anonymous.id, named.id}
    for one in (feed, *entries):
        assert one.findtext(f"{ATOM}title")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.findtext(f"{ATOM}updated", ""))
    assert {entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries} == {"Demande anonyme", shown.name}
    again = client.get("/appels.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_feed_is_made_again_only_when_something_changed(
    client: FlaskClient, session_factory: Sessions, max_queries: MaxQueries
) -> None:
    """One statement says that nothing did; a new call is there at once."""
    assert client.get("/appels.atom").status_code == 200
    with max_queries(1):
        client.get("/appels.atom")
    with database.transaction(session_factory) as session:
        call = make_call(session)
    assert call.id in client.get("/appels.atom").text


def test_pages_of_calls_cost_few_statements(
    client: FlaskClient, session_factory: Sessions, max_queries: MaxQueries
) -> None:
    """Whatever their number."""
    with database.transaction(session_factory) as session:
        asked = [make_call(session, theme_id=make_theme(session).id) for _ in range(12)]
    client.get("/recherche")
    for path in (
        "/",
        "/appels",
        f"/appels/{asked[0].id}",
        f"/pairs?appel={asked[0].id}",
        f"/partager?appel={asked[0].id}",
    ):
        with max_queries(4 + path.startswith("/partager")):
            assert client.get(path, follow_redirects=True).status_code == 200, path


def test_a_need_without_a_peer_offers_a_call(client: FlaskClient) -> None:
    """Rather than naming somebody at random."""
    page = plain(client.get("/pairs?besoin=brumiflex").text)
    assert "Personne n’a encore raconté cela ici" in page
    assert 'href="/appels/nouveau?q=brumiflex"' in page


def test_peers_start_from_a_call(client: FlaskClient, session_factory: Sessions) -> None:
    """Its question is the need; one that is not let through is not found."""
    with database.transaction(session_factory) as session:
        call = make_call(session, "Qui a tenté le covoiturage ?")
        hidden = make_call(session, status=CallStatus.WAITING)
        organisation = make_organisation(session, "Association Exemple Grand Chemin")
        make_note(session, "Le covoiturage", lived=[(organisation, Stance.SOLVED)])
    page = client.get(f"/pairs?appel={call.id}").text
    assert "Association Exemple Grand Chemin" in page
    assert "Qui a tenté le covoiturage ?" in plain(page)
    assert client.get(f"/pairs?appel={hidden.id}").status_code == 404


def test_few_results_say_that_the_network_can_be_asked(client: FlaskClient, session_factory: Sessions) -> None:
    """Before them; many results say it after."""
    with database.transaction(session_factory) as session:
        make_note(session, "Le covoiturage")
    page = plain(client.get("/recherche?q=covoiturage").text)
    assert page.index("Posez la question au réseau") < page.index("article")


def test_a_broken_engine_still_takes_a_call(session_factory: Sessions, tmp_path: Path) -> None:
    """Nobody is foreseen; the form is there."""

    class Away(WordEngine):
        def poll(self, feed: object) -> bool:  # noqa: ARG002
            return False

    client = make_app(session_factory, tmp_path / "data", engine=Away()).test_client()
    page = plain(client.get("/appels/nouveau?q=covoiturage").text)
    assert "Tout le réseau le lira" in page
    assert client.post("/appels/nouveau", data={"question": "Qui ?"}).status_code == 303


def test_calls_are_asked_by_nobody_in_particular(client: FlaskClient, session_factory: Sessions) -> None:
    """A member's call is anonymous unless they tick that it is not."""
    with database.transaction(session_factory) as session:
        make_account(session, "membre", organisation=make_organisation(session, "Association Exemple Le Fil"))
    signed_in(client, session_factory, "membre")
    for question, named in (("La première ?", ""), ("La seconde ?", "y")):
        client.post("/appels/nouveau", data={"question": question, "named": named} if named else {"question": question})
    with database.reading(session_factory) as session:
        shown = {call.question: call.organisation_id is not None for call in session.scalars(select(Call))}
    assert shown == {"La première ?": False, "La seconde ?": True}


def test_the_feed_is_for_shared_caches_where_the_site_has_a_name(session_factory: Sessions, tmp_path: Path) -> None:
    """Its addresses are then the site's, whatever its reader calls it."""
    base = "https://savoirs.example.org"
    client = make_client(session_factory, tmp_path / "named", base_url=base)
    with database.transaction(session_factory) as session:
        call = make_call(session)
    answer = client.get("/appels.atom", headers={"Host": "ailleurs.example.org"})
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert f"<id>{base}/appels/{call.id}</id>" in answer.text
    assert "ailleurs" not in answer.text
