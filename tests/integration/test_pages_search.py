"""The search page, as a browser gets it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.models import NoteKind, Stance
from tests.builders import make_note, make_organisation, make_theme
from tests.web import make_client

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A browser over a dozen notes."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Fidéliser", key="fidelisation")
        organisation = make_organisation(session, "Association Exemple Le Fil", departement="59")
        for number in range(12):
            make_note(
                session,
                f"Accueillir par un repas {number}",
                themes=[theme],
                lived=[(organisation, Stance.FAILED if number else Stance.SOLVED)],
                worked="Le repas du soir.",
                failed="Le message groupé.",
            )
        make_note(session, "Programmer ses publications", kind=NoteKind.TOOL, date="2017", themes=[theme])
        make_note(session, "Une piste <script>alert(1)</script> & un piège", date="2025")
    return make_client(session_factory, tmp_path, per_page=5)


def read(client: FlaskClient, address: str) -> str:
    """A page's HTML, with plain spaces for the no-break ones."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def elements(page: str) -> dict[str, set[str]]:
    """The elements of a page, each with the attributes it has, read as a browser would."""
    found: dict[str, set[str]] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.setdefault(tag, set()).update(name for name, _ in attrs)

    Reader().feed(page)
    return found


def links(page: str, text: str) -> list[str]:
    """Addresses of the links that hold a text."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [html.unescape(href) for href, inside in found if text in re.sub(r"<[^>]+>", "", inside)]


def test_a_result_shows_what_worked_who_where_and_why(client: FlaskClient) -> None:
    """In the order of the eye: kind, title with marks, excerpt, what worked and not, who, where, shares of 100 %."""
    page = read(client, "/recherche?q=repas&stance=solved")
    assert "<title>repas : 1 fiche – Savoirs</title>" in page
    assert "par un <mark>repas</mark> 0</a></h3>" in page
    assert "A marché :</strong> Le repas du soir." in page
    assert "N’a pas marché :</strong> Le message groupé." in page
    assert "Association Exemple Le Fil" in page
    assert "Nord" in page
    assert "<dd>100 %</dd>" in page
    assert page.count('<details class="pourquoi" open>') == 1


def test_at_most_four_statements_whatever_the_page(client: FlaskClient, max_queries: MaxQueries) -> None:
    """The journal's number, the records and their names."""
    read(client, "/recherche")
    for address in ("/recherche?q=repas&theme=fidelisation&sort=title", "/recherche", "/recherche?q=introuvable"):
        with max_queries(4):
            read(client, address)


def test_facets_are_a_form_that_keeps_the_words(client: FlaskClient) -> None:
    """A GET form with counts, boxes ticked as in the address, the words as a hidden field, and a button."""
    page = read(client, "/recherche?q=repas&stance=failed")
    form = page[page.index('aria-label="Filtrer les résultats"') :]
    form = form[: form.index("</form>")]
    assert '<input type="hidden" name="q" value="repas">' in form
    assert re.search(r'name="stance" value="failed" checked><span>Échec utile</span> <b>11<', form)
    assert re.search(r'name="stance" value="need" disabled>', form)
    assert re.search(r'name="theme" value="fidelisation"><span>Fidéliser</span>', form)
    assert ">Appliquer</button>" in form


def test_each_filter_can_be_removed_and_all_can(client: FlaskClient) -> None:
    """A facet's filters are one chip whose link leaves them out; another link leaves all out."""
    page = read(client, "/recherche?q=repas&stance=failed&stance=solved&kind=practice&page=2")
    assert links(page, "Échec utile ou a trouvé une solution") == ["/recherche?q=repas&kind=practice"]
    assert links(page, "Pratiques")[-1] == "/recherche?q=repas&stance=failed&stance=solved"
    assert links(page, "Tout effacer") == ["/recherche?q=repas"]


