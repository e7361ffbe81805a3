"""The speed bench: an invented base in a temporary folder, and what users wait for."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from savoirs.config import Settings
from savoirs.slugs import slugify
from web.cli.french import FrenchCommand, FrenchGroup, example, option
from web.cli.output import json_option, number, print_json, progress, say

if TYPE_CHECKING:
    from savoirs.generation import Writer
    from web.wiring import Services

SEED = 20171123
SEARCHES, PAGES, ADDED = 300, 100, 20
NOTES = 10_000
STATEMENTS = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure beside what is promised: at most, or at least, ``promised``; None when nothing is."""

    name: str
    label: str
    value: float
    unit: str
    promised: float | None = None
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        if self.promised is None:
            return True
        return self.value >= self.promised if self.at_least else self.value <= self.promised


@click.group(
    cls=FrenchGroup, invoke_without_command=True, epilog=example("savoirs bench", "savoirs bench engine --json")
)
@option("--notes", type=click.IntRange(100, 1_000_000), default=NOTES, help="Nombre de fiches inventées (10 000).")
@option("--seed", type=int, default=SEED, help="Graine du tirage : la même donne les mêmes fiches.")
@json_option
@click.pass_context
def bench(ctx: click.Context, notes: int, seed: int, as_json: bool) -> None:
    """Mesure la vitesse sur des fiches inventées, en temps de calcul.

    N’a besoin d’aucun dossier de données, et n’en laisse pas.
    """
    if ctx.invoked_subcommand is not None:
        return
    with _invented(notes, seed) as (services, writer):
        figures = list(_measures(services, writer))
    if as_json:
        rows = {
            one.name: {"value": one.value, "unit": one.unit, "promised": one.promised, "kept": one.kept}
            for one in figures
        }
        print_json({"notes": notes, "seed": seed, "measures": rows})
        return
    say(f"{notes} fiches inventées, graine {seed} ; temps de calcul d’un cœur.")
    for one in figures:
        say(_line(one))


@bench.command(
    "engine", cls=FrenchCommand, epilog=example("savoirs bench engine --notes 10000 --against whoosh --json")
)
@option("--notes", type=click.IntRange(100, 1_000_000), default=NOTES, help="Nombre de fiches inventées (10 000).")
@option("--seed", type=int, default=SEED, help="Graine du tirage.")
@option("--against", multiple=True, type=click.Choice(["whoosh"]), help="Un autre moteur à mesurer aussi.")
@json_option
def engine(notes: int, seed: int, against: tuple[str, ...], as_json: bool) -> None:
    """Mesure les moteurs de recherche seuls ; avec --json, un objet par moteur et par mesure, un par ligne."""
    from web.cli import measures  # noqa: PLC0415  (heavy)

    with _invented(notes, seed) as (services, writer):
        documents = list(services.feed.snapshot()[1])
        language = _language()
    texts = measures.queries(writer, documents, SEARCHES)
    for name in ("embedded", *against):
        for row in _engine_rows(name, language, documents, texts):
            if as_json:
                click.echo(json.dumps(row, ensure_ascii=False))
            else:
                shown = [f"{key} {number(value)}" for key, value in row.items() if isinstance(value, float)]
                say(f"{row['engine']} · {row['measure']} : {', '.join(shown)}")


def _engine_rows(name: str, language: Any, documents: Any, texts: list[str]) -> Iterator[dict[str, Any]]:
    from indexer.measuring import ListFeed  # noqa: PLC0415  (heavy)
    from web.cli import measures  # noqa: PLC0415
    from web.wiring import build_engine  # noqa: PLC0415

    progress(f"Mesure de {name}…")
    about = {"engine": name, "notes": len(documents)}
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        found = build_engine(name, Path(folder), language)
        try:
            rate = measures.build_rate(found, ListFeed(documents), len(documents))
            yield {**about, "measure": "build", "notes_per_s": rate, "size_bytes": found.status().size_bytes}
            ids = [document.id for document in documents[:SEARCHES]]
            for measure, actions in measures.engine_actions(found, texts, ids).items():
                times = measures.timed(actions)
                yield {**about, "measure": measure, "p50_ms": times.p50_ms, "p95_ms": times.p95_ms}
        finally:
            found.close()


