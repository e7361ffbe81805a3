"""Whether everything an installation needs is there, and what to do when it is not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from sqlalchemy import Connection

from savoirs.config import Settings
from savoirs.database import FIRST_SAFE_WAL, open_database, sqlite_version
from web.cli import notices
from web.cli.data import opened, seq_of
from web.cli.folder import is_ready
from web.cli.french import FrenchCommand, example
from web.cli.output import json_option, print_json, say

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and what to do when it is wrong."""

    name: str
    good: bool
    found: str
    advice: str = ""


@click.command(cls=FrenchCommand, epilog=example("savoirs doctor"))
@click.pass_context
@json_option
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Vérifie l’installation ; le code de sortie est 1 si quelque chose ne va pas."""
    settings = Settings.load()
    checks = list(examine(settings))
    if as_json:
        print_json({"good": all(check.good for check in checks), "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            say(f"{'bon     ' if check.good else 'À VOIR  '}{check.name} : {check.found}")
            if not check.good and check.advice:
                say(f"        → {check.advice}")
    ctx.exit(0 if all(check.good for check in checks) else 1)


def examine(settings: Settings) -> Iterator[Check]:
    """Look at everything; what depends on a data folder only when there is one."""
    yield _python()
    yield _corpus(settings)
    yield _fonts()
    yield _letters(settings)
    yield _folder(settings)
    if not is_ready(settings):
        return
    yield from _database(settings)
    yield from _index(settings)


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("Python", sys.version_info >= OLDEST_PYTHON, version, "Savoirs demande Python 3.11 ou plus récent.")


def _corpus(settings: Settings) -> Check:
    there = (settings.corpus_dir / "language").is_dir()
    return Check("Corpus", there, str(settings.corpus_dir), "Donnez son dossier dans SAVOIRS_CORPUS_DIR.")


def _fonts() -> Check:
    folder = Path(__file__).resolve().parent.parent / "static" / "vendor"
    count = len(list(folder.rglob("*.woff2")))
    return Check(
        "Polices", count > 0, f"{count} fichiers", "Les pages restent lisibles, avec les polices de l’appareil."
    )


def _letters(settings: Settings) -> Check:
    if not settings.smtp_host:
        return Check("Courriels", True, "aucun serveur d’envoi, ils attendent")
    return Check(
        "Courriels",
        bool(settings.base_url),
        f"envoyés par {settings.smtp_host}{'' if settings.base_url else ', sans SAVOIRS_BASE_URL'}",
        "Donnez l’adresse publique du site dans SAVOIRS_BASE_URL : sans elle, les liens ne mènent qu’à cette machine.",
    )


def _folder(settings: Settings) -> Check:
    folder = settings.data_dir
    if not is_ready(settings):
        return Check("Dossier de données", False, f"« {folder} » n’est pas prêt", "Lancez « savoirs init ».")
    writable = not folder.exists() or os.access(folder, os.W_OK)
    return Check("Dossier de données", writable, f"« {folder} »", "Ce compte doit pouvoir y écrire.")


def _database(settings: Settings) -> Iterator[Check]:
    from savoirs import migrations  # noqa: PLC0415  (Alembic takes 0.2 s to import)

    engine = open_database(settings.sqlalchemy_url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                yield _sqlite(connection)
            present = migrations.current(connection)
    finally:
        engine.dispose()
    latest = migrations.head()
    yield Check(
        "Tables",
        present == latest,
        f"version {present or 'aucune'} (la plus récente : {latest})",
        "Lancez « savoirs init ».",
    )


def _sqlite(connection: Connection) -> Check:
    version = sqlite_version()
    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()).upper()
    safe = version >= FIRST_SAFE_WAL or mode == "DELETE"
    why = "" if version >= FIRST_SAFE_WAL else ", plus lent mais sûr avec cette version de SQLite"
    found = f"{'.'.join(str(part) for part in version)}, journal {mode}{why}"
    return Check("SQLite", safe, found, "Arrêtez Savoirs et relancez-le : le mode du journal sera corrigé.")


def _index(settings: Settings) -> Iterator[Check]:
    from savoirs import lexicon  # noqa: PLC0415  (heavy)
    from savoirs.database import reading  # noqa: PLC0415

    with opened(settings) as services:
        services.search_engine.catch_up(services.feed)
        status = services.search_engine.status()
        last = seq_of(services.sessions)
        with reading(services.sessions) as session:
            words = len(lexicon.language(session).stopwords)
    met = "".join(f" ; {notice}" for notice in notices.told(status.notices))
    found = f"{status.engine}, {status.documents} documents, changement {status.seq} sur {last}{met}"
    yield Check("Index", status.seq == last, found, "Lancez « savoirs index rebuild ».")
    yield Check("Mots vides", words > 0, f"{words} mots", "Lancez « savoirs init ».")