def test_pages_are_real_links_that_keep_the_search(client: FlaskClient) -> None:
    """Each page has its address; a page beyond the last leads to the last."""
    page = read(client, "/recherche?q=repas&sort=title")
    assert links(page, "Page suivante") == ["/recherche?q=repas&sort=title&page=2"]
    assert "de 1 à 5 sur 12" in page
    assert "de 11 à 12 sur 12" in read(client, "/recherche?q=repas&page=3")
    answer = client.get("/recherche?q=repas&page=99")
    assert (answer.status_code, answer.location) == (302, "/recherche?q=repas&page=3")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "1e9", "99999999999999999999", "²"])
def test_a_page_that_makes_no_sense_is_the_first(client: FlaskClient, page: str) -> None:
    """People mistype addresses: the page answers all the same."""
    assert "de 1 à 5 sur 12" in client.get("/recherche", query_string={"q": "repas", "page": page}).text


def test_sorting_is_a_link_and_says_which_is_on(client: FlaskClient) -> None:
    """Every order has its address; the present one is no link. Without words there is no likeness to sort by."""
    page = read(client, "/recherche?q=repas")
    assert links(page, "récentes d’abord") == ["/recherche?q=repas&sort=newest"]
    assert '<strong aria-current="true">ressemblance</strong>' in page
    assert "ressemblance" not in read(client, "/recherche")


def test_what_was_left_out_is_said(client: FlaskClient) -> None:
    """A word of no note is listed, neither hidden nor searched in silence."""
    page = read(client, "/recherche?q=repas+introuvable")
    assert "Laissés de côté" in page
    assert "introuvable" in page[page.index("Laissés de côté") :]


def test_nothing_found_says_what_is_missing_and_what_next(client: FlaskClient) -> None:
    """The missing word, each filter to remove, a peer with these words, a note to write; no dead end."""
    page = read(client, "/recherche?q=introuvable&theme=fidelisation")
    assert "Personne n’a encore raconté cela ici." in page
    assert "<strong>introuvable</strong>" in page
    assert "/recherche?q=introuvable" in links(page, "Fidéliser")
    assert "/pairs?besoin=introuvable" in links(page, "Trouver un pair avec ces mots")
    assert "/partager" in links(page, "Raconter ce que vous essayez")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "{{ 7*7 }}",
        "</title><script>alert(1)</script>",
        "javascript:alert(1)",
        "repas\x00\x07\x1b[31m",
        '"""((((',
        "ET OU SAUF",
        "de la les",
        "é" * 10_000,
        "😀" * 500,
        "%s %(a)s {0} {a}",
        "\u202erepas",
    ],
)
@pytest.mark.parametrize("also", ["", "repas "])
def test_hostile_words_are_shown_as_words(client: FlaskClient, hostile: str, also: str) -> None:
    """Whatever is typed comes back as text: no tag of it, no attribute, no error."""
    answer = client.get("/recherche", query_string={"q": also + hostile})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert page.count("<script") == 1
    assert {"img", "iframe"}.isdisjoint(tags := elements(page))
    assert not [name for attributes in tags.values() for name in attributes if name.startswith(("on", "style"))]
    assert "{{ 7*7 }}" in html.unescape(page) or "7*7" not in hostile


def test_titles_of_notes_are_escaped(client: FlaskClient) -> None:
    """A title is text, in the result, its address and its hidden repetition."""
    page = read(client, "/recherche?q=piste")
    assert "&lt;script&gt;" in page
    assert page.count("<script") == 1


def test_an_unknown_filter_is_refused_with_a_page(client: FlaskClient) -> None:
    """Only enumerated values are refused, and with words."""
    answer = client.get("/recherche?kind=zzz")
    assert answer.status_code == 400
    assert "<h1>" in answer.text


def test_an_old_tool_is_to_recheck(client: FlaskClient) -> None:
    """What was only cited in 2017 says so."""
    assert "cité en 2017, à revérifier" in read(client, "/recherche?q=publications")


def test_an_empty_search_lists_all_and_helps(client: FlaskClient) -> None:
    """Everything published, with examples to try and no reasons."""
    page = read(client, "/recherche")
    assert "<h1>Toutes les fiches</h1>" in page
    assert links(page, "apprendre à coder") == ["/recherche?q=apprendre+%C3%A0+coder"]
    assert "Pourquoi ce résultat" not in page