def _measures(services: Services, writer: Writer) -> Iterator[Measure]:
    from indexer.measuring import ListFeed  # noqa: PLC0415  (heavy)
    from web.app import create_app  # noqa: PLC0415
    from web.cli import measures  # noqa: PLC0415
    from web.wiring import build_engine  # noqa: PLC0415

    documents = list(services.feed.snapshot()[1])
    progress("Construction de l’index…")
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        alone = build_engine(services.settings.engine, Path(folder), _language())
        rate = measures.build_rate(alone, ListFeed(documents), len(documents))
        alone.close()
    yield Measure("build_notes_per_s", "construction de l’index", rate, "fiches/s", 1_500, at_least=True)
    whole = measures.build_rate(services.search_engine, services.feed, len(documents))
    yield Measure("rebuild_notes_per_s", "la même, lecture de la base comprise", whole, "fiches/s")
    texts = measures.queries(writer, documents, SEARCHES)
    progress("Recherches…")
    searched = measures.timed(measures.engine_actions(services.search_engine, texts, [])["any_word"])
    yield Measure("search_p50_ms", "recherche dans le moteur, médiane", searched.p50_ms, "ms", 1)
    yield Measure("search_p95_ms", "recherche dans le moteur, 95e centile", searched.p95_ms, "ms")
    app = create_app(services)
    pages = measures.page_times(app, texts[:PAGES])
    yield Measure("page_p50_ms", "page de recherche entière, médiane", pages.p50_ms, "ms")
    yield Measure("page_p95_ms", "page de recherche entière, 95e centile", pages.p95_ms, "ms", 40)
    sent = measures.statements(app, services, texts[0])
    yield Measure("search_page_statements", "requêtes SQL de la page de recherche", sent["recherche"], "", STATEMENTS)
    for name, count in sent.items():
        if name != "recherche":
            key = slugify(name).replace("-", "_")
            yield Measure(f"statements_{key}", f"requêtes SQL, page « {name} »", count, "", STATEMENTS)
    progress("Ajouts…")
    added = measures.added_times(services, writer, ADDED)
    yield Measure("added_p50_ms", "fiche ajoutée puis trouvée, médiane", added.p50_ms, "ms", 50)
    yield Measure("added_p95_ms", "fiche ajoutée puis trouvée, 95e centile", added.p95_ms, "ms")
    yield Measure("added_wall_p50_ms", "la même, à la montre", added.wall_p50_ms, "ms")


@contextmanager
def _invented(notes: int, seed: int) -> Iterator[tuple[Services, Writer]]:
    """Services over an invented base, gone afterwards."""
    from savoirs import generation  # noqa: PLC0415  (heavy)
    from savoirs.database import transaction  # noqa: PLC0415
    from web.cli.data import base, opened  # noqa: PLC0415
    from web.cli.setting_up import load_words  # noqa: PLC0415

    progress(f"Invention de {notes} fiches…")
    settings = Settings.load()
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        elsewhere = settings.model_copy(update={"data_dir": Path(folder), "database_url": "", "base_url": ""})
        writer = generation.Writer(generation.vocabulary_of(settings.corpus_dir), seed)
        with base(elsewhere) as sessions:
            load_words(elsewhere, sessions)
            with transaction(sessions) as session:
                generation.fill(session, writer, notes)
        with opened(elsewhere) as services:
            yield services, writer


def _language() -> Any:
    from savoirs import lexicon  # noqa: PLC0415  (heavy)

    return lexicon.read_language(Settings.load().corpus_dir / "language")


def _line(one: Measure) -> str:
    told = f"  {one.label} : {number(one.value, 2 if one.unit == 'ms' else 0)} {one.unit}".rstrip()
    if one.promised is None:
        return told
    sign = "au moins" if one.at_least else "au plus"
    return f"{told} (promis : {sign} {number(one.promised, 0)}" + (")" if one.kept else ", PAS TENU)")
