"""The speed bench: an invented base in a temporary folder, and what users wait for."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from savoirs.config import Settings
from savoirs.slugs import slugify
from web.cli.french import FrenchCommand, FrenchGroup, example, option
from web.cli.output import json_option, number, print_json, progress, refuse, say

if TYPE_CHECKING:
    from savoirs.generation import Writer
    from web.bench.run import Plan
    from web.wiring import Services

SEED = 20171123
SEARCHES, PAGES, ADDED, ADVISED = 300, 100, 20, 50
NOTES, FEWEST, MOST = 10_000, 100, 1_000_000
MERGED_FROM = 1_000
QUERIES = 200
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
@option("--notes", type=click.IntRange(FEWEST, MOST), default=NOTES, help="Nombre de fiches inventées (10 000).")
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


def _names(_ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Names of rivals, however they were separated, each once."""
    from web.bench.rivals import NEEDS  # noqa: PLC0415  (only this command needs it)

    names = tuple(dict.fromkeys(name.strip() for one in given for name in one.split(",") if name.strip()))
    unknown = [name for name in names if name not in NEEDS]
    if unknown:
        raise click.BadParameter(f"moteur inconnu, « {unknown[0]} » ; choisissez parmi {', '.join(NEEDS)}")
    return names


def _sizes(_ctx: click.Context, _option: click.Parameter, given: str | None) -> tuple[int, ...]:
    """Numbers of notes, in growing order."""
    sizes = sorted({int(one) if one.strip().isdecimal() else 0 for one in (given or "").split(",") if one.strip()})
    if sizes and not FEWEST <= sizes[0] <= sizes[-1] <= MOST:
        raise click.BadParameter(f"des nombres de {FEWEST} à {MOST} sont attendus, séparés par des virgules")
    return tuple(sizes)


@bench.command(
    "engine",
    cls=FrenchCommand,
    epilog=example(
        "savoirs bench engine --notes 100000 --against whoosh,fts5,tantivy,bm25s",
        "savoirs bench engine --sizes 10000,100000 --against tantivy --svg croissance.svg",
    ),
)
@option("--notes", type=click.IntRange(FEWEST, MOST), default=NOTES, help="Nombre de fiches inventées (10 000).")
@option("--seed", type=int, default=SEED, help="Graine du tirage : la même donne les mêmes fiches et questions.")
@option("--queries", type=click.IntRange(1, 10_000), default=QUERIES, help="Questions de chaque sorte (200).")
@option(
    "--turn",
    type=click.IntRange(1, 10_000),
    default=1,
    help="Questions qu’un moteur traite de suite avant que vienne le tour d’un autre (1).",
)
@option(
    "--against",
    multiple=True,
    metavar="MOTEURS",
    callback=_names,
    help="Autres moteurs à mesurer, séparés par des virgules : whoosh, fts5, tantivy, bm25s, bm25s-numba.",
)
@option("--sizes", metavar="NOMBRES", callback=_sizes, help="Mesure à ces nombres de fiches plutôt qu’à --notes.")
@option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Avec --sizes, dessine comment le temps croît.")
@json_option
def engine(
    *,
    notes: int,
    seed: int,
    queries: int,
    turn: int,
    against: tuple[str, ...],
    sizes: tuple[int, ...],
    svg: Path | None,
    as_json: bool,
) -> None:
    """Mesure le moteur de recherche à côté d’autres, sur les mêmes fiches et les mêmes questions.

    Avec --json, un objet par moteur et par mesure, un par ligne, puis un objet par promesse.
    """
    from web.bench.rivals import missing  # noqa: PLC0415  (heavy)

    if svg is not None and not sizes:
        raise click.UsageError("--svg demande --sizes.", click.get_current_context())
    absent = missing(against)
    if absent:
        raise refuse(
            f"Il manque {' et '.join(absent)} : lancez « make .venv/.stamp-bench », ou « pip install savoirs[bench] »."
        )
    from web.bench.run import Plan  # noqa: PLC0415

    plans = [Plan(size, against, seed, queries, turn) for size in sizes or (notes,)]
    rows = [row for plan in plans for row in _engine_rows(plan, as_json)]
    if svg is not None:
        from web.bench.growth import draw  # noqa: PLC0415

        svg.write_text(draw(rows), "utf-8")
        progress(f"Le dessin est dans « {svg} ».")


