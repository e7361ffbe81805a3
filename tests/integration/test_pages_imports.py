"""« Importer »: files of a form, one sentence for each that is refused, a review one may leave, originals apart."""

from __future__ import annotations

import io
import resource
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import EnvironBuilder, TestResponse

from savoirs import database
from savoirs.models import Import, ImportState, Note, NoteStatus, Role, Source
from tests.builders import make_account, make_theme
from tests.documents.hostile_files import REFUSED
from tests.pages import text_of, words_of
from tests.sending import ADVICE, DAY, MEETING, read_all, send
from tests.signing_in import signed_in
from tests.web import make_client
from web.addresses import source_url
from web.import_words import size

Sessions = sessionmaker[Session]
At = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture(name="editor")
def _editor(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """An editor's browser, on a base with a theme; there is a member too."""
    with database.transaction(session_factory) as session:
        make_theme(session, "Accueil", key="accueil")
        make_account(session, "editor", role=Role.EDITOR)
        make_account(session, "member")
        make_account(session, "elsewhere")
    return signed_in(make_client(session_factory, tmp_path, writes_per_hour=10**6), session_factory, "editor")


def of(client: FlaskClient, sessions: Sessions, login: str) -> FlaskClient:
    """Another person's browser."""
    return signed_in(client.application.test_client(), sessions, login)


def posted(client: FlaskClient, *paths: Path) -> TestResponse:
    """Send files."""
    files = [(io.BytesIO(path.read_bytes()), path.name) for path in paths]
    form = EnvironBuilder(path="/importer", method="POST", data={"files": files}, content_type="multipart/form-data")
    sent = form.get_request()
    answer = client.open(sent)
    sent.environ["wsgi.input"].close()  # a large one is a file of the test's own
    return answer


def originals(folder: Path) -> list[Path]:
    """The files that are kept."""
    return [path for path in (folder / "originals").rglob("*") if path.is_file()]


def rows(sessions: Sessions) -> list[Import]:
    """All imports."""
    with database.reading(sessions) as session:
        return list(session.scalars(select(Import).order_by(Import.name)))


def test_limits_are_told_before_anything_is_sent(editor: FlaskClient) -> None:
    """Those of the settings, in words."""
    page = words_of(editor.get("/importer"))
    assert "20 Mo et 500 pages au plus par fichier, 100 fichiers au plus à la fois, 1 Go en tout." in page
    assert "PDF, Word, OpenDocument, PowerPoint, Excel, HTML, Markdown, texte ou CSV." in page


@pytest.mark.parametrize(
    ("size_bytes", "words"), [(1, "1 Ko"), (200_000, "200 Ko"), (1_500_000, "1,5 Mo"), (2_000_000_000, "2 Go")]
)
def test_sizes_are_said_as_people_say_them(size_bytes: int, words: str) -> None:
    """A comma, and no zero for nothing."""
    assert size(size_bytes) == words


def test_importing_asks_for_an_account(session_factory: Sessions, tmp_path: Path) -> None:
    """A visitor is sent to sign in, and nothing is read of what they send."""
    client = make_client(session_factory, tmp_path)
    assert client.get("/importer").status_code == 403
    assert posted(client, DAY).status_code == 403
    assert originals(tmp_path) == []


def test_a_small_file_is_reviewed_at_once(editor: FlaskClient, session_factory: Sessions) -> None:
    """Its proposals, how sure each is, what decided it, its lines."""
    answer = posted(editor, DAY)
    assert answer.status_code == 303
    page = editor.get(answer.location or "")
    words = words_of(page)
    for told in (
        "Relire « rencontre-exemple-2023.txt »",
        "Tout accepter (47)",
        "très probable",
        "Repérée par l’heure en début de ligne : 9h , accueil .",
        "lignes 52 à 79",
        "Voir le passage",
    ):
        assert told in words
    assert '<li id="l70">' in text_of(page)
    assert "@" not in words


def test_a_piece_is_accepted_then_opens_its_record_and_its_passage(
    editor: FlaskClient, session_factory: Sessions
) -> None:
    """The note says its lines; the document shows them, marked."""
    page = posted(editor, DAY).location or ""
    key = next(one["key"] for one in rows(session_factory)[0].pieces if one["title"].startswith("Remercier"))
    answer = editor.post(f"{page}/accepter", data={"piece": key})
    assert (answer.status_code, answer.location) == (303, f"{page}#{key}")
    review = editor.get(page)
    assert "1 proposition acceptée." in words_of(review)
    with database.reading(session_factory) as session:
        note = session.scalars(select(Note)).one()
        source = session.scalars(select(Source)).one()
    note_page = editor.get(f"/fiches/{note.id}", follow_redirects=True)
    passage = f"/sources/{source.id}-rencontre-des-associations-du-canal-2023?lignes=72-72#l72"
    assert passage in text_of(note_page)
    visitor = editor.application.test_client()
    document = visitor.get(passage)
    assert "<mark>- Remercier par une carte" in text_of(document)
    assert "@" not in words_of(document)
    assert "Fichier d’origine" not in words_of(document)
    assert visitor.get(f"/sources/{source.id}").status_code == 301
    assert visitor.get("/sources/aaaaaaaaaa").status_code == 404


def test_a_second_click_makes_nothing_twice(editor: FlaskClient, session_factory: Sessions) -> None:
    """Nor does the same file sent again."""
    page = posted(editor, ADVICE).location or ""
    for _ in range(2):
        assert editor.post(f"{page}/accepter").status_code == 303
    assert posted(editor, ADVICE).location == page
    with database.reading(session_factory) as session:
        made = session.scalar(select(func.count()).select_from(Note))
    assert made == sum(one["kind"] in ("practice", "tool", "report") for one in rows(session_factory)[0].pieces)
    assert "Tout est relu. Merci." in words_of(editor.get(page))


def test_what_is_known_is_told_with_its_record(editor: FlaskClient, session_factory: Sessions) -> None:
    """Somebody else who sends the same file is shown what came of it."""
    page = posted(editor, DAY).location or ""
    editor.post(f"{page}/accepter")
    member = of(editor, session_factory, "member")
    answer = member.get(posted(member, DAY).location or "")
    words = words_of(answer)
    assert "déjà connue" in words
    assert "Tout accepter" not in words
    assert 'href="/fiches/' in text_of(answer)


def test_a_note_told_already_is_warned_of(editor: FlaskClient, session_factory: Sessions, tmp_path: Path) -> None:
    """By its words, in another document."""
    text = "Les permanences du mardi débordent depuis janvier : huit personnes ont attendu plus d’une heure, deux sont "
    text += "reparties sans être reçues. Une seconde permanence ouvre le jeudi matin, avec deux bénévoles, à l’essai."
    for name, title in (("un.txt", "Une seconde permanence"), ("deux.txt", "Ouvrir le jeudi aussi")):
        path = tmp_path / name
        path.write_text(f"{title}\n\n{text}\n", "utf-8")
        page = posted(editor, path).location or ""
        if name == "un.txt":
            editor.post(f"{page}/accepter")
    assert "Peut-être déjà raconté : Une seconde permanence" in words_of(editor.get(page))


def test_a_correction_is_kept_and_a_mistake_is_told_beside_its_field(
    editor: FlaskClient, session_factory: Sessions
) -> None:
    """Leaving and coming back finds it; what is wrong keeps what was typed."""
    page = posted(editor, DAY).location or ""
    key = next(one["key"] for one in rows(session_factory)[0].pieces if one["title"].startswith("Remercier"))
    form = f"{page}/corriger/{key}"
    asked = {"title": "Dire merci par écrit", "kind": "practice", "first": "72", "last": "73", "theme": "accueil"}
    assert editor.post(form, data=asked).status_code == 303
    assert "Dire merci par écrit" in words_of(editor.get(page))
    wrong = editor.post(form, data=asked | {"title": "Mon titre", "organisation": "Association Inconnue"})
    assert wrong.status_code == 422
    assert "n’est ni dans Savoirs ni dans ce document" in words_of(wrong)
    assert 'value="Mon titre"' in text_of(wrong)
    assert editor.post(form, data=asked | {"first": "x"}).status_code == 422
    assert editor.post(form, data={"step": "split", "line": "7"}).status_code == 422
    assert editor.post(form, data={"step": "merge"}).status_code == 303
    assert editor.get(f"{page}/corriger/p9999").status_code == 404


def test_several_files_each_have_their_outcome(editor: FlaskClient, session_factory: Sessions, tmp_path: Path) -> None:
    """What is wrong with one takes nothing from the others."""
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42")
    void = tmp_path / "vide.txt"
    void.touch()
    answer = posted(editor, DAY, film, ADVICE, void)
    words = words_of(answer)
    assert answer.status_code == 422
    assert "2 fichiers n’ont pas été pris" in words
    assert "« film.mp4 » n’est pas d’un type que Savoirs sait lire." in words
    assert "« vide.txt » est vide." in words
    assert "Les 2 autres sont reçus : ils sont plus bas." in words
    assert [row.name for row in rows(session_factory)] == [ADVICE.name, DAY.name]


def test_too_many_files_are_told_and_none_is_taken(
    editor: FlaskClient, session_factory: Sessions, tmp_path: Path
) -> None:
    """500 at once: nothing half done."""
    files = [(io.BytesIO(b"un texte"), f"texte-{number}.txt") for number in range(500)]
    answer = editor.post("/importer", data={"files": files}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "500 fichiers d’un coup, c’est trop : 100 au plus." in words_of(answer)
    assert (rows(session_factory), originals(tmp_path)) == ([], [])


def test_files_too_heavy_are_not_read(session_factory: Sessions, tmp_path: Path) -> None:
    """One that is too large is told; a form beyond all limits is not even taken in."""
    with database.transaction(session_factory) as session:
        make_account(session, "member")
    client = make_client(session_factory, tmp_path, import_max_bytes=10_000, import_max_files=2)
    signed_in(client, session_factory, "member")
    heavy = tmp_path / "lourd.txt"
    heavy.write_text("mot " * 4_000, "utf-8")
    answer = posted(client, heavy)
    assert answer.status_code == 422
    assert "« lourd.txt » dépasse 10 000 octets." in words_of(answer)
    heavy.write_text("mot " * 40_000, "utf-8")
    answer = posted(client, heavy)
    assert answer.status_code == 413
    assert "Ces fichiers dépassent 20 Ko à eux tous." in words_of(answer)
    assert posted(client).status_code == 422
    assert (rows(session_factory), originals(tmp_path)) == ([], [])


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_a_hostile_file_gets_one_sentence_and_leaves_nothing(
    editor: FlaskClient, session_factory: Sessions, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    """The server stays as it is, and no file is kept."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    path = make(folder)
    editor.get("/importer")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = posted(editor, path)
    read_all(session_factory, tmp_path)
    words = words_of(editor.get(answer.location) if answer.location else answer)
    assert f"« {path.name} »" in words
    assert "…" not in words.split(f"« {path.name} »")[1][:300]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < path.stat().st_size + 50_000_000
    assert originals(tmp_path) == []
    assert [row.state for row in rows(session_factory)] in ([], [ImportState.FAILED])
    with database.reading(session_factory) as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0
    assert "Traceback" not in words


def test_a_file_that_waits_says_that_one_may_leave(
    editor: FlaskClient, session_factory: Sessions, tmp_path: Path
) -> None:
    """It refreshes by itself without a script, can be cancelled, and is there when one comes back."""
    with database.reading(session_factory) as session:
        account = session.scalars(select(Import.account_id)).first()
    assert account is None
    with database.transaction(session_factory) as session:
        from savoirs import accounts

        who = accounts.get(session, "editor")
    id_ = send(session_factory, tmp_path, MEETING, who)
    page = editor.get(f"/importer/{id_}")
    assert "Vous pouvez quitter cette page" in words_of(page)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text_of(page)
    assert "Vous pouvez quitter cette page" in words_of(editor.get("/importer"))
    assert editor.post(f"/importer/{id_}/accepter").status_code == 400
    assert editor.post(f"/importer/{id_}/annuler").status_code == 303
    assert "annulé" in words_of(editor.get(f"/importer/{id_}"))
    assert originals(tmp_path) == []
    assert editor.post(f"/importer/{id_}/retirer").status_code == 303
    assert editor.get(f"/importer/{id_}").status_code == 404


def test_only_failures_that_may_go_better_are_tried_again(
    editor: FlaskClient, session_factory: Sessions, tmp_path: Path
) -> None:
    """One button for all of them."""
    page = posted(editor, ADVICE).location or ""
    with database.transaction(session_factory) as session:
        row = session.scalars(select(Import)).one()
        row.state, row.error_code, row.error_params = ImportState.FAILED, "document_too_slow", {"name": row.name}
    words = words_of(editor.get("/importer"))
    assert "a demandé trop de temps" in words
    assert "Réessayer celui dont la lecture s’est arrêtée" in words
    assert editor.post("/importer/reessayer").status_code == 303
    assert rows(session_factory)[0].state is ImportState.QUEUED
    read_all(session_factory, tmp_path)
    assert "Tout accepter" in words_of(editor.get(page))


def test_a_member_s_import_is_theirs_and_editors(editor: FlaskClient, session_factory: Sessions) -> None:
    """Nobody else's; a member makes notes only, and takes no original."""
    member = of(editor, session_factory, "member")
    page = posted(member, DAY).location or ""
    review = words_of(member.get(page))
    assert "Vos fiches attendront qu’une personne les relise." in review
    assert "Fichier d’origine" not in review
    member.post(f"{page}/accepter")
    with database.reading(session_factory) as session:
        assert set(session.scalars(select(Note.status))) == {NoteStatus.PENDING}
        source = session.scalars(select(Source)).one()
    for address in (page, f"{page}/original"):
        assert of(editor, session_factory, "elsewhere").get(address).status_code == 403
    assert member.get(f"{page}/original").status_code == 403
    assert member.get(f"/sources/{source.id}", follow_redirects=True).status_code == 200
    assert editor.application.test_client().get(f"/sources/{source.id}").status_code == 404
    assert "Envoyés par d’autres" in words_of(editor.get("/importer"))
    assert "Tout accepter" in words_of(editor.get(page))


def test_an_original_is_saved_never_shown(editor: FlaskClient, session_factory: Sessions, tmp_path: Path) -> None:
    """An attachment of no type in a sandbox, for editors; one who deletes it keeps all that was made of it."""
    page = posted(editor, DAY).location or ""
    editor.post(f"{page}/accepter")
    with database.reading(session_factory) as session:
        source = session.scalars(select(Source)).one()
    for address in (f"{page}/original", f"/sources/{source.id}/original"):
        answer = editor.get(address)
        assert answer.get_data() == DAY.read_bytes()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"
        answer.close()
    member = of(editor, session_factory, "member")
    assert member.get(f"/sources/{source.id}/original").status_code == 403
    assert member.post(f"/sources/{source.id}/original/supprimer").status_code == 403
    assert editor.post(f"/sources/{source.id}/original/supprimer").status_code == 303
    assert originals(tmp_path) == []
    assert "Il n’est pas gardé." in words_of(editor.get(f"/sources/{source.id}", follow_redirects=True))
    assert editor.get(f"/sources/{source.id}/original").status_code == 404


def test_a_review_asks_the_database_a_bounded_number_of_times(
    editor: FlaskClient, session_factory: Sessions, tmp_path: Path, max_queries: At
) -> None:
    """Whatever the document proposes; so does the list of files, and a document's page."""
    page = posted(editor, DAY).location or ""
    posted(editor, ADVICE)
    editor.post(f"{page}/accepter")
    editor.get(page)
    with max_queries(24):
        editor.get(page)
    with max_queries(5):
        editor.get("/importer")
    with database.reading(session_factory) as session:
        source = session.scalars(select(Source)).one()
    with max_queries(4):
        assert editor.get(source_url(source.id, source.title)).status_code == 200


def test_where_one_would_look_there_is_a_link(editor: FlaskClient, session_factory: Sessions) -> None:
    """« Partager », « Mon espace » and « À relire »; a visitor, who cannot, is not shown it."""
    for address in ("/partager", "/mon-espace", "/moderation"):
        assert 'href="/importer"' in text_of(editor.get(address))
    assert 'href="/importer"' not in text_of(editor.application.test_client().get("/partager"))
