"""Adding what one knows: written, read again, kept, found by the next search; and nothing lost on the way."""

from __future__ import annotations

import re
from urllib.parse import quote

from playwright.sync_api import Page, expect

from savoirs.drafts import NoteDraft
from tests.browser.conftest import OpenBrowser
from tests.browser.site import EDITOR, MEMBER, MEMBERS_ORGANISATION, OTHER_EDITOR, Site
from tests.browser.writing import Told, fill_note, preview

RESULT = "article.resultat"


def own_word(javascript: bool, with_scripts: str, without: str) -> str:
    """A word that is in no other note, for one of the two ways of running a test."""
    return with_scripts if javascript else without


def expect_found(page: Page, word: str, title: str, *, found: bool = True) -> None:
    """Search a word; the note is the first result, or there is none."""
    page.goto(f"/recherche?q={quote(word)}&exact=1")
    if found:
        expect(page.locator(f"{RESULT} h3").first).to_have_text(title)
    else:
        expect(page.get_by_text(title)).to_have_count(0)


def test_a_visitor_writes_an_editor_publishes_and_the_next_search_finds_it(
    open_browser: OpenBrowser, site: Site, javascript: bool
) -> None:
    """Without an account: written, previewed, sent, waiting. An editor, signed in by a one-time link, publishes it."""
    word = own_word(javascript, "zinzolin", "quipronelle")
    title = f"Teindre le {word} avec les voisins"
    visitor = open_browser(javascript=javascript)
    visitor.goto("/")
    visitor.get_by_role("navigation", name="Principale").get_by_role("link", name="Partager").click()
    fill_note(visitor, Told(title, organisation=MEMBERS_ORGANISATION))
    preview(visitor)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
    expect(visitor.get_by_text("Elle n’est pas encore publiée.")).to_be_visible()
    visitor.get_by_role("button", name="Corriger").click()
    expect(visitor.get_by_label("1. Un titre qui dit l’action")).to_have_value(title)
    expect(visitor.get_by_role("checkbox", name="Lien social", exact=True)).to_be_checked()
    preview(visitor)
    visitor.get_by_role("button", name="Envoyer").click()
    expect(visitor).to_have_url(re.compile("/partager/gardee$"))
    expect(visitor.get_by_text("Elle attend qu’une personne la relise")).to_be_visible()
    expect_found(visitor, word, title, found=False)

    editor = open_browser(javascript=javascript)
    link = site.one_time_link(EDITOR)
    editor.goto(link)
    editor.get_by_role("main").get_by_role("button", name="Me connecter").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Mon espace")
    editor.goto("/moderation")
    editor.get_by_role("link", name=title).click()
    editor.get_by_role("button", name="Publier").click()
    expect(editor.get_by_role("status").filter(has_text="Fiche publiée")).to_be_visible()

    expect_found(visitor, word, title)
    visitor.locator(f"{RESULT} h3 a").first.click()
    expect(visitor.get_by_role("complementary", name="Qui l’a vécu ?")).to_contain_text(MEMBERS_ORGANISATION)
    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Ce lien ne fonctionne plus")


