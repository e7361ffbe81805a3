"""What the commands that measure quality work with: collections, engines that are gone afterwards, what was asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.language import Language
from savoirs import lexicon
from savoirs.config import Settings
from web.cli.output import progress, refuse

if TYPE_CHECKING:
    from indexer.beir import Collection


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure beside the usual figures."""

    compare: bool = False
    ablate: bool = False
    typos: int | None = None
    words: Path | None = None

    def __bool__(self) -> bool:
        return self.compare or self.ablate or self.typos is not None or self.words is not None

    def measure(self, collection: Collection) -> dict[str, Any]:
        """The usual figures, and under its own name what else was asked."""
        from indexer import measuring  # noqa: PLC0415  (heavy)
        from web.evaluation import variants  # noqa: PLC0415
        from web.evaluation.engines import Engines  # noqa: PLC0415

        ours = language()
        with Engines.over(Settings.load(), collection) as engines:
            progress("Mesure…")
            with engines.open(ours) as engine:
                found: dict[str, Any] = dict(measuring.evaluate_search(collection, engine))
            if self.compare:
                found["compare"] = variants.compare(engines, ours)
            if self.ablate:
                progress("Mesure sans chaque composante…")
                found["ablate"] = variants.ablate(engines, ours)
            if self.typos is not None:
                errors = variants.mistype(engines, ours, self.typos)
                found["typos"] = {"clean": errors.clean, "misspelt": errors.misspelt, "share": errors.share}
            if self.words is not None:
                after = variants.default(engines, lexicon.read_language(self.words))
                found["words"] = {"before": variants.default(engines, ours), "after": after}
        return found


def asked(*, compare: bool, ablate: bool, typos: int | None, words: Path | None) -> Asked:
    """What was asked on the command line."""
    return Asked(compare, ablate, typos, words)


folders = click.argument(
    "directories",
    metavar="DOSSIER…",
    required=True,
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
"""The folders of several collections."""


def collection_in(directory: Path | None) -> Collection:
    """The collection of a folder, or that of our judgements."""
    if directory is not None:
        from indexer.beir import read_collection  # noqa: PLC0415  (heavy)

        with readable():
            return read_collection(directory)
    from savoirs import judgements as judging  # noqa: PLC0415  (heavy)

    with corpus() as (folder, documents):
        return judging.as_collection(documents, judging.read_queries(folder / "judgements" / "search.yaml", documents))


def language() -> Language:
    """The words of the corpus that the settings name."""
    return lexicon.read_language(Settings.load().corpus_dir / "language")


@contextmanager
def empty_engine() -> Iterator[Any]:
    """An empty engine of the kind the settings name, with the language of the corpus, gone afterwards."""
    from web.wiring import build_engine  # noqa: PLC0415  (heavy)

    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        settings = Settings.load()
        vectors = settings.vectors_dir or Path(folder) / "vectors"
        engine = build_engine(settings.engine, Path(folder) / "index", language(), vectors=vectors)
        try:
            yield engine
        finally:
            engine.close()


@contextmanager
def corpus() -> Iterator[tuple[Path, list[Any]]]:
    """The corpus folder and its documents, loaded into a database that is gone afterwards."""
    with loaded_corpus() as (folder, _themes, documents):
        yield folder, documents


@contextmanager
def loaded_corpus() -> Iterator[tuple[Path, tuple[Any, ...], list[Any]]]:
    """The corpus folder, the theme tree and the documents, loaded into a database that is gone afterwards."""
    from savoirs import corpus as shipped  # noqa: PLC0415  (heavy)
    from savoirs import indexing, themes  # noqa: PLC0415
    from savoirs.database import reading, transaction  # noqa: PLC0415
    from web.cli.data import base  # noqa: PLC0415

    settings = Settings.load()
    progress("Chargement du corpus…")
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        elsewhere = settings.model_copy(update={"data_dir": Path(folder), "database_url": ""})
        with base(elsewhere) as sessions:
            with transaction(sessions) as session:
                shipped.load(session, settings.corpus_dir)
            with reading(sessions) as session:
                tree, documents = themes.tree(session), list(indexing.all_documents(session))
        yield settings.corpus_dir, tree, documents


@contextmanager
def readable() -> Iterator[None]:
    """One French line for a collection that cannot be read."""
    from indexer.beir import UnreadableCollectionError  # noqa: PLC0415  (heavy)

    try:
        yield
    except UnreadableCollectionError as error:
        raise refuse(f"{error.file}, ligne {error.line} : le format n’est pas celui attendu.") from error
    except FileNotFoundError as error:
        raise refuse(f"Il manque un fichier : {Path(str(error.filename)).name}.") from error
