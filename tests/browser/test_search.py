"""Searching as people do it: what they find, what they are told, and an address that holds it all."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenBrowser

RESULT = "article.resultat"


def search(page: Page, text: str) -> None:
    """Type words in the home page's field and send them."""
    page.goto("/")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill(text)
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page).to_have_url(re.compile(r"/recherche\?"))


def show_results(page: Page, text: str, **filters: str) -> Locator:
    """Open the address of a search; its results."""
    page.goto(f"/recherche?q={quote(text)}" + "".join(f"&{name}={value}" for name, value in filters.items()))
    return page.locator(RESULT)


def test_apprendre_a_coder_finds_code_academy_with_singa_first(open_browser: OpenBrowser, javascript: bool) -> None:
    """The first result is the tool named by Singa; it says from which day it comes, and opens its note."""
    page = open_browser(javascript=javascript)
    search(page, "apprendre à coder")
    first = page.locator(RESULT).first
    expect(first.get_by_role("heading")).to_contain_text("Code Academy")
    expect(first).to_contain_text("Singa")
    first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Code Academy")
    expect(page.get_by_text("D’où vient cette fiche")).to_be_visible()


def test_emmaus_without_its_dots_finds_emmaus(open_browser: OpenBrowser, javascript: bool) -> None:
    """Accents are not needed: the tool and the organisation are there, their name marked with its accent."""
    page = open_browser(javascript=javascript)
    search(page, "emmaus")
    results = page.locator(RESULT)
    expect(results.filter(has_text="Organisation").locator("h3 mark").first).to_have_text("Emmaüs")
    expect(results.first).to_contain_text("Emmaüs")


def test_a_typing_error_finds_scheduling_then_hootsuite_and_buffer(open_browser: OpenBrowser, javascript: bool) -> None:
    """« programer » is read as « programmer », and the page says so; the practice and both tools come first."""
    page = open_browser(javascript=javascript)
    search(page, "programer ses posts")
    titles = page.locator(RESULT).locator("h3")
    expect(titles.nth(0)).to_contain_text("Programmer ses publications")
    first_three = " ".join(titles.all_inner_texts()[:3])
    assert "Hootsuite" in first_three
    assert "Buffer" in first_three
    understood = page.locator(".compris")
    expect(understood.locator("summary")).to_contain_text("programmer")
    expect(page.get_by_text("Vouliez-vous dire")).to_contain_text("programmer ses posts")


def test_boite_a_outils_finds_the_fourth_indicator_first(open_browser: OpenBrowser, javascript: bool) -> None:
    """The indicator about volunteers who have their tool box is found without accents."""
    page = open_browser(javascript=javascript)
    search(page, "boite a outils")
    first = page.locator(RESULT).first
    expect(first.locator(".genre")).to_have_text("Indicateur")
    expect(first.get_by_role("heading")).to_contain_text("boîte à outils")


def test_participation_des_beneficiaires_finds_its_indicator_first(open_browser: OpenBrowser, javascript: bool) -> None:
    """The first result is the indicator of that name."""
    page = open_browser(javascript=javascript)
    search(page, "participation des bénéficiaires")
    first = page.locator(RESULT).first
    expect(first.locator(".genre")).to_have_text("Indicateur")
    expect(first.get_by_role("heading")).to_contain_text("Participation des bénéficiaires")


def test_matches_are_marked_across_accents_plurals_and_families(page: Page) -> None:
    """A word typed without accent, in the singular, marks its accented plural and the words of its family."""
    results = show_results(page, "benevole")
    expect(results.locator("mark", has_text=re.compile(r"^bénévoles$")).first).to_be_visible()
    expect(results.locator("mark", has_text=re.compile(r"^bénévolat$")).first).to_be_visible()


def test_why_this_result_is_said_in_plain_words_for_each(open_browser: OpenBrowser, javascript: bool) -> None:
    """Each result can say which words brought it, with shares that sum to 100; the first says it at once."""
    page = open_browser(javascript=javascript)
    results = show_results(page, "fidéliser des bénévoles")
    expect(results.first.locator("dl.barres")).to_be_visible()
    second = results.nth(1)
    expect(second.locator("dl.barres")).to_be_hidden()
    second.get_by_text("Pourquoi ce résultat").click()
    expect(second.locator("dl.barres")).to_be_visible()
    for result in results.all():
        shares = [int(text.removesuffix("%").strip()) for text in result.locator("dd:last-child").all_text_contents()]
        assert sum(shares) == 100, result.text_content()


