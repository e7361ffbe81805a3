"""Filling the two long forms as a person would: by their labels."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells in a note."""

    title: str
    context: str = "Notre quartier compte peu de lieux où se retrouver le soir."
    action: str = "Nous avons ouvert une salle chaque jeudi, avec deux personnes pour accueillir."
    worked: str = "Douze personnes viennent chaque semaine."
    failed: str = "Personne ne vient les jours de pluie."
    organisation: str = ""
    theme: str = "Lien social"


def fill_note(page: Page, told: Told) -> None:
    """Fill the page « Partager », without sending it."""
    page.get_by_label("1. Un titre qui dit l’action").fill(told.title)
    page.get_by_label("2. Le contexte").fill(told.context)
    page.get_by_label("3. Ce que vous avez fait").fill(told.action)
    page.get_by_label("4. Ce qui a marché").fill(told.worked)
    page.get_by_label("5. Ce qui n’a pas marché").fill(told.failed)
    if told.organisation:
        page.get_by_label("L’association (facultatif)").fill(told.organisation)
        page.get_by_label("Elle a trouvé une solution").check()
    page.get_by_role("checkbox", name=told.theme, exact=True).check()


def preview(page: Page) -> None:
    """Send the form to its preview."""
    page.get_by_role("button", name="Relire avant").click()


def fill_introduction(page: Page, *, name: str, email: str) -> None:
    """Fill the request for an introduction, without sending it; the situation is there already."""
    page.get_by_label("Ce que vous aimeriez leur demander").fill("Comment préparez-vous la première séance ?")
    page.get_by_label("Par écrit").check()
    page.get_by_label("Votre prénom et votre association").fill(name)
    page.get_by_label("Votre adresse e-mail").fill(email)
    page.get_by_label("J’accepte que Savoirs transmette").check()
    page.get_by_label("Si elle répond oui").check()
