"""Everybody can use it: by eye or by ear, light or dark, on a phone, by keyboard alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser import axe, phone
from tests.browser.conftest import OpenBrowser
from tests.browser.every_page import PLACES
from tests.browser.site import Site
from tests.browser.watching import Watch

_OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


@pytest.mark.parametrize("name", PLACES)
def test_every_page_is_accessible_light_and_dark_and_fits_a_phone(
    same_browser: Callable[[str], Page], site: Site, name: str
) -> None:
    """Everything unfolded: axe finds nothing, no lack of contrast in the dark, no sideways scroll nor small target.

    The last two at 320 px, where no target is under 24 px.

    And every page has one first heading, a title of its own, and a way past its header.
    """
    place = PLACES[name]
    page = same_browser(place.account)
    place.go(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page).to_have_title(re.compile(r"^\S.+ – Savoirs$"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(f"main{page.locator('.evitement').get_attribute('href')}")).to_have_count(1)
    page.evaluate(_OPEN_ALL)
    light = axe.violations(page)
    page.emulate_media(color_scheme="dark")
    dark = axe.violations(page, rules=("color-contrast",))  # all that a theme changes is colours
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": phone.WIDTH, "height": phone.HEIGHT})
    narrow = [*phone.sideways(page), *phone.small_targets(page)]  # stricter than axe’s, which lets spacing make up
    assert not light, "\n".join(light)
    assert not dark, "dark:\n" + "\n".join(dark)
    assert not narrow, "\n".join(narrow)


def test_the_folded_menu_and_filters_open_on_a_phone(open_browser: OpenBrowser, javascript: bool) -> None:
    """At 320 px the menu and the filters are one touch away, and nothing of them sticks out."""
    page = open_browser(javascript=javascript, viewport={"width": phone.WIDTH, "height": phone.HEIGHT})
    page.goto("/recherche?q=b%C3%A9n%C3%A9voles")
    box = page.get_by_role("group", name="Thème").get_by_role("checkbox").first
    expect(box).to_be_hidden()
    page.get_by_text("Filtrer").click()
    expect(box).to_be_visible()
    page.get_by_text("Menu", exact=True).click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    assert not phone.sideways(page)


def test_a_chosen_theme_is_kept_from_page_to_page(open_browser: OpenBrowser, javascript: bool) -> None:
    """Dark by choice, whatever the system says, with or without scripts; axe finds nothing there either."""
    page = open_browser(javascript=javascript, color_scheme="light")
    page.goto("/aide")
    page.get_by_role("radio", name="Sombre").check()
    page.get_by_role("button", name="Garder ce choix").click()
    expect(page).to_have_url(re.compile("/aide$"))
    page.goto("/pairs?besoin=animer")
    expect(page.locator("html")).to_have_attribute("data-theme", "sombre")
    if javascript:
        assert not axe.violations(page)


@pytest.mark.parametrize("path", ["/", "/recherche?q=repas", "/partager"])
def test_the_skip_link_comes_first_and_goes_to_the_content(page: Page, path: str) -> None:
    """The first Tab shows it, Enter moves the focus past the header."""
    page.goto(path)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Aller au contenu")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def test_the_title_follows_the_search(page: Page) -> None:
    """Each address has its own title: the words, how many results, which page; empty ones too."""
    page.goto("/recherche")
    titles = [page.title()]
    for query in ("q=repas", "q=repas&kind=practice", "q=b%C3%A9n%C3%A9voles&page=2", "q=xylozorg"):
        page.goto(f"/recherche?{query}")
        titles.append(page.title())
    assert len(set(titles)) == len(titles)
    assert titles[1].startswith("repas\N{NO-BREAK SPACE}: ")
    assert "page 2" in titles[3]
    assert "aucune fiche" in titles[4]


@pytest.mark.parametrize("path", ["/", "/recherche?q=repas", "/aide"])
@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_key_focuses_the_search(page: Page, path: str, key: str) -> None:
    """« / » and Ctrl+K go to the page's search field, and type nothing in it."""
    page.goto(path)
    field = page.locator("input[type=search]")
    before = field.input_value()
    page.keyboard.press(key)
    expect(field).to_be_focused()
    expect(field).to_have_value(before)


def test_the_slash_is_typed_while_typing(page: Page) -> None:
    """In any field, « / » and « ? » are characters like others."""
    page.goto("/partager")
    title = page.get_by_label("1. Un titre qui dit l’action")
    title.press_sequentially("Café/goûter ?")
    expect(title).to_have_value("Café/goûter ?")
    expect(title).to_be_focused()
    expect(page).to_have_url(re.compile("/partager$"))


def test_one_key_shortcuts_are_listed_and_can_be_turned_off(page: Page) -> None:
    """« ? » opens their list; turned off there, « / » does nothing any more, here and on other pages (WCAG 2.1.4)."""
    page.goto("/")
    page.keyboard.press("?")
    expect(page).to_have_url(re.compile("/aide#clavier$"))
    page.get_by_role("button", name="Désactiver / et ?").click()
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("input[type=search]")).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("input[type=search]")).to_be_focused()


def test_the_watch_sees_what_it_guards_against(chromium: Browser, site: Site) -> None:
    """What follows every browser of these tests does see a broken policy, another origin and a missing file."""
    context = chromium.new_context(base_url=site.address)
    watch = Watch(context, site.address)
    page = context.new_page()
    page.goto("/aide")
    assert watch.faults == []
    with page.expect_console_message(lambda message: "style" in message.text):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    with page.expect_response("**/static/absent.css"):
        page.evaluate("fetch('/static/absent.css')")
    with page.expect_request("http://127.0.0.2/*"), contextlib.suppress(Error):
        page.goto("http://127.0.0.2/elsewhere")
    context.close()
    for seen in ("Content Security Policy", "404 for", "left the site"):
        assert any(seen in fault for fault in watch.faults), (seen, watch.faults)
