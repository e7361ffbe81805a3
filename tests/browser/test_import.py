"""Importing in a browser: files dropped or chosen, a reading that one leaves and finds again, a review to its end."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from savoirs import database
from savoirs.models import Import, ImportState
from savoirs.models.base import utc_now
from tests.browser.conftest import OpenBrowser
from tests.browser.import_places import account
from tests.browser.phone import HEIGHT, WIDTH
from tests.browser.site import EDITOR, MEMBER, OTHER_EDITOR, Site
from tests.sending import send

FILM = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"\0\0\0\x18ftypmp42"}


def text_file(name: str, word: str) -> dict[str, object]:
    """A short report, told apart from any other by a word."""
    text = f"Ouvrir un {word} le mardi\n\nLe {word} du mardi réunit douze personnes, et trois bénévoles y viennent."
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def choose(page: Page, *files: object) -> None:
    """Choose files, and send them."""
    page.get_by_label("Choisissez vos fichiers").set_input_files(list(files))  # type: ignore[arg-type]
    page.get_by_role("button", name="Envoyer").click()


def test_drop_or_choose_files(open_browser: OpenBrowser, javascript: bool) -> None:
    """Limits are told before, an error per file after; with scripts files are dropped too, and looked at at once."""
    page = open_browser(javascript=javascript, account=EDITOR)
    page.goto("/importer")
    expect(page.locator("#limites")).to_contain_text("20 Mo et 500 pages au plus par fichier, 100 fichiers au plus")
    word = "bricolou" if javascript else "bricolet"
    choose(page, text_file(f"{word}.txt", word), FILM)
    expect(page.get_by_role("alert")).to_contain_text("« film.mp4 » n’est pas d’un type que Savoirs sait lire.")
    expect(page.get_by_role("alert")).to_contain_text("L’autre est reçu : il est plus bas.")
    expect(page.get_by_role("link", name=f"{word}.txt")).to_be_visible()
    if not javascript:
        return
    page.goto("/importer")
    dropped = page.evaluate_handle(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["Un potager sur le toit, avec les voisins."], "potager.txt"));
            files.items.add(new File([""], "vide.txt"));
            return files;
        }"""
    )
    page.dispatch_event("#depot", "drop", {"dataTransfer": dropped})
    expect(page.locator("#choisis")).to_contain_text("potager.txt, 1 Ko")
    expect(page.locator("#choisis")).to_contain_text("vide.txt, 1 Ko : il est vide")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("« vide.txt » est vide.")
    expect(page.get_by_role("link", name="potager.txt")).to_be_visible()


def test_long_import_can_be_left(open_browser: OpenBrowser, site: Site, tmp_path: Path) -> None:
    """A page says so and follows by itself; each file has its outcome; only the failures are tried again."""
    ids = []
    for name in ("long.txt", "arrete.txt", "vierge.txt"):
        path = tmp_path / name
        path.write_text(f"Un récit nommé {name}\n\nIl raconte une journée entière au jardin, avec vingt voisins.")
        ids.append(send(site.sessions, site.settings.data_dir, path, account(site, OTHER_EDITOR)))
        state(site, ids[-1], ImportState.READING)
    page = open_browser(account=OTHER_EDITOR)
    page.goto(f"/importer/{ids[0]}")
    expect(page.get_by_text("Vous pouvez quitter cette page")).to_be_visible()
    page.goto("/")
    state(site, ids[1], ImportState.FAILED, "document_too_slow")
    state(site, ids[2], ImportState.FAILED, "document_no_text")
    page.goto("/importer")
    expect(page.get_by_text("« arrete.txt » a demandé trop de temps")).to_be_visible()
    expect(page.get_by_text("« vierge.txt » ne contient aucun texte")).to_be_visible()
    page.get_by_role("button", name="Réessayer celui dont la lecture s’est arrêtée").click()
    row = page.get_by_role("listitem").filter(has_text="arrete.txt")
    expect(row).to_contain_text("lu, ")  # the server has read it beside, and the page has followed
    expect(page.get_by_text("« vierge.txt » ne contient aucun texte")).to_be_visible()
    page.goto(f"/importer/{ids[0]}")
    state(site, ids[0], ImportState.READING, over=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relire")


def test_a_document_becomes_notes(open_browser: OpenBrowser, javascript: bool) -> None:
    """Sent, corrected, left, found again, accepted, read, and traced back to its lines."""
    page = open_browser(javascript=javascript, account=EDITOR)
    word = "troquodrome" if javascript else "troquothèque"
    page.goto("/mon-espace")
    page.get_by_role("link", name="Importer des documents").click()
    choose(page, text_file(f"{word}.txt", word))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relire")
    page.get_by_role("link", name="Corriger").first.click()
    page.get_by_label("Titre").fill(f"Tenir un {word}")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("corrigée à la main")).to_be_visible()
    page.goto("/importer")
    page.get_by_role("link", name=f"{word}.txt").click()
    page.get_by_role("button", name=f"Accepter : Tenir un {word}").click()
    page.get_by_role("link", name=f"Tenir un {word}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Tenir un {word}")
    page.get_by_role("link", name="Lire ce passage dans le document").click()
    expect(page.locator("mark").filter(has_text=word).first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/sources/.*\?lignes=\d+-\d+#l\d+$"))


def test_a_member_s_notes_wait(open_browser: OpenBrowser) -> None:
    """On a phone, proposals come first and the document stays folded."""
    page = open_browser(account=MEMBER, viewport={"width": WIDTH, "height": HEIGHT})
    page.goto("/importer")
    choose(page, text_file("membre.txt", "patiotruc"))
    expect(page.get_by_text("Vos fiches attendront")).to_be_visible()
    expect(page.get_by_role("list", name="Lignes du document")).to_be_hidden()
    page.get_by_text("Voir le passage").first.click()
    page.get_by_role("button", name=re.compile("^Tout accepter")).click()
    expect(page.get_by_text("Une personne relira vos fiches")).to_be_visible()


def state(site: Site, id_: str, value: ImportState, code: str = "", *, over: bool = False) -> None:
    """Put an import in a state, in the hands of another for an hour, or no longer."""
    with database.transaction(site.sessions) as session:
        row = session.get_one(Import, id_)
        hour = dt.timedelta(hours=1)
        row.state, row.claimed_until = value, utc_now() + (-hour if over else hour)
        row.error_code, row.error_params = code, {"name": row.name} if code else {}
