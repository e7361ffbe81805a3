"""A search that finds nothing, and what the network makes of it; what members say of a note that they tried."""

from __future__ import annotations

import re
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser import call_places
from tests.browser.conftest import OpenBrowser
from tests.browser.site import EDITOR, MEMBER, MEMBERS_ORGANISATION, Site
from tests.browser.writing import Told, fill_note, preview

RESULT = "article.resultat"


def search(page: Page, words: str) -> None:
    """Search words as they are."""
    page.goto(f"/recherche?q={quote(words)}&exact=1")


def test_an_empty_search_becomes_a_call_that_the_next_search_answers(
    open_browser: OpenBrowser, javascript: bool
) -> None:
    """One click from the empty page; an editor lets it through; a member answers with a note; the search finds it."""
    words = "glaviouse" if javascript else "trombifle"
    visitor = open_browser(javascript=javascript)
    search(visitor, words)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Personne n’a encore raconté cela ici.")
    expect(visitor.get_by_label("Votre question", exact=True)).to_have_value(re.compile(words))
    visitor.get_by_role("button", name="Lancer l’appel").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Appel lancé.")
    visitor.goto("/appels")
    expect(visitor.get_by_text(words)).to_have_count(0)

    editor = open_browser(javascript=javascript, account=EDITOR)
    editor.goto("/moderation")
    editor.get_by_role("link", name=re.compile(f"ceci : {words}")).click()
    editor.get_by_label("La question").fill(f"Qui a déjà monté une {words} dans son quartier ?")
    editor.get_by_role("button", name="Publier l’appel").click()
    expect(editor.get_by_role("status").filter(has_text="Appel publié")).to_be_visible()

    visitor.goto("/")
    expect(visitor.get_by_role("link", name=f"Qui a déjà monté une {words}")).to_be_visible()

    member = open_browser(javascript=javascript, account=MEMBER)
    member.goto("/appels")
    member.get_by_role("link", name=f"Qui a déjà monté une {words}").click()
    member.get_by_role("link", name="je réponds par une fiche").click()
    expect(member.get_by_text("Vous répondez à cet appel")).to_be_visible()
    title = "Un atelier dans la cour, deux soirs par mois" + (" d’été" if javascript else " d’hiver")
    fill_note(member, Told(title, organisation=MEMBERS_ORGANISATION))
    preview(member)
    member.get_by_role("button", name="Publier").click()
    expect(member.get_by_role("heading", level=1)).to_have_text(title)
    expect(member.get_by_text("Répond à l’appel")).to_be_visible()

    search(visitor, words)
    expect(visitor.locator(f"{RESULT} h3").first).to_have_text(title)
    visitor.goto("/appels")
    visitor.get_by_role("link", name=f"Qui a déjà monté une {words}").click()
    expect(visitor.get_by_role("heading", name="1 réponse")).to_be_visible()
    expect(visitor.get_by_role("link", name=title)).to_be_visible()


def test_a_call_is_sent_once_and_mistakes_keep_what_was_written(open_browser: OpenBrowser, javascript: bool) -> None:
    """A number in the question is refused beside its field; the text stays; a double click makes one call."""
    word = "jarlouque" if javascript else "pelmiche"
    page = open_browser(javascript=javascript)
    page.goto(f"/appels/nouveau?q={word}")
    question = page.get_by_label("Votre question", exact=True)
    question.fill(f"Qui connaît {word} ? Appelez le 01 99 00 11 22.")
    page.get_by_role("button", name="Lancer l’appel").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Votre question", exact=True)).to_have_value(re.compile(word))
    page.get_by_label("Votre question", exact=True).fill(f"Qui connaît {word} ?")
    page.get_by_role("button", name="Lancer l’appel").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Appel lancé.")
    editor = open_browser(javascript=javascript, account=EDITOR)
    editor.goto("/moderation")
    expect(editor.get_by_role("link", name=f"Qui connaît {word}")).to_have_count(1)


def test_a_member_says_what_came_of_a_trial_and_that_it_is_still_true(
    open_browser: OpenBrowser, site: Site, javascript: bool
) -> None:
    """Two questions, in the note's page; said again, the trial replaces the first."""
    page = open_browser(javascript=javascript, account=MEMBER)
    page.goto(call_places.trial_page(site).removesuffix("/essai"))
    page.get_by_role("button", name="Oui, toujours").click()
    section = page.get_by_role("region", name="Toujours vrai ?")
    expect(section).to_contain_text(f"Confirmé par {MEMBERS_ORGANISATION}")
    section.get_by_role("link", name=re.compile("J’ai essayé|Changer ce que j’ai dit")).click()
    page.get_by_label("Nous l’avons adapté").check()
    page.get_by_label("En une phrase (facultatif)").fill("Sur papier d’abord.")
    page.get_by_role("button", name="Compter mon essai").click()
    expect(section).to_contain_text("1 essai : 1 adapté.")
    section.get_by_role("link", name="Changer ce que j’ai dit").click()
    expect(page.get_by_label("En une phrase (facultatif)")).to_have_value("Sur papier d’abord.")
    page.get_by_label("Nous l’avons gardé").check()
    page.get_by_role("button", name="Compter mon essai").click()
    expect(section).to_contain_text("1 essai : 1 gardé.")


def test_a_search_is_kept_and_stopped(open_browser: OpenBrowser, javascript: bool) -> None:
    """From its page to « Mon espace », with its filters, and back."""
    word = "tablettes" if javascript else "jardin"
    page = open_browser(javascript=javascript, account=MEMBER)
    page.goto(f"/recherche?q={word}&kind=practice")
    page.get_by_role("button", name="Garder cette recherche").click()
    expect(page.get_by_role("status").filter(has_text="Recherche gardée")).to_be_visible()
    page.goto("/mon-espace")
    kept = page.get_by_role("region", name="Recherches gardées")
    kept.get_by_role("link", name=word).click()
    expect(page).to_have_url(re.compile(rf"/recherche\?q={word}&kind=practice$"))
    page.goto("/mon-espace")
    kept.get_by_role("button", name=re.compile(f"Ne plus garder.*{word}")).click()
    expect(kept.get_by_role("link", name=word)).to_have_count(0)
