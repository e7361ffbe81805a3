"""Finding from the command line: search, related notes, peers."""

from __future__ import annotations

import click

from savoirs import note_views
from savoirs import peers as peer_finding
from savoirs import search as searching
from savoirs.database import reading
from web import labels
from web.addresses import result_url
from web.api import answers
from web.cli.data import opened
from web.cli.french import FrenchCommand, example, option
from web.cli.output import json_option, print_json, progress, say
from web.dates import date_in_words

FILTERS = {
    "kind": "Type de fiche (practice, tool, indicator, …).",
    "theme": "Clé d’un thème.",
    "organisation": "Identifiant d’une organisation.",
    "territory": "Région.",
    "stance": "Où en est l’association (need, ongoing, solved, failed).",
    "year": "Année.",
}

WITHOUT_INDEX = "L’index est à reconstruire : mots cherchés tels quels, sans synonymes ni correction."


@click.command(cls=FrenchCommand, epilog=example('savoirs search "animer mes bénévoles" --kind practice --json'))
@click.argument("words", metavar="TEXTE", nargs=-1)
@option("--kind", multiple=True, help=FILTERS["kind"])
@option("--theme", multiple=True, help=FILTERS["theme"])
@option("--organisation", multiple=True, help=FILTERS["organisation"])
@option("--territory", multiple=True, help=FILTERS["territory"])
@option("--stance", multiple=True, help=FILTERS["stance"])
@option("--year", multiple=True, help=FILTERS["year"])
@option("--sort", default="relevance", help="Classement : relevance, newest, oldest ou title.")
@option("--page", type=click.IntRange(min=1), default=1, help="Page, à partir de 1.")
@option("--per-page", type=click.IntRange(1, 100), help="Résultats par page.")
@option("--exact", is_flag=True, help="Ne corrige aucun mot.")
@json_option
def search(
    *,
    words: tuple[str, ...],
    sort: str,
    page: int,
    per_page: int | None,
    exact: bool,
    as_json: bool,
    **filters: tuple[str, ...],
) -> None:
    """Cherche dans les fiches, les organisations et les journées.

    Les filtres peuvent être répétés. Sans texte, tout ce qui est publié est listé, le plus récent d’abord.
    """
    with opened() as services, reading(services.sessions) as session:
        query = searching.Query(
            text=" ".join(words),
            filters={name: values for name, values in filters.items() if values},
            sort=sort,
            page=page,
            per_page=per_page or services.settings.per_page,
            exact=exact,
        )
        results = searching.find(session, services.search_engine, services.feed, query)
    if results.degraded:
        progress(WITHOUT_INDEX)
    if as_json:
        print_json(answers.search_answer(results))
        return
    say(labels.counted(results.total, "résultat") if results.total else "Aucun résultat.")
    _say_understanding(results.understanding)
    _say_results(results.results, first=(results.page - 1) * results.per_page + 1)
    if results.pages > 1:
        say(f"\nPage {results.page} sur {results.pages}.")


@click.command(cls=FrenchCommand, epilog=example("savoirs related ngfb6x7kq2 --json"))
@click.argument("note_id", metavar="IDENTIFIANT")
@option("--limit", type=click.IntRange(1, 20), default=5, help="Nombre de fiches (5 par défaut).")
@json_option
def related(note_id: str, limit: int, as_json: bool) -> None:
    """Montre les fiches les plus proches d’une fiche, et les mots qu’elles partagent."""
    with opened() as services, reading(services.sessions) as session:
        note_views.view(session, note_id)
        services.search_engine.catch_up(services.feed)  # nobody else could answer: an index made again is waited for
        results = searching.related(session, services.search_engine, services.feed, note_id, limit)
    if as_json:
        print_json(answers.related_answer(results))
        return
    if not results:
        say("Aucune fiche proche.")
    _say_results(results)


@click.command(cls=FrenchCommand, epilog=example('savoirs peers "nos bénévoles ne reviennent pas"'))
@click.argument("words", metavar="BESOIN", nargs=-1)
@option("--note", "note_id", help="Part d’une fiche plutôt que d’un besoin en mots.")
@option("--from", "viewer", help="Identifiant de votre organisation : elle n’est pas proposée.")
@option("--limit", type=click.IntRange(1, 20), default=5, help="Associations par liste (5 par défaut).")
@json_option
def peers(words: tuple[str, ...], note_id: str | None, viewer: str | None, limit: int, as_json: bool) -> None:
    """Trouve qui a résolu ce qui vous bloque, et qui vit la même chose."""
    if not words and note_id is None:
        raise click.UsageError("Dites un besoin, ou donnez une fiche avec --note.", click.get_current_context())
    with opened() as services, reading(services.sessions) as session:
        services.search_engine.catch_up(services.feed)  # as for related notes
        found = peer_finding.find(
            session,
            services.search_engine,
            services.feed,
            need=" ".join(words),
            note_id=note_id,
            viewer_organisation_id=viewer,
            limit=limit,
        )
    if as_json:
        print_json(answers.peers_answer(found))
        return
    _say_peers("Ont résolu ce qui vous bloque", found.solved)
    _say_peers("Vivent la même chose", found.same)


def _say_understanding(understanding: searching.Understanding) -> None:
    for word in understanding.words:
        if word.corrected:
            say(f"« {word.typed} » n’est dans aucune fiche : cherché comme {', '.join(word.used)}.")
    if understanding.dropped:
        say(f"Mots non cherchés : {', '.join(understanding.dropped)}.")
    if understanding.suggestion:
        say(f"Vouliez-vous dire « {understanding.suggestion} » ?")


def _say_results(results: tuple[searching.Result, ...], first: int = 1) -> None:
    for rank, result in enumerate(results, first):
        about = [labels.KINDS.get(result.kind, result.kind)]
        about += [organisation.name for organisation in result.organisations]
        about += [date_in_words(result.date)] if result.date else []
        say(f"\n{rank}. {result.title}")
        say(f"   {' · '.join(about)}")
        if result.excerpt_text:
            say(f"   {result.excerpt_text}")
        _say_reasons(result.reasons)
        click.echo(f"   {result_url(result)}")


def _say_peers(title: str, cards: tuple[peer_finding.PeerCard, ...]) -> None:
    say(f"\n{title}" + ("" if cards else " : personne pour l’instant"))
    for rank, card in enumerate(cards, 1):
        place = f" ({card.organisation.territory})" if card.organisation.territory else ""
        say(f"\n{rank}. {card.organisation.name}{place}")
        for evidence in card.evidence[:1]:
            say(f"   « {evidence.sentence_text} »")
            say(f"   dans : {evidence.title}")
        _say_reasons(card.reasons)


def _say_reasons(reasons: tuple[searching.Reason, ...]) -> None:
    if reasons:
        told = ", ".join(f"{reason.label} {reason.share:.0%}" for reason in reasons)
        say(f"   pourquoi : {told}")
