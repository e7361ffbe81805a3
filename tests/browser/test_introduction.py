"""The whole loop as it can be played in the demonstration: a request, its letters in the outbox page, an answer."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.site import EDITOR
from tests.browser.test_peers import NEED, find_peers
from tests.browser.writing import fill_introduction

TYPED = "Nos bénévoles se croisent sans se connaître."


def write_request(page: Page, name: str, email: str) -> None:
    """Ask the first peer, after a mistake that is told; the text stays."""
    find_peers(page)
    page.get_by_role("link", name="Demander une mise en relation").first.click()
    expect(page.get_by_text("Ce que vous avez lu d’eux")).to_be_visible()
    situation = page.get_by_label("Votre situation, en deux phrases")
    expect(situation).to_have_value(NEED)
    situation.fill(TYPED)
    page.get_by_label("Votre adresse e-mail").fill("zohra sans arobase")
    page.get_by_role("button", name="Envoyer ma demande").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^À revoir"))
    expect(situation).to_have_value(TYPED)
    address = page.get_by_label("Votre adresse e-mail")
    expect(address).to_have_value("zohra sans arobase")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{address.get_attribute('aria-describedby')}")).to_be_visible()
    summary.get_by_role("link", name="Votre adresse e-mail").click()
    expect(address).to_be_focused()

    fill_introduction(page, name=name, email=email)
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est gardée")
    expect(page.locator("body")).not_to_contain_text(email)


def open_letter(page: Page, kind: str) -> None:
    """The latest letter of a kind, in the outbox page."""
    page.goto("/courriels")
    page.get_by_role("link", name=re.compile(f"^{kind}")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(kind)


def test_the_loop_is_played_from_the_outbox_page(open_browser: OpenBrowser, javascript: bool) -> None:
    """Asked, confirmed, answered « d’accord »: then, and only then, each one’s letter has the other’s address."""
    scripts = "avec" if javascript else "sans"
    name, email = f"Zohra, Les Glycines {scripts} scripts", f"zohra-{scripts}@example.org"
    write_request(open_browser(javascript=javascript), name, email)

    page = open_browser(javascript=javascript, account=EDITOR)
    open_letter(page, "Adresse à confirmer")
    page.get_by_role("link", name="Confirmer mon adresse").click()
    expect(page.locator("dl")).to_contain_text(TYPED)
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(page.get_by_text("Votre message est parti")).to_be_visible()

    open_letter(page, "Demande de mise en relation")
    expect(page.get_by_role("article")).to_contain_text(TYPED)
    expect(page.get_by_role("article")).not_to_contain_text(email)
    page.get_by_role("link", name="D’accord").click()
    expect(page.get_by_role("radio", name="D’accord")).to_be_checked()
    page.get_by_label("Un mot pour cette personne").fill("Appelez quand vous voulez.")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_text("Vous avez répondu « d’accord »")).to_be_visible()

    open_letter(page, "D’accord : l’adresse, à qui demandait")
    expect(page.get_by_role("article")).to_contain_text("@example.org")
    expect(page.get_by_role("article")).to_contain_text("Appelez quand vous voulez.")
    open_letter(page, "D’accord : l’adresse, à qui a répondu")
    expect(page.get_by_role("article")).to_contain_text(email)
