"""Finding a peer: who solved it, who lives it too, why them, and asking to be put in touch."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenBrowser

NEED = "animer mes bénévoles"
SOLVED = "A résolu ce qui vous bloque"
SAME = "Vit la même chose"


def find_peers(page: Page, need: str = NEED) -> None:
    """Write a need and send it."""
    page.goto("/pairs")
    page.get_by_label("Votre besoin, avec vos mots").fill(need)
    page.get_by_role("button", name="Trouver des pairs").click()
    expect(page).to_have_url(re.compile(r"/pairs\?"))


def cards(page: Page, title: str) -> Locator:
    """The cards of one of the two lists."""
    return page.get_by_role("region", name=title).locator("article.asso")


def test_animer_mes_benevoles_names_parrains_par_mille_with_its_passage(
    open_browser: OpenBrowser, javascript: bool
) -> None:
    """It is among the first three of those who solved it; its passage, with the marked words, is the reason."""
    page = open_browser(javascript=javascript)
    find_peers(page)
    expect(cards(page, SOLVED).first).to_be_visible()
    first_three = [cards(page, SOLVED).nth(at) for at in range(3)]
    names = [card.get_by_role("heading").inner_text() for card in first_three]
    assert "Parrains Par Mille" in names
    card = first_three[names.index("Parrains Par Mille")]
    expect(card.locator(".preuve")).to_contain_text("espace en ligne réservé aux bénévoles")
    expect(card.locator(".preuve mark").first).to_be_visible()
    card.get_by_role("link", name="Animer un réseau").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("groupe Facebook")


def test_the_two_lists_are_never_mixed(page: Page) -> None:
    """Each list proves what its title says: no passage is in both, and each opens a note with such an experience."""
    find_peers(page)
    proofs = {}
    for title in (SOLVED, SAME):
        expect(cards(page, title).first).to_be_visible()
        links = cards(page, title).locator(".note a[href^='/fiches/']")
        proofs[title] = {link.get_attribute("href") or "" for link in links.all()}
    assert proofs[SOLVED]
    assert proofs[SAME]
    assert not proofs[SOLVED] & proofs[SAME]
    for title, expected in ((SOLVED, "a trouvé une solution|échec utile"), (SAME, "cherche|essa")):
        page.goto(min(proofs[title]))
        lived = page.get_by_role("complementary", name="Qui l’a vécu ?").locator("article.asso").first
        cited = page.get_by_text("cité", exact=False)
        expect(lived.or_(cited).first).to_contain_text(re.compile(expected, re.IGNORECASE))


def test_shares_of_each_card_sum_to_a_hundred(open_browser: OpenBrowser, javascript: bool) -> None:
    """The words in common, as percentages of the closeness: each card adds up to 100."""
    page = open_browser(javascript=javascript)
    find_peers(page)
    every_card = [*cards(page, SOLVED).all(), *cards(page, SAME).all()]
    assert every_card
    for card in every_card:
        shares = [int(text.removesuffix("%").strip()) for text in card.locator("dd:last-child").all_text_contents()]
        assert sum(shares) == 100, card.inner_text()


def test_who_cannot_be_reached_says_why_and_has_no_button(page: Page) -> None:
    """Savoirs knows nobody at Parrains Par Mille: the card says so, and the form cannot be reached by its address."""
    find_peers(page)
    card = cards(page, SOLVED).filter(has=page.get_by_role("heading", name="Parrains Par Mille"))
    expect(card.locator(".indisponible")).to_contain_text("Pas encore joignable")
    expect(card.get_by_role("link", name="Demander une mise en relation")).to_have_count(0)
    organisation = card.get_by_role("heading").get_by_role("link").get_attribute("href") or ""
    page.goto(f"/pairs/demande?organisation={organisation.removeprefix('/organisations/')[:10]}")
    expect(page.get_by_text("Savoirs n’écrit à personne sans accord")).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer ma demande")).to_have_count(0)


def test_nobody_is_named_at_random(page: Page) -> None:
    """A need in words that nobody used names no organisation, and says what to do instead."""
    find_peers(page, "xylozorg brumiflex")
    expect(page.get_by_role("heading", name="Personne n’a encore raconté cela ici")).to_be_visible()
    expect(page.locator("article.asso")).to_have_count(0)
    page.get_by_role("link", name="Publier ce besoin").click()
    expect(page.get_by_label("2. Le contexte")).to_have_value("xylozorg brumiflex")


def test_the_peers_of_a_note_are_found_from_the_note(page: Page) -> None:
    """From a result to its note to its peers, without typing anything again."""
    page.goto("/recherche?q=fid%C3%A9liser+des+b%C3%A9n%C3%A9voles&kind=practice")
    title = page.locator("article.resultat h3").first.inner_text()
    page.locator("article.resultat h3 a").first.click()
    page.get_by_role("link", name="Trouver des pairs").click()
    expect(page.get_by_text("Pairs proches de la fiche")).to_contain_text(title)
    expect(page.locator("article.asso").first).to_be_visible()
