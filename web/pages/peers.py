"""« Trouver un pair »: from a need in words, a note or an organisation, to the two lists that are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from savoirs import call_views, note_views, organisations, peers, themes
from savoirs.database import reading
from savoirs.peers import PeerResults
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS
from savoirs.themes import ThemeNode
from web import dates, network
from web.forms.fields import clean_text
from web.identity import current_account
from web.labels import AUDIENCES
from web.peer_words import availability_words, difference_words
from web.wiring import Services, current_services

bp = Blueprint("peers", __name__)

NEED_MAX_CHARS = 2_000
PEERS_A_LIST = 5

EXAMPLES = (
    "Nos bénévoles viennent une fois puis ne reviennent pas.",
    "Des personnes âgées n’osent plus ouvrir leur porte.",
    "Notre subvention s’arrête à la fin de l’année.",
)
"""Needs to start from, each lived by somebody in the corpus."""

PLURAL = {
    "resolu": "ont raconté une solution, ou un échec utile.",
    "meme": "cherchent aussi. Vous pouvez avancer ensemble.",
}


@dataclass(frozen=True, slots=True)
class Start:
    """What one looks from when there is no need in words: a note or an organisation, and its name."""

    note_id: str | None = None
    organisation_id: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the address that mean something: themes, regions by slug or départements by code, publics."""

    themes: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()

    def filters(self) -> dict[str, tuple[str, ...]]:
        """As the engine takes them."""
        named = {"theme": self.themes, "territory": self.territories}
        return {name: values for name, values in named.items() if values}


@bp.get("/pairs")
def find_peers() -> str:
    """Ask for a need, or show who lived it."""
    need = clean_text(request.args.get("besoin"))[:NEED_MAX_CHARS]
    services = current_services()
    with reading(services.sessions) as session:
        if not need and (call_id := request.args.get("appel")):
            need = call_views.question(session, call_id)
        tree = themes.tree(session)
        start = _start(session)
        chosen = _chosen(tree)
        results = _results(session, services, need, start, chosen)
    account = current_account()
    organisation = account.organisation if account else None
    return render_template(
        "peers.html",
        need=need,
        need_max_chars=NEED_MAX_CHARS,
        start=start,
        chosen=chosen,
        results=results,
        drawing=network.draw(results) if results else None,
        theme_tree=tree,
        territories=_regions(),
        audiences=AUDIENCES,
        examples=EXAMPLES,
        plural=PLURAL,
        own_departement=organisation.departement if organisation else None,
        availability_words=availability_words,
        difference_words=difference_words,
    )


def _results(session: Session, services: Services, need: str, start: Start, chosen: Chosen) -> PeerResults | None:
    if not (need or start.note_id or start.organisation_id):
        return None
    account = current_account()
    return peers.find(
        session,
        services.search_engine,
        services.feed,
        need=need,
        note_id=start.note_id,
        organisation_id=start.organisation_id,
        viewer_organisation_id=account.organisation_id if account else None,
        filters=chosen.filters(),
        audiences=chosen.audiences,
        limit=PEERS_A_LIST,
        most_requests=services.settings.requests_per_recipient_week,
        today=dates.today(),
    )


def _start(session: Session) -> Start:
    """The note or organisation of the address; one that does not exist is a page not found."""
    if note_id := request.args.get("fiche"):
        return Start(note_id=note_id, name=note_views.title(session, note_id, current_account()))
    if organisation_id := request.args.get("organisation"):
        return Start(organisation_id=organisation_id, name=organisations.get(session, organisation_id).name)
    return Start()


def _chosen(tree: tuple[ThemeNode, ...]) -> Chosen:
    """Filters of the address; a value that does not exist is left out, as an old link may have one."""
    keys = {node.key for root in tree for node in (root, *root.children)}
    places = {slug for slug, _name in _regions()} | set(DEPARTEMENTS)
    return Chosen(
        tuple(key for key in request.args.getlist("theme") if key in keys),
        tuple(place for place in request.args.getlist("territory") if place in places),
        tuple(one for one in request.args.getlist("public") if one in AUDIENCES),
    )


def _regions() -> list[tuple[str, str]]:
    """Slugs and names of the regions, by name."""
    names = sorted({place.region for place in DEPARTEMENTS.values()}, key=slugify)
    return [(slugify(name), name) for name in names]