def test_a_note_added_by_a_member_is_found_by_the_next_search(open_browser: OpenBrowser, javascript: bool) -> None:
    """A member writes for their association: published at once, under its name, and found by everybody."""
    word = own_word(javascript, "balibulle", "fridogène")
    title = f"Réparer un {word} le samedi"
    member = open_browser(javascript=javascript, account=MEMBER)
    member.goto("/partager")
    expect(member.get_by_label("L’association (facultatif)")).to_have_value(MEMBERS_ORGANISATION)
    fill_note(member, Told(title, organisation=MEMBERS_ORGANISATION))
    preview(member)
    expect(member.get_by_text("La fiche sera publiée tout de suite")).to_be_visible()
    member.get_by_role("button", name="Publier").click()
    expect(member.get_by_role("status").filter(has_text="Fiche publiée")).to_be_visible()
    expect_found(open_browser(javascript=javascript), word, title)
    member.goto("/mon-espace")
    expect(member.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_mistakes_are_said_near_their_fields_and_the_text_stays(open_browser: OpenBrowser, javascript: bool) -> None:
    """A summary first, with the focus and links to the fields; everything typed is still there."""
    page = open_browser(javascript=javascript)
    page.goto("/partager")
    fill_note(page, Told("", context="Un contexte long à écrire."))
    page.get_by_label("Quand ? (facultatif)").fill("un jour de pluie")
    preview(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page).to_have_title(re.compile("^À revoir"))
    expect(page.get_by_label("2. Le contexte")).to_have_value("Un contexte long à écrire.")
    expect(page.get_by_label("Quand ? (facultatif)")).to_have_value("un jour de pluie")
    title = page.get_by_label("1. Un titre qui dit l’action")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-title-erreur")).to_be_visible()
    summary.get_by_role("link", name="Titre").click()
    expect(title).to_be_focused()


def test_two_people_editing_the_same_note_lose_nothing(open_browser: OpenBrowser, site: Site, javascript: bool) -> None:
    """The second to save is shown the difference, both versions are kept, and either can be put on line."""
    word = own_word(javascript, "crapahute", "mirliflore")
    told = NoteDraft(title=f"La {word} du quartier", context="Un essai.", action="Peu.", themes=("lien-social",))
    note_id = site.write(told, EDITOR)
    first = open_browser(javascript=javascript, account=EDITOR)
    second = open_browser(javascript=javascript, account=OTHER_EDITOR)
    for page, text in ((first, "Vingt personnes sont venues."), (second, "Trente curieux ont essayé.")):
        page.goto(f"/fiches/{note_id}/modifier")
        page.get_by_label("4. Ce qui a marché").fill(text)
        preview(page)
    first.get_by_role("button", name="Enregistrer").click()
    expect(first.get_by_role("status").filter(has_text="enregistrés")).to_be_visible()
    second.get_by_role("button", name="Enregistrer").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Une autre personne a changé cette fiche")
    difference = second.get_by_role("region", name="Ce qui diffère").locator("dl")
    expect(difference.get_by_role("deletion").first).to_contain_text("Vingt")
    expect(difference.get_by_role("insertion").first).to_contain_text("Trente")

    reader = open_browser(javascript=javascript)
    reader.goto(f"/fiches/{note_id}")
    expect(reader.get_by_text("Vingt personnes sont venues.")).to_be_visible()
    second.get_by_role("button", name="Mettre la mienne en ligne").click()
    expect(second.get_by_text("Trente curieux ont essayé.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Trente curieux ont essayé.")).to_be_visible()
    first.goto(f"/fiches/{note_id}/versions")
    expect(first.get_by_role("insertion").filter(has_text="Vingt").first).to_be_visible()


def test_a_form_sent_twice_makes_one_note(open_browser: OpenBrowser, site: Site, javascript: bool) -> None:
    """A double click, then the same form sent a third time by hand: one note, and each send leads to it."""
    word = own_word(javascript, "turlupine", "gribouillette")
    title = f"Une {word} suffit"
    page = open_browser(javascript=javascript, account=MEMBER)
    page.goto("/partager")
    fill_note(page, Told(title, organisation=MEMBERS_ORGANISATION))
    preview(page)
    button = page.get_by_role("button", name="Publier")
    form = page.locator("form", has=button)
    fields = {
        field.get_attribute("name") or "": field.get_attribute("value") or ""
        for field in form.locator("input[type=hidden]").all()
    }
    button.dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page).to_have_url(re.compile("/fiches/"))
    address = page.url
    again = page.request.post("/partager", form={**fields, "step": "publish"}, headers={"Referer": address})
    assert again.url == address
    assert site.notes_titled(title) == 1
