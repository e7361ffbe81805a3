"""Every page of the site, in every state that looks different: how to get there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page, expect

from savoirs import accounts, database, notes
from savoirs.drafts import ExperienceDraft, NoteDraft
from savoirs.introductions import IntroductionDraft
from savoirs.models import NoteKind, Stance
from tests.browser import call_places, import_places
from tests.browser.site import EDITOR, MEMBER, OTHER_EDITOR, Site
from tests.browser.writing import Told, fill_introduction, fill_note, preview


@dataclass(frozen=True, slots=True)
class Place:
    """A page: who sees it, and what is done to reach it."""

    go: Callable[[Page, Site], object]
    account: str = ""


def _at(path: str, account: str = "") -> Place:
    return Place(lambda page, _site: page.goto(path), account)


def _found(path_of: Callable[[Site], str], account: str = "") -> Place:
    return Place(lambda page, site: page.goto(path_of(site)), account)


def _note(site: Site, kind: NoteKind) -> str:
    return site.note(kind)


def _draft(site: Site, worked: str = "Huit personnes reviennent.") -> NoteDraft:
    own = ExperienceDraft(site.organisation_id(), stance=Stance.SOLVED)
    return NoteDraft(
        title="Un atelier de plus",
        summary="Ce que l’on retient.",
        context="Un quartier calme.",
        action="Un atelier par mois.",
        worked=worked,
        failed="Rien encore.",
        themes=("lien-social",),
        experiences=(own,),
    )


def _with_two_versions(site: Site) -> tuple[str, int]:
    """A note, and the version of it that was kept apart."""
    note_id = site.write(_draft(site), EDITOR)
    site.rewrite(note_id, _draft(site, "Neuf personnes reviennent."), EDITOR, 1)
    apart = site.rewrite(note_id, _draft(site, "Dix personnes reviennent."), OTHER_EDITOR, 1)
    assert apart is not None
    return note_id, apart.id


def _versions(site: Site) -> str:
    return f"/fiches/{_with_two_versions(site)[0]}/versions"


def _conflict(site: Site) -> str:
    note_id, apart = _with_two_versions(site)
    return f"/fiches/{note_id}/versions/{apart}"


def _withdrawn(site: Site) -> str:
    note_id = site.write(_draft(site), EDITOR)
    with database.transaction(site.sessions) as session:
        notes.withdraw(session, note_id, accounts.get(session, EDITOR))
    return "/corbeille"


def _moderation(site: Site) -> str:
    site.write(_draft(site))
    told = IntroductionDraft("Ana, Les Rives", "ana@example.org", "Un besoin.", "Une question ?", agreed=True)
    site.ask_introduction(told)
    return "/moderation"


def _waiting(site: Site) -> str:
    return f"/moderation/fiches/{site.write(_draft(site))}"


def _introduction(site: Site) -> str:
    return f"/pairs/demande?organisation={site.organisation_id()}&besoin=animer"


def _introduction_with_errors(page: Page, site: Site) -> None:
    page.goto(_introduction(site))
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _introduction_too_much(page: Page, site: Site) -> None:
    site.request("sent", email="encore@example.org")
    page.goto(_introduction(site))
    fill_introduction(page, name="Zohra, Les Glycines", email="encore@example.org")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _answer_with_errors(page: Page, site: Site) -> None:
    page.goto(site.letter_page("reponse", "introduction.answer", "sent"))
    page.get_by_label("Pas moi, voyez").check()
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _call_with_errors(page: Page, _site: Site) -> None:
    page.goto("/appels/nouveau")
    page.get_by_role("button", name="Lancer l’appel").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _share_preview(page: Page, _site: Site) -> None:
    page.goto("/partager")
    fill_note(page, Told("Ouvrir un café du jeudi", organisation="Les Inconnus de la Butte"))
    preview(page)
    expect(page.get_by_role("button", name="Envoyer")).to_be_visible()


def _share_errors(page: Page, _site: Site) -> None:
    page.goto("/partager")
    preview(page)
    expect(page.get_by_role("alert")).to_be_visible()


def _sign_in_refused(page: Page, _site: Site) -> None:
    page.goto("/connexion")
    page.get_by_label("Identifiant").fill("personne")
    page.get_by_label("Mot de passe").fill("un mot de passe")
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _preparing(site: Site) -> str:
    gathering_id = site.gathering().removeprefix("/journees/").partition("-")[0]
    return f"/journees/{gathering_id}/preparer"


PLACES: Mapping[str, Place] = {
    "home": _at("/"),
    "search": _at("/recherche?q=programer+ses+posts"),
    "search-filtered": _at("/recherche?q=num%C3%A9rique&kind=practice&kind=tool&stance=solved"),
    "search-everything": _at("/recherche"),
    "search-empty": _at("/recherche?q=xylozorg+brumiflex"),
    "search-too-filtered": _at("/recherche?q=repas&kind=tool&territory=bretagne&stance=failed"),
    **{f"note-{kind.value}": _found(partial(_note, kind=kind)) for kind in NoteKind},
    "organisation": _found(Site.organisation),
    "organisations": _at("/organisations"),
    "peers": _at("/pairs"),
    "peers-found": _at("/pairs?besoin=animer+mes+b%C3%A9n%C3%A9voles"),
    "peers-nobody": _at("/pairs?besoin=xylozorg"),
    "introduction": _found(_introduction),
    "introduction-errors": Place(_introduction_with_errors),
    "introduction-refused": _found(
        lambda site: f"/pairs/demande?organisation={site.organisation_id('Parrains Par Mille')}"
    ),
    "introduction-many": Place(_introduction_too_much),
    "request-confirm": _found(lambda site: site.letter_page("confirmer", "introduction.confirm", "unconfirmed")),
    "request-follow": _found(lambda site: site.letter_page("suivi", "introduction.follow", "sent")),
    "request-answer": _found(lambda site: site.letter_page("reponse", "introduction.answer", "sent")),
    "request-answer-errors": Place(_answer_with_errors),
    "request-outcome": _found(lambda site: site.letter_page("suite", "introduction.outcome", "accepted", ":requester")),
    "request-link-over": _at("/mises-en-relation/reponse/un-lien-qui-n-ouvre-rien"),
    "agreement": _found(Site.agreement),
    "unsubscribe": _found(Site.unsubscribe),
    "outbox": _at("/courriels", EDITOR),
    "outbox-letter": _found(lambda site: f"/courriels/{site.letter()}", EDITOR),
    "figures": _at("/pilotage", EDITOR),
    "contact": _at("/mon-espace/contact", MEMBER),
    "introduction-kept": _found(lambda site: f"/pairs/demande/gardee?organisation={site.organisation_id()}"),
    "share": _at("/partager"),
    "share-preview": Place(_share_preview),
    "share-errors": Place(_share_errors),
    "share-kept": _at("/partager/gardee"),
    "share-tool": _at("/partager?genre=tool"),
    "bin": _found(_withdrawn, EDITOR),
    "organisation-pairs": _at("/moderation/organisations", EDITOR),
    "import": _at("/importer", MEMBER),
    "import-refused": Place(import_places.with_a_refusal, EDITOR),
    "import-wait": _found(import_places.wait_page, EDITOR),
    "import-failed": _found(import_places.failed_page, EDITOR),
    "import-review": _found(import_places.review_page, EDITOR),
    "import-piece": _found(import_places.piece_page, EDITOR),
    "source": _found(import_places.source_page),
    "calls": _at("/appels"),
    "call": _found(call_places.call_page),
    "call-write": _at("/appels/nouveau?q=garder+des+b%C3%A9n%C3%A9voles+%C3%A9tudiants"),
    "call-errors": Place(_call_with_errors),
    "call-kept": _at("/appels/garde"),
    "call-follow": _found(call_places.follow_page),
    "call-answer": _found(call_places.answer_page),
    "call-review": _found(call_places.review_page, EDITOR),
    "note-lived": _found(call_places.lived_note, MEMBER),
    "trial": _found(call_places.trial_page, MEMBER),
    "check": _found(call_places.check_page, MEMBER),
    "space-searches": _found(call_places.space_with_searches, MEMBER),
    "gatherings": _at("/journees"),
    "gathering": _found(Site.gathering),
    "gathering-prepare": _found(_preparing, EDITOR),
    "evaluation": _at("/evaluation"),
    "help": _at("/aide"),
    "accessibility": _at("/accessibilite"),
    "your-data": _at("/vos-donnees"),
    "my-data": _at("/mes-donnees", MEMBER),
    "my-data-ask": _at("/mes-donnees"),
    "my-data-asked": _at("/mes-donnees/lien"),
    "my-data-erased": _at("/mes-donnees/efface"),
    "sign-in": _at("/connexion"),
    "sign-in-refused": Place(_sign_in_refused),
    "sign-in-link": _found(lambda site: site.one_time_link(MEMBER)),
    "sign-in-link-used": _at("/connexion/lien/inconnu"),
    "space": _at("/mon-espace", MEMBER),
    "edit": _found(lambda site: f"/fiches/{site.write(_draft(site), EDITOR)}/modifier", EDITOR),
    "withdraw": _found(lambda site: f"/fiches/{site.write(_draft(site), EDITOR)}/retirer", EDITOR),
    "moderation": _found(_moderation, EDITOR),
    "moderation-note": _found(_waiting, EDITOR),
    "versions": _found(_versions, EDITOR),
    "versions-conflict": _found(_conflict, OTHER_EDITOR),
    "not-found": _at("/fiches/aaaaaaaaaa-rien"),
    "forbidden": _at("/moderation"),
}
"""By name."""
