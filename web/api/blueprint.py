"""Routes of the API. Each reads, calls one job of the knowledge base, and answers with a model."""

from __future__ import annotations

from collections.abc import Mapping

from apiflask import APIBlueprint

from savoirs import notes, organisations, peers, search, themes
from savoirs.database import reading, transaction
from savoirs.errors import NotFoundError
from savoirs.fallback import answered
from web.addresses import note_url
from web.api import answers, drafts, schemas
from web.api.description import describe, parameters_of, refusals
from web.api.problems import Mistake, unreadable
from web.api.reading import bearer_account, bearer_required, read_query
from web.api.refusing import refuse_with_problems
from web.limits import limiter
from web.messages import message_of
from web.wiring import current_services

bp = APIBlueprint("api", __name__, url_prefix="/api/v1", tag={"name": "api", "description": "Savoirs, version 1."})
bp.record_once(describe)
refuse_with_problems(bp)

PEERS = "120 per minute"
"""Peers are a read, though by POST: not counted among the few writes an address may make."""

MAX_COMPLETED_CHARS = 200
"""A completion reads no more than this of what is typed."""

FILTERS = ("kind", "theme", "organisation", "territory", "stance", "year")


@bp.get("/search")
@bp.output(schemas.SearchAnswer)
@bp.doc(
    summary="Chercher",
    operation_id="search",
    responses=refusals(422),
    extensions={"parameters": parameters_of(schemas.SearchParameters)},
)
def search_records() -> schemas.SearchAnswer:
    """Fiches, organisations, journées et ateliers. N’importe quel texte est accepté."""
    asked = read_query(schemas.SearchParameters)
    services = current_services()
    query = search.Query(
        text=asked.q,
        filters=_filters(asked),
        sort=asked.sort,
        page=asked.page,
        per_page=asked.per_page or services.settings.per_page,
        exact=asked.exact,
    )
    with reading(services.sessions) as session:
        return answers.search_answer(search.find(session, services.search_engine, services.feed, query))


@bp.get("/suggest")
@bp.output(schemas.SuggestAnswer)
@bp.doc(
    summary="Compléter une recherche",
    operation_id="suggest",
    extensions={"parameters": parameters_of(schemas.SuggestParameters)},
)
def suggest() -> schemas.SuggestAnswer:
    """Des mots qui commencent comme le dernier mot écrit."""
    asked = read_query(schemas.SuggestParameters)
    services = current_services()
    engine = services.search_engine
    completions = answered(engine, services.feed, lambda: engine.complete(asked.q[:MAX_COMPLETED_CHARS]), lambda: ())
    return schemas.SuggestAnswer(query=asked.q, completions=list(completions))


@bp.get("/themes")
@bp.output(schemas.ThemesAnswer)
@bp.doc(summary="Lister les thèmes", operation_id="themes")
def list_themes() -> schemas.ThemesAnswer:
    """Tous les thèmes, chacun après celui qui le contient."""
    with reading(current_services().sessions) as session:
        return answers.themes_answer(themes.tree(session))


@bp.get("/organisations")
@bp.output(schemas.OrganisationsAnswer)
@bp.doc(summary="Lister les organisations", operation_id="organisations")
def list_organisations() -> schemas.OrganisationsAnswer:
    """Toutes les organisations, par nom. Aucune adresse de personne."""
    with reading(current_services().sessions) as session:
        return answers.organisations_answer(organisations.listing(session))


@bp.get("/notes/<note_id>")
@bp.output(schemas.Note)
@bp.doc(summary="Lire une fiche", operation_id="note", responses=refusals(404))
def read_note(note_id: str) -> schemas.Note:
    """Une fiche publiée."""
    with reading(current_services().sessions) as session:
        return answers.note(notes.view(session, note_id))


@bp.get("/notes/<note_id>/related")
@bp.output(schemas.RelatedAnswer)
@bp.doc(
    summary="Fiches proches",
    operation_id="related",
    responses=refusals(404, 422),
    extensions={"parameters": parameters_of(schemas.RelatedParameters)},
)
def related_notes(note_id: str) -> schemas.RelatedAnswer:
    """Les fiches les plus proches d’une fiche publiée, avec les mots qu’elles partagent."""
    asked = read_query(schemas.RelatedParameters)
    services = current_services()
    with reading(services.sessions) as session:
        notes.view(session, note_id)
        found = search.related(session, services.search_engine, services.feed, note_id, asked.limit)
        return answers.related_answer(found)


@bp.post("/notes")
@bearer_required
@bp.input(schemas.NoteIn, arg_name="asked")
@bp.output(schemas.Note, status_code=201)
@bp.doc(
    summary="Ajouter une fiche",
    operation_id="add_note",
    responses=refusals(400, 401, 403, 422),
    security="bearer",
)
def add_note(asked: schemas.NoteIn) -> tuple[schemas.Note, int, Mapping[str, str]]:
    """Une fiche au nom du compte du jeton : publiée s’il peut la publier, sinon en attente de relecture."""
    services = current_services()
    account = bearer_account()
    with transaction(services.sessions) as session:
        note = notes.add(session, drafts.draft_of(asked), account)
    with reading(services.sessions) as session:
        answer = answers.note(notes.view(session, note.id, account))
    return answer, 201, {"Location": note_url(answer.id, answer.title)}


@bp.post("/peers")
@limiter.limit(PEERS)
@bp.input(schemas.PeersIn, arg_name="asked")
@bp.output(schemas.PeersAnswer)
@bp.doc(summary="Trouver un pair", operation_id="peers", responses=refusals(400, 422))
def find_peers(asked: schemas.PeersIn) -> schemas.PeersAnswer:
    """Qui a résolu ce qui vous bloque, et qui vit la même chose. Rien n’est enregistré."""
    services = current_services()
    with reading(services.sessions) as session:
        try:
            found = peers.find(
                session,
                services.search_engine,
                services.feed,
                need=asked.need,
                viewer_organisation_id=asked.organisation,
                limit=asked.limit,
                most_requests=services.settings.requests_per_recipient_week,
            )
        except NotFoundError as error:
            raise unreadable([Mistake("organisation", message_of(error), error.code)]) from error
        return answers.peers_answer(found)


def _filters(asked: schemas.SearchParameters) -> dict[str, tuple[str, ...]]:
    chosen = {name: tuple(getattr(asked, name)) for name in FILTERS}
    return {name: values for name, values in chosen.items() if values}
