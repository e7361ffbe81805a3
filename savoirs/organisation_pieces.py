"""What lists show of organisations, as parts of one statement: names, publics, and who may be reached."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select

from savoirs.availability import Availability, availability_of, contacts_piece
from savoirs.cards import OrganisationCard, organisation_card
from savoirs.models import Organisation, OrganisationAudience
from savoirs.pieces import Chosen, Pieces, piece


def organisation_pieces(chosen: Chosen) -> tuple[Select[Any], ...]:
    """The parts that ``card_of`` and ``reach_of`` read."""
    return (
        piece(
            "organisation", Organisation.id, id=Organisation.id, name=Organisation.name, kind=Organisation.kind,
            departement=Organisation.departement, fictional=Organisation.fictional,
            volunteers=Organisation.volunteers, employees=Organisation.employees,
            merged_into=Organisation.merged_into_id,
        ).where(chosen(Organisation.id)),
        piece(
            "public", OrganisationAudience.organisation_id,
            name=OrganisationAudience.audience, position=OrganisationAudience.position,
        ).where(chosen(OrganisationAudience.organisation_id)),
        contacts_piece(chosen),
    )  # fmt: skip


def card_of(pieces: Pieces, organisation_id: str) -> OrganisationCard | None:
    """The card of an organisation; None when it is not among those read."""
    row = pieces.one("organisation", organisation_id)
    return organisation_card(row, (public.name for public in pieces.of("public", row.id))) if row else None


def reach_of(pieces: Pieces, organisation_id: str, today: dt.date) -> Availability:
    """Whether an organisation may be reached."""
    return availability_of(pieces.of("contact", organisation_id), today)
