"""Organisations, gatherings and workshops as documents of an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from indexer.engine import Document
from savoirs.indexed_notes import ordinal, organisation_aliases, territory_values
from savoirs.models import (
    Gathering,
    GatheringTheme,
    Objective,
    Organisation,
    OrganisationAudience,
    Participation,
    Slot,
    Workshop,
)
from savoirs.plaintext import masked, plain_text
from savoirs.territories import DEPARTEMENTS
from savoirs.theme_lineage import Lineage


def organisation_documents(session: Session, ids: Sequence[str]) -> list[Document]:
    """Documents of the organisations among these ids, but for those merged into another. Three queries."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.description, Organisation.departement)
        .where(Organisation.id.in_(ids), Organisation.merged_into_id.is_(None))
        .order_by(Organisation.id)
    ).all()
    found = [row.id for row in rows]
    if not found:
        return []
    aliases = organisation_aliases(session, found)
    audiences = defaultdict(list)
    for organisation, audience in session.execute(
        select(OrganisationAudience.organisation_id, OrganisationAudience.audience)
        .where(OrganisationAudience.organisation_id.in_(found))
        .order_by(OrganisationAudience.position)
    ):
        audiences[organisation].append(audience.replace("-", " "))
    documents = []
    for row in rows:
        place = DEPARTEMENTS.get(row.departement or "")
        places = dict.fromkeys((place.name, place.region)) if place else ()
        body = [plain_text(row.description), ", ".join(audiences[row.id]), *places]
        documents.append(
            Document(
                id=row.id,
                kind="organisation",
                title=row.name,
                body=masked("\n".join(text for text in body if text)),
                organisations="\n".join((row.name, *aliases.get(row.id, ()))),
                kinds="organisation",
                facets=_facets("organisation", organisation=(row.id,), territory=territory_values(row.departement)),
            )
        )
    return documents


def gathering_documents(session: Session, ids: Sequence[str], lineage: Lineage) -> list[Document]:
    """Documents of the gatherings among these ids. Five queries."""
    rows = session.execute(
        select(Gathering.id, Gathering.title, Gathering.description, Gathering.date, Gathering.year, Gathering.place)
        .where(Gathering.id.in_(ids))
        .order_by(Gathering.id)
    ).all()
    found = [row.id for row in rows]
    if not found:
        return []
    texts, themes = defaultdict(list), defaultdict(list)
    for gathering, text in session.execute(
        select(Objective.gathering_id, Objective.text)
        .where(Objective.gathering_id.in_(found))
        .order_by(Objective.position)
    ):
        texts[gathering].append(text)
    for gathering, text in session.execute(
        select(Slot.gathering_id, Slot.title).where(Slot.gathering_id.in_(found)).order_by(Slot.position)
    ):
        texts[gathering].append(text)
    for gathering, theme in session.execute(
        select(GatheringTheme.gathering_id, GatheringTheme.theme_id)
        .where(GatheringTheme.gathering_id.in_(found))
        .order_by(GatheringTheme.position)
    ):
        themes[gathering].append(theme)
    organisations = _participants(session, found)
    return [
        Document(
            id=row.id,
            kind="gathering",
            title=row.title,
            body=masked("\n".join((plain_text(row.description), *texts[row.id], row.place or "")).strip()),
            themes="\n".join(lineage.names(themes[row.id])),
            organisations="\n".join(organisations[row.id].values()),
            kinds="journée",
            facets=_facets(
                "gathering",
                theme=lineage.keys(themes[row.id]),
                organisation=tuple(organisations[row.id]),
                year=(str(row.year),),
            ),
            day=ordinal(row.date or str(row.year)),
        )
        for row in rows
    ]


def workshop_documents(session: Session, ids: Sequence[str], lineage: Lineage) -> list[Document]:
    """Documents of the workshops among these ids. One query."""
    rows = session.execute(
        select(
            Workshop.id, Workshop.question, Workshop.synthesis_title, Workshop.theme_id, Workshop.full_notes_note,
            Gathering.title, Gathering.date, Gathering.year,
        )
        .join(Gathering, Gathering.id == Workshop.gathering_id)
        .where(Workshop.id.in_(ids))
        .order_by(Workshop.id)
    )  # fmt: skip
    documents = []
    for row in rows:
        themes = [row.theme_id] if row.theme_id else []
        documents.append(
            Document(
                id=row.id,
                kind="workshop",
                title=row.question,
                body=masked(f"{row.synthesis_title}\n{row.full_notes_note}\n{row.title}"),
                themes="\n".join(lineage.names(themes)),
                kinds="atelier",
                facets=_facets("workshop", theme=lineage.keys(themes), year=(str(row.year),)),
                day=ordinal(row.date or str(row.year)),
            )
        )
    return documents


def _participants(session: Session, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    named, kept = aliased(Organisation), aliased(Organisation)
    participants: dict[str, dict[str, str]] = defaultdict(dict)
    for gathering, organisation, name in session.execute(
        select(Participation.gathering_id, kept.id, kept.name)
        .join(named, named.id == Participation.organisation_id)
        .join(kept, kept.id == func.coalesce(named.merged_into_id, named.id))
        .where(Participation.gathering_id.in_(ids))
        .order_by(Participation.position, Participation.id)
    ):
        participants[gathering][organisation] = name
    return participants


def _facets(
    kind: str,
    *,
    theme: tuple[str, ...] = (),
    organisation: tuple[str, ...] = (),
    territory: tuple[str, ...] = (),
    year: tuple[str, ...] = (),
) -> dict[str, tuple[str, ...]]:
    return {
        "kind": (kind,),
        "theme": theme,
        "organisation": organisation,
        "territory": territory,
        "stance": (),
        "year": year,
    }