@bench.command(
    "merge", cls=FrenchCommand, epilog=example("savoirs bench merge", "savoirs bench merge --notes 1000000 --json")
)
@option("--notes", type=click.IntRange(MERGED_FROM, MOST), default=NOTES, help="Nombre de fiches inventées (10 000).")
@option("--seed", type=int, default=SEED, help="Graine du tirage : la même donne les mêmes fiches et questions.")
@option("--queries", type=click.IntRange(1, 10_000), default=QUERIES, help="Recherches différentes (200).")
@json_option
def merge(*, notes: int, seed: int, queries: int, as_json: bool) -> None:
    """Mesure ce que prend la réunion des segments de l’index, faite à côté des recherches.

    Un quart des fiches arrive après les autres, dans de petits segments ; un autre processus réunit tout pendant que
    celui-ci cherche. N’a besoin d’aucun dossier de données, et n’en laisse pas.
    """
    from web.bench.merging import measured  # noqa: PLC0415  (heavy)

    found = measured(notes, queries, seed, progress)
    if as_json:
        print_json({"notes": notes, "seed": seed, **asdict(found)})
        return
    say(f"{number(notes, 0)} fiches inventées, graine {seed} : {found.segments} segments, puis {found.left}.")
    say(f"  fusion : {number(found.cpu_s, 1)} s de calcul, {number(found.wall_s, 1)} s à la montre")
    resting, highest = number(found.resting_mb, 0), number(found.anonymous_mb, 0)
    say(f"  mémoire anonyme de qui fusionne : {resting} Mo avant, {highest} Mo au plus")
    for name, label in (("before", "avant"), ("during", "pendant"), ("after", "après")):
        median, slowest = (number(value, 2) for value in found.waits_ms[name])
        say(f"  une recherche, à la montre, {label} : {median} ms de médiane, {slowest} ms au 99e centile")
    say(f"  recherches répondues pendant la fusion : {number(found.asked, 0)}")


@bench.command(
    "import", cls=FrenchCommand, epilog=example("savoirs bench import", "savoirs bench import --documents 20")
)
@option("--documents", type=click.IntRange(4, 1_000), default=100, help="Nombre de documents inventés (100).")
@option("--seed", type=int, default=SEED, help="Graine du tirage : la même donne les mêmes documents.")
@json_option
def import_(documents: int, seed: int, as_json: bool) -> None:
    """Mesure la lecture et la découpe de documents inventés : PDF, Word, OpenDocument et Markdown.

    En temps de calcul, le lancement de chaque lecture compris. N’a besoin d’aucun dossier de données, n’en laisse pas.
    """
    from savoirs import generation  # noqa: PLC0415  (heavy)
    from web.bench import reading  # noqa: PLC0415

    writer = generation.Writer(generation.vocabulary_of(Settings.load().corpus_dir), seed)
    figures = [
        Measure("pdf_11_pages_s", "un PDF de 11 pages", reading.long_pdf(writer), "s", 1),
        Measure("documents_s", f"{documents} documents", reading.many(writer, documents), "s", 0.6 * documents),
    ]
    if as_json:
        rows = {
            one.name: {"value": one.value, "unit": one.unit, "promised": one.promised, "kept": one.kept}
            for one in figures
        }
        print_json({"documents": documents, "seed": seed, "measures": rows})
        return
    for one in figures:
        limit = number(one.promised or 0, 1)
        say(
            f"  {one.label} : {number(one.value, 2)} s (promis : au plus {limit}" + (")" if one.kept else ", PAS TENU)")
        )


def _engine_rows(plan: Plan, as_json: bool) -> list[dict[str, Any]]:
    """Measure one size, and print it: as it comes in JSON, else at the end."""
    from web.bench import table  # noqa: PLC0415  (heavy)
    from web.bench.run import run  # noqa: PLC0415

    rows = []
    for row in run(plan, progress):
        rows.append(row)
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
    if not as_json:
        say(f"{number(plan.notes, 0)} fiches inventées, graine {plan.seed}, {plan.queries} questions de chaque sorte.")
        for line in table.lines(rows):
            say(line)
    return rows


def _measures(services: Services, writer: Writer) -> Iterator[Measure]:
    from indexer.measuring import ListFeed  # noqa: PLC0415  (heavy)
    from web.app import create_app  # noqa: PLC0415
    from web.cli import measures  # noqa: PLC0415
    from web.wiring import build_engine  # noqa: PLC0415

    documents = list(services.feed.snapshot()[1])
    progress("Construction de l’index…")
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        alone = build_engine(
            services.settings.engine, Path(folder), _language(), vectors=services.settings.word_vectors_dir
        )
        rate = measures.build_rate(alone, ListFeed(documents), len(documents))
        alone.close()
    yield Measure("build_notes_per_s", "construction de l’index", rate, "fiches/s", 1_500, at_least=True)
    whole = measures.build_rate(services.search_engine, services.feed, len(documents))
    yield Measure("rebuild_notes_per_s", "la même, lecture de la base comprise", whole, "fiches/s")
    texts = measures.queries(writer, documents, SEARCHES)
    progress("Recherches…")
    searched = measures.search_times(services.search_engine, texts)
    yield Measure("search_p50_ms", "recherche dans le moteur, médiane", searched.p50_ms, "ms", 1)
    yield Measure("search_p95_ms", "recherche dans le moteur, 95e centile", searched.p95_ms, "ms")
    app = create_app(services)
    pages = measures.page_times(app, texts[:PAGES])
    yield Measure("page_p50_ms", "page de recherche entière, médiane", pages.p50_ms, "ms")
    yield Measure("page_p95_ms", "page de recherche entière, 95e centile", pages.p95_ms, "ms", 40)
    progress("Conseils…")
    advised = measures.advice_times(app, [one for one in documents if one.kind == "practice"], ADVISED)
    yield Measure("advice_p50_ms", "conseils à qui écrit, médiane", advised.p50_ms, "ms")
    yield Measure("advice_p95_ms", "conseils à qui écrit, 95e centile", advised.p95_ms, "ms", 100)
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
