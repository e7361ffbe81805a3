"""From what the knowledge base gives to what the API and ``--json`` print: one shape for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from savoirs import organisations, peers, search, themes
from savoirs.cards import Lived
from savoirs.cards import Named as NamedCard
from savoirs.note_views import NoteView, SourceView
from web.addresses import note_url, organisation_url, record_url, result_url
from web.api import schemas
from web.labels import facet_value


def search_answer(results: search.Results) -> schemas.SearchAnswer:
    """A page of results."""
    facets = {
        name: [
            schemas.FacetValue(
                value=value.value,
                label=facet_value(name, value.value, value.label),
                count=value.count,
                active=value.active,
            )
            for value in values
        ]
        for name, values in results.facets.items()
    }
    return schemas.SearchAnswer(
        query=understanding(results.understanding),
        total=results.total,
        page=results.page,
        per_page=results.per_page,
        took_ms=results.took_ms,
        results=[result(one) for one in results.results],
        facets=facets,
    )


def related_answer(results: Iterable[search.Result]) -> schemas.RelatedAnswer:
    """Notes near another."""
    return schemas.RelatedAnswer(results=[result(one) for one in results])


def understanding(understood: search.Understanding) -> schemas.Understanding:
    """What was understood of a query."""
    return schemas.Understanding(
        text=understood.text,
        understood=[
            schemas.Understood(typed=word.typed, used=list(word.used), synonyms=list(word.synonyms))
            for word in understood.words
        ],
        dropped=list(understood.dropped),
        suggestion=understood.suggestion,
    )


def result(found: search.Result) -> schemas.Result:
    """One result."""
    return schemas.Result.model_validate(
        {
            "id": found.id,
            "kind": found.kind,
            "title": found.title,
            "url": result_url(found),
            "excerpt": found.excerpt,
            "excerpt_text": found.excerpt_text,
            "score": found.score,
            "by_meaning": found.by_meaning,
            "via": found.via,
            "themes": [_named(theme) for theme in found.themes],
            "organisations": [_named(organisation) for organisation in found.organisations],
            "territory": found.territory,
            "stances": [stance.value for stance in found.stances],
            "date": found.date,
            "true_as_of": found.true_as_of,
            "anonymous": found.anonymous,
            "fictional": found.fictional,
            "reasons": _reasons(found.reasons),
            "copies": [_named(copy) for copy in found.copies],
        }
    )


def note(view: NoteView) -> schemas.Note:
    """A note."""
    linked = (*view.lived, *view.cited, *view.participants)
    return schemas.Note.model_validate(
        {
            "id": view.id,
            "kind": view.kind.value,
            "status": view.status.value,
            "title": view.title,
            "url": note_url(view.id, view.title),
            **{name: getattr(view, name) for name in _TEXTS},
            "themes": [_named(theme) for theme in view.themes],
            "audiences": list(view.audiences),
            "tools": list(view.tools),
            "experiences": [_experience(lived) for lived in linked],
            "source": _source(view.source),
        }
    )


_TEXTS = (
    "summary",
    "introduction",
    "context",
    "action",
    "worked",
    "failed",
    "date",
    "true_as_of",
    "for_whom",
    "time_needed",
    "cost",
    "requires",
    "anonymous",
    "fictional",
    "revision",
    "created",
    "updated",
)


def themes_answer(roots: Iterable[themes.ThemeNode]) -> schemas.ThemesAnswer:
    """All themes, parents before their children."""
    return schemas.ThemesAnswer(themes=list(_themes(roots, None)))


def organisations_answer(lines: Iterable[organisations.OrganisationLine]) -> schemas.OrganisationsAnswer:
    """All organisations."""
    return schemas.OrganisationsAnswer(organisations=[_organisation(line) for line in lines])


def peers_answer(found: peers.PeerResults) -> schemas.PeersAnswer:
    """The two lists of peers."""
    return schemas.PeersAnswer(solved=[_peer(card) for card in found.solved], same=[_peer(card) for card in found.same])


def _peer(card: peers.PeerCard) -> schemas.Peer:
    organisation = card.organisation
    return schemas.Peer(
        organisation=schemas.PeerOrganisation(
            id=organisation.id,
            name=organisation.name,
            territory=organisation.territory,
            url=organisation_url(organisation.id, organisation.name),
            fictional=organisation.fictional,
        ),
        score=card.score,
        evidence=[
            schemas.Evidence(
                note_id=evidence.note_id,
                title=evidence.title,
                sentence=evidence.sentence_text,
                url=record_url("note", evidence.note_id, evidence.slug),
            )
            for evidence in card.evidence
        ],
        reasons=_reasons(card.reasons),
        contactable=card.contactable,
    )


def _organisation(line: organisations.OrganisationLine) -> schemas.Organisation:
    card = line.card
    return schemas.Organisation.model_validate(
        {
            "id": card.id,
            "name": card.name,
            "kind": card.kind.value,
            "url": organisation_url(card.id, card.name),
            "territory": card.territory,
            "region": card.region,
            "audiences": list(card.audiences),
            "fictional": card.fictional,
            "notes": sum(line.counts.values()),
        }
    )


def _themes(nodes: Iterable[themes.ThemeNode], parent: str | None) -> Iterator[schemas.Theme]:
    for node in nodes:
        yield schemas.Theme(
            id=node.key, name=node.name, description=node.description, synonyms=list(node.synonyms), parent=parent
        )
        yield from _themes(node.children, node.key)


def _experience(lived: Lived) -> dict[str, object]:
    organisation = {"id": lived.organisation.id, "name": lived.organisation.name}
    return {
        "organisation": organisation,
        "role": lived.role.value,
        "stance": lived.stance.value if lived.stance is not None else None,
    }


def _source(source: SourceView | None) -> dict[str, object] | None:
    if source is None:
        return None
    lines = None
    if source.first_line is not None and source.last_line is not None:
        lines = (source.first_line, source.last_line)
    return {"id": source.id, "title": source.title, "year": source.year, "lines": lines}


def _named(card: NamedCard) -> schemas.Named:
    return schemas.Named(id=card.id, name=card.name)


def _reasons(reasons: Iterable[search.Reason]) -> list[schemas.Reason]:
    return [schemas.Reason(term=reason.term, label=reason.label, share=reason.share) for reason in reasons]