def test_filters_have_counts_that_are_exact_and_chips_that_remove_them(
    open_browser: OpenBrowser, javascript: bool
) -> None:
    """A box says how many results it leaves, applying it leaves that many, and its chip takes it away."""
    page = open_browser(javascript=javascript)
    show_results(page, "numérique")
    total = page.locator("#t-res").inner_text()
    box = page.locator("label", has=page.locator("input[name=kind][value=tool]"))
    counted = int(re.findall(r"\d+", box.inner_text())[0])
    box.get_by_role("checkbox").check()
    page.get_by_role("button", name="Appliquer").click()
    expect(page).to_have_url(re.compile(r"kind=tool"))
    expect(page.locator("#t-res")).to_have_text(re.compile(rf"^{counted}\s"))
    for kind in page.locator(f"{RESULT} .genre").all_inner_texts():
        assert kind in ("Outil", "Échec utile")
    page.get_by_role("link", name=re.compile("^Outils.*retirer ce filtre")).click()
    expect(page.locator("#t-res")).to_have_text(total)


def test_filters_add_up_inside_a_facet_and_narrow_across_facets(page: Page) -> None:
    """OR inside a facet, AND across; « Tout effacer » comes back to the words alone."""
    show_results(page, "numérique")
    count = page.locator("#t-res")

    def total() -> int:
        return int(re.findall(r"\d+", count.inner_text())[0])

    alone = total()
    show_results(page, "numérique", kind="tool")
    tools = total()
    show_results(page, "numérique", kind="tool&kind=practice")
    both = total()
    show_results(page, "numérique", kind="tool&kind=practice", stance="solved")
    narrowed = total()
    assert tools < both <= alone
    assert narrowed < both
    page.get_by_role("link", name="Tout effacer").click()
    expect(page.get_by_role("link", name="retirer ce filtre")).to_have_count(0)
    assert total() == alone


def test_a_box_that_would_leave_nothing_is_greyed_and_not_gone(page: Page) -> None:
    """« emmaus » has no testimony: the box stays, says 0, and cannot be ticked."""
    show_results(page, "emmaus")
    page.get_by_text(re.compile("^Voir .* autres")).first.click()
    box = page.locator("input[name=kind][value=testimony]")
    expect(box).to_be_disabled()
    expect(page.locator("label", has=box)).to_contain_text("0")


def test_the_state_is_in_the_address_and_shows_the_same_in_another_browser(open_browser: OpenBrowser) -> None:
    """Words, filters, order and page are in the address: copied to somebody else, the same page."""
    page = open_browser()
    show_results(page, "bénévoles", kind="practice")
    page.get_by_role("navigation", name="Classement").get_by_role("link", name="récentes d’abord").click()
    page.get_by_role("navigation", name="Pages de résultats").get_by_role("link", name="Page 2", exact=True).click()
    expect(page.get_by_text("de 21 à")).to_be_visible()
    other = open_browser()
    other.goto(page.url)
    assert other.title() == page.title()
    assert other.locator(f"{RESULT} h3").all_inner_texts() == page.locator(f"{RESULT} h3").all_inner_texts()
    expect(other.get_by_role("link", name=re.compile("^Pratiques.*retirer ce filtre"))).to_be_visible()


def test_back_restores_the_search_after_reading_a_note(page: Page) -> None:
    """Back from a note: the words in the field, the filters, the results and the place in the page."""
    results = show_results(page, "bénévoles", kind="practice")
    titles = results.locator("h3").all_inner_texts()
    link = results.nth(6).get_by_role("link").first
    link.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    assert place > 0
    link.click()
    expect(page.locator("article.resultat")).to_have_count(0)
    page.go_back()
    expect(page.get_by_label("Votre question, ou quelques mots")).to_have_value("bénévoles")
    expect(page.get_by_role("link", name=re.compile("^Pratiques.*retirer ce filtre"))).to_be_visible()
    assert page.locator(f"{RESULT} h3").all_inner_texts() == titles
    page.wait_for_function("place => Math.abs(scrollY - place) < 2", arg=place)


@pytest.mark.parametrize("text", ["", "   ", "%00%07"])
def test_an_empty_search_helps(page: Page, text: str) -> None:
    """Nothing typed: examples to try, themes to enter by, and the latest notes."""
    page.goto(f"/recherche?q={text}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Toutes les fiches")
    expect(page.get_by_role("link", name="apprendre à coder")).to_be_visible()
    expect(page.get_by_role("group", name="Thème").get_by_role("checkbox").first).to_be_enabled()
    expect(page.locator(RESULT)).to_have_count(20)


