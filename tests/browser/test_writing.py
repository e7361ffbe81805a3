"""While somebody writes: what is typed survives, what is done can be undone, nothing leaves without them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from savoirs import database, written_drafts
from savoirs.accounts import get
from savoirs.drafts import NoteDraft
from tests.browser import phone
from tests.browser.conftest import OpenBrowser
from tests.browser.site import EDITOR, MEMBER, MEMBERS_ORGANISATION, OTHER_EDITOR, Site
from tests.browser.writing import Told, fill_note, preview
from web.identity import COOKIE

TITLE = "1. Un titre qui dit l’action"
ACTION = "3. Ce que vous avez fait"
SAVED = re.compile(r"^Enregistré à \d\d:\d\d$")
CONDUCTEURS = (
    "Un carnet à souches numéroté reste dans la boîte à gants : date, départ, arrivée, compteur. Le passager signe et "
    "garde le volet rose. Le tarif est de 0,42 euro par kilomètre, retour à vide compris, voté à main levée. Onze "
    "conducteurs sur trente-huit avaient levé le pied quand le gazole a flambé."
)


def type_title(page: Page, title: str) -> None:
    """Type a title as a person does, key by key."""
    page.get_by_label(TITLE).press_sequentially(title)


def kept_here(page: Page) -> list[str]:
    """The drafts of this device."""
    found: list[str] = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('savoirs-brouillon'))")
    return found


def test_draft_survives(open_browser: OpenBrowser) -> None:
    """Saved within five seconds; a closed tab restores it; starting again from nothing throws it away."""
    page = open_browser()
    page.goto("/partager")
    type_title(page, "Un café le jeudi")
    page.get_by_role("checkbox", name="Lien social", exact=True).check()
    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=5_000)
    again = page.context.new_page()
    page.close()
    again.goto("/partager")
    expect(again.get_by_label(TITLE)).to_have_value("Un café le jeudi")
    expect(again.get_by_role("checkbox", name="Lien social", exact=True)).to_be_checked()
    expect(again.get_by_role("status").filter(has_text="est revenu")).to_be_visible()
    again.get_by_role("button", name="Repartir d’une page vide").click()
    expect(again.get_by_label(TITLE)).to_have_value("")
    assert kept_here(again) == []


def test_a_draft_of_one_account_is_not_shown_to_another(open_browser: OpenBrowser, site: Site) -> None:
    """On one device: a member's draft is not a visitor's; after thirty days it is nobody's."""
    page = open_browser(account=MEMBER)
    page.goto("/partager")
    type_title(page, "Un brouillon à moi")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.context.clear_cookies()
    page.goto("/partager")
    expect(page.get_by_label(TITLE)).to_have_value("")
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
            const draft = JSON.parse(localStorage.getItem(key));
            localStorage.setItem(key, JSON.stringify({ ...draft, at: draft.at - 31 * 24 * 3600e3 }));
        } }"""
    )
    page.reload()
    expect(page.get_by_label(TITLE)).to_have_value("")
    assert kept_here(page) == []
    throw_away(site, MEMBER)


def test_a_member_s_draft_follows_to_another_device_and_goes_when_published(
    open_browser: OpenBrowser, site: Site
) -> None:
    """Kept on the server too; listed in « Mon espace »; once published it is nowhere."""
    desk = open_browser(account=MEMBER)
    desk.goto("/partager")
    title = "Un brouillon qui voyage"
    with desk.expect_response("**/partager/brouillon"):
        type_title(desk, title)
    pocket = open_browser(account=MEMBER)
    pocket.goto("/mon-espace")
    pocket.get_by_role("link", name=title).click()
    expect(pocket.get_by_label(TITLE)).to_have_value(title)
    fill_note(pocket, Told(title, organisation=MEMBERS_ORGANISATION))
    preview(pocket)
    pocket.get_by_role("button", name="Publier").click()
    expect(pocket.get_by_role("status").filter(has_text="Fiche publiée")).to_be_visible()
    assert kept_here(pocket) == []
    pocket.goto("/mon-espace")
    expect(pocket.get_by_role("heading", name="Mes brouillons")).to_have_count(0)
    throw_away(site, MEMBER)


def test_a_draft_is_kept_by_a_button_without_scripts(open_browser: OpenBrowser, site: Site) -> None:
    """« Garder comme brouillon », then resumed from « Mon espace »."""
    page = open_browser(javascript=False, account=MEMBER)
    page.goto("/partager")
    page.get_by_label(TITLE).fill("Gardé sans script")
    page.get_by_role("button", name="Garder comme brouillon").click()
    expect(page.get_by_role("status").filter(has_text="Brouillon gardé")).to_be_visible()
    page.get_by_role("link", name="Gardé sans script").click()
    expect(page.get_by_label(TITLE)).to_have_value("Gardé sans script")
    throw_away(site, MEMBER)


def test_undo_ten_seconds(open_browser: OpenBrowser, site: Site, javascript: bool) -> None:
    """After a withdrawal « Annuler » puts the note back; with scripts it is offered for ten seconds, then the bin."""
    word = "barbatruc" if javascript else "tournicoti"
    note_id = site.write(NoteDraft(title=f"Le {word}", action="Peu.", themes=("lien-social",)), EDITOR)
    page = open_browser(javascript=javascript, account=EDITOR)
    if javascript:
        page.clock.install()
    for press_undo in (True, False):
        page.goto(f"/fiches/{note_id}/retirer")
        page.get_by_role("button", name="Retirer la fiche").click()
        undo = page.get_by_role("button", name="Annuler")
        expect(undo).to_be_visible()
        if press_undo:
            undo.click()
            expect(page.get_by_role("heading", level=1)).to_have_text(f"Le {word}")
        elif javascript:
            page.mouse.move(0, 0)
            page.clock.run_for(11_000)
            expect(undo).to_be_hidden()
    page.goto("/corbeille")
    page.get_by_role("button", name=f"Remettre : Le {word}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Le {word}")


def test_edit_conflict_keeps_both(open_browser: OpenBrowser, site: Site, javascript: bool) -> None:
    """Both texts whole, side by side; one's own goes back in the form, with the other beside it, to merge by hand."""
    told = NoteDraft(title="La lessive commune", action="Un essai.", themes=("lien-social",))
    note_id = site.write(told, EDITOR)
    first = open_browser(javascript=javascript, account=EDITOR)
    second = open_browser(javascript=javascript, account=OTHER_EDITOR)
    for page, text in ((first, "Onze tours de machine."), (second, "Une corde de plus.")):
        page.goto(f"/fiches/{note_id}/modifier")
        page.get_by_label("4. Ce qui a marché").fill(text)
        preview(page)
    first.get_by_role("button", name="Enregistrer").click()
    expect(first.get_by_role("status").filter(has_text="enregistrés")).to_be_visible()
    second.get_by_role("button", name="Enregistrer").click()
    for text in ("Onze tours de machine.", "Une corde de plus."):
        expect(second.locator(".cotes").get_by_text(text)).to_be_visible()
    second.get_by_role("link", name="Reprendre la mienne").click()
    expect(second.get_by_label("4. Ce qui a marché")).to_have_value("Une corde de plus.")
    expect(second.get_by_role("region", name="Dans la version en ligne")).to_contain_text("Onze tours de machine.")
    second.get_by_label("4. Ce qui a marché").fill("Onze tours de machine. Une corde de plus.")
    preview(second)
    second.get_by_role("button", name="Enregistrer").click()
    expect(second.get_by_text("Onze tours de machine. Une corde de plus.")).to_be_visible()


