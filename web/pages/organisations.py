"""Organisations: the list, and a page each."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from savoirs import availability, organisations
from savoirs.database import reading
from savoirs.organisations import OrganisationLine
from web.addresses import record_url
from web.dates import today
from web.wiring import current_services

bp = Blueprint("organisations", __name__)

NO_TERRITORY = "Sans territoire précisé"


@bp.get("/organisations")
def listing() -> str:
    """All organisations, by region."""
    services = current_services()
    seq = services.feed.last_seq()
    with reading(services.sessions) as session:
        lines = services.organisation_lines.at(seq, lambda: organisations.listing(session))
    return render_template("organisations.html", regions=_by_region(lines), total=len(lines))


@bp.get("/organisations/<string(length=10):organisation_id>", defaults={"slug": ""})
@bp.get("/organisations/<string(length=10):organisation_id>-<slug>")
def show(organisation_id: str, slug: str) -> str | Response:
    """An organisation: what it lived, by stance, and whether it may be reached."""
    with reading(current_services().sessions) as session:
        organisation = organisations.view(session, organisation_id, today())
        address = availability.public_address(session, organisation_id, today())
    if organisation.merged_into is not None:
        kept = organisation.merged_into
        return redirect(record_url("organisation", kept.id, kept.slug), 301)
    if slug != organisation.card.slug:
        return redirect(record_url("organisation", organisation.card.id, organisation.card.slug), 301)
    return render_template("organisation.html", organisation=organisation, address=address)


def _by_region(lines: tuple[OrganisationLine, ...]) -> list[tuple[str, list[OrganisationLine]]]:
    """Regions by name, each with its organisations in their order; those without a territory last."""

    def region(line: OrganisationLine) -> tuple[bool, str]:
        return (line.card.region is None, line.card.region or NO_TERRITORY)

    return [(name, list(group)) for (_, name), group in groupby(sorted(lines, key=region), key=region)]