def test_no_result_says_why_and_what_next(open_browser: OpenBrowser, javascript: bool) -> None:
    """Words that are in no note: the page says which, and offers to find a peer, to tell, or to read all."""
    page = open_browser(javascript=javascript)
    search(page, "xylozorg brumiflex")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Personne n’a encore raconté cela ici"))
    expect(page.get_by_role("status")).to_contain_text("xylozorg")
    next_steps = page.get_by_role("navigation", name="Que faire maintenant ?")
    expect(next_steps.get_by_role("link")).to_have_count(3)
    next_steps.get_by_role("link", name="Trouver un pair").click()
    expect(page.get_by_label("Votre besoin, avec vos mots")).to_have_value("xylozorg brumiflex")


def test_filters_that_leave_nothing_are_offered_for_removal(page: Page) -> None:
    """Words that exist, filters that exclude them all: each filter can be taken away there and then."""
    show_results(page, "repas", kind="tool", territory="bretagne", stance="failed")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rien ne passe tous ces filtres.")
    expect(page.get_by_role("link", name="retirer ce filtre")).to_have_count(3)
    page.get_by_role("link", name="sans aucun filtre").click()
    expect(page.locator(RESULT).first).to_be_visible()


def test_chercher_exactement_stops_the_correction_and_can_be_undone(
    open_browser: OpenBrowser, javascript: bool
) -> None:
    """Who meant what they typed says so: no word is corrected any more, and the way back is shown."""
    page = open_browser(javascript=javascript)
    show_results(page, "programer ses posts")
    page.get_by_text("Ce que le moteur a compris").click()
    page.get_by_role("link", name="Chercher exactement").click()
    expect(page).to_have_url(re.compile("exact=1"))
    expect(page.locator(".compris")).not_to_contain_text("plutôt")
    expect(page.locator("dl.barres dt", has_text=re.compile("^programmer$"))).to_have_count(0)
    page.get_by_role("link", name="chercher aussi les mots proches").first.click()
    expect(page.locator(f"{RESULT} h3").first).to_contain_text("Programmer")


def test_did_you_mean_is_one_click(page: Page) -> None:
    """The suggestion is a link to the corrected words; what was typed stays in the field until then."""
    show_results(page, "programer ses posts")
    field = page.get_by_label("Votre question, ou quelques mots")
    expect(field).to_have_value("programer ses posts")
    page.get_by_text("Vouliez-vous dire").get_by_role("link").click()
    expect(field).to_have_value("programmer ses posts")
    expect(page.get_by_text("Vouliez-vous dire")).to_have_count(0)


def test_pages_are_links_with_their_total(open_browser: OpenBrowser, javascript: bool) -> None:
    """Page 2 is an address of its own, shows the next results, and says where it stands among all."""
    page = open_browser(javascript=javascript)
    first_page = show_results(page, "bénévoles").locator("h3").all_inner_texts()
    pages = page.get_by_role("navigation", name="Pages de résultats")
    total = re.findall(r"sur (\d+)", pages.inner_text())[0]
    pages.get_by_role("link", name="Page suivante").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page).to_have_title(re.compile("page 2"))
    expect(pages).to_contain_text(re.compile(rf"de 21 à \d+ sur {total}"))
    expect(pages.locator("[aria-current=page]")).to_contain_text("2")
    assert not set(first_page) & set(page.locator(f"{RESULT} h3").all_inner_texts())


def test_completions_are_chosen_with_the_arrows(page: Page) -> None:
    """An ARIA combobox: words are proposed, an arrow chooses, Enter searches; Escape closes, then clears."""
    page.goto("/")
    field = page.get_by_label("Votre question, ou quelques mots")
    options = page.get_by_role("option")
    field.press_sequentially("bénév")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("bénév")
    field.press("Escape")
    expect(field).to_have_value("")
    field.press_sequentially("bénév")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    chosen = options.first.inner_text()
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche\?"))
    expect(field).to_have_value(chosen)


@pytest.mark.parametrize(
    "text",
    [
        "(((",
        '"',
        "ET OU SAUF",
        "le la les",
        "a" * 9_000,
        "<script>alert(1)</script>",
        "titre:",
        "' OR 1=1 --",
        "🙂" * 50,
    ],
    ids=["brackets", "quote", "operators", "stop-words", "very-long", "markup", "lone-field", "sql", "pictures"],
)
def test_an_absurd_or_hostile_search_is_answered(page: Page, text: str) -> None:
    """Never an error page: results, or help, and the search field is still there."""
    response = page.goto(f"/recherche?q={quote(text)}")
    assert response is not None
    assert response.status == 200
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_label("Votre question, ou quelques mots")).to_be_visible()