def test_session_lost_text_kept(open_browser: OpenBrowser, site: Site) -> None:
    """The session ends while writing: it is said, the text stays, signing in leads back to it."""
    page = open_browser(account=OTHER_EDITOR)
    page.goto("/partager")
    page.context.clear_cookies()
    type_title(page, "Un texte qui reste")
    notice = page.get_by_role("status").filter(has_text="Votre session est terminée")
    expect(notice).to_be_visible()
    cookie = {"name": COOKIE, "value": site.session_token(OTHER_EDITOR), "url": site.address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    notice.get_by_role("link", name="Se connecter et revenir à ce texte").click()
    expect(page).to_have_url(re.compile("/partager$"))
    expect(page.get_by_label(TITLE)).to_have_value("Un texte qui reste")
    throw_away(site, OTHER_EDITOR)


def test_network_lost_retry(open_browser: OpenBrowser) -> None:
    """Without a network nothing leaves and nothing is lost; when it is back, it leaves by a click and not before."""
    page = open_browser()
    page.goto("/partager")
    fill_note(page, Told("Un essai hors ligne"))
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="Vous êtes hors ligne")).to_be_visible()
    preview(page)
    expect(page.get_by_role("status").filter(has_text="Rien n’est parti")).to_be_visible()
    assert kept_here(page)
    page.context.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="Le réseau est revenu")).to_be_visible()
    expect(page).to_have_url(re.compile("/partager$"))
    preview(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Un essai hors ligne")


def test_advice_comes_while_typing(open_browser: OpenBrowser) -> None:
    """A note that tells it already, themes with their words, what is missing: beside, and never in the way."""
    page = open_browser()
    page.goto("/partager")
    page.get_by_label(TITLE).fill("Dédommager nos conducteurs")
    page.get_by_label(ACTION).fill(CONDUCTEURS)
    expect(page.get_by_text("Une fiche raconte déjà presque la même chose.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Compléter celle-ci"))).to_be_visible()
    expect(page.get_by_text("On ne sait pas pour qui").or_(page.get_by_text("On ne sait pas où")).first).to_be_visible()
    suggested = page.get_by_role("group", name="Thèmes proposés").get_by_role("checkbox", name=re.compile("^Mobilité"))
    suggested.check()
    expect(page.get_by_role("checkbox", name="Mobilité", exact=True)).to_be_checked()


def test_questions_and_preview_follow_at_once(open_browser: OpenBrowser) -> None:
    """Choosing another kind changes the questions and keeps the text; the preview opens in the page."""
    page = open_browser()
    page.goto("/partager")
    page.get_by_label(ACTION).fill("Chaque **lundi**.")
    page.get_by_role("radio", name="Un outil").check()
    expect(page.get_by_label("3. Comment vous l’utilisez")).to_have_value("Chaque **lundi**.")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.get_by_role("region", name="Aperçu").locator("strong")).to_have_text("lundi")
    page.get_by_role("button", name="Fermer l’aperçu").click()
    expect(page.get_by_role("region", name="Aperçu")).to_be_hidden()


def test_a_practice_is_written_with_one_thumb(open_browser: OpenBrowser) -> None:
    """On a phone: one column, nothing sideways, and the button that goes on is always at hand."""
    page = open_browser(viewport={"width": 375, "height": 740})
    page.goto("/partager")
    assert phone.sideways(page) == []
    bar = page.get_by_role("button", name="Relire avant")
    expect(bar).to_be_in_viewport()
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    fill_note(page, Told("Écrit d’un pouce"))
    assert phone.sideways(page) == []
    preview(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Écrit d’un pouce")


def throw_away(site: Site, login: str) -> None:
    """Leave no draft to the tests that follow."""
    with database.transaction(site.sessions) as session:
        account = get(session, login)
        for line in written_drafts.listing(session, account):
            written_drafts.discard(session, account, line.slot)
