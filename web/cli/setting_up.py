"""Making a data folder: tables, themes, and the words of the language."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session, sessionmaker

from savoirs import corpus, lexicon
from savoirs.config import Settings
from savoirs.database import transaction
from web import erasure
from web.cli.data import base, follow, opened, seq_of
from web.cli.folder import end_restoration
from web.cli.french import FrenchCommand, example
from web.cli.output import progress, say


@click.command(cls=FrenchCommand, epilog=example("savoirs init", "SAVOIRS_DATA_DIR=donnees savoirs init"))
def init() -> None:
    """Prépare le dossier de données : tables, thèmes, synonymes et mots vides.

    Ne pose aucune question. Dans un dossier déjà prêt, met à jour les thèmes et les mots, et garde tout le reste.
    """
    settings = Settings.load()
    end_restoration(settings)
    progress("Préparation…")
    with base(settings) as sessions:
        before = seq_of(sessions)
        load_words(settings, sessions)
        changes = seq_of(sessions) - before
    follow(settings, changes)
    settings.secret()
    with opened(settings) as services:
        erasure.replay(services)
    say(f"Le dossier « {settings.data_dir} » est prêt. Ensuite : « savoirs load corpus/ », ou « savoirs serve ».")


def load_words(settings: Settings, sessions: sessionmaker[Session]) -> None:
    """Load the themes and the language of the corpus, and nothing else of it."""
    folder = settings.corpus_dir / "language"
    lexicon.read_language(folder)  # refuses a mistake before anything is written
    with transaction(sessions) as session:
        if (settings.corpus_dir / "themes").is_dir():
            corpus.load(session, settings.corpus_dir / "themes")
        for name in lexicon.FILES:
            path = folder / f"{name}.txt"
            if path.is_file():
                lexicon.replace(session, name, path.read_text("utf-8").splitlines())
