"""The corpus folder and the database: load and export."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from savoirs import corpus
from savoirs.database import reading, transaction
from web import labels
from web.cli.data import base, follow, opened, seq_of
from web.cli.folder import ready_settings
from web.cli.french import FrenchCommand, example
from web.cli.output import json_option, print_json, progress, say


@click.command(cls=FrenchCommand, epilog=example("savoirs load corpus/"))
@click.argument("paths", metavar="DOSSIER…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@json_option
def load(paths: tuple[Path, ...], as_json: bool) -> None:
    """Charge un dossier de fiches, d’organisations et de thèmes.

    Tout est vérifié d’abord : à la première erreur, rien n’est chargé. Ce qui est déjà là est mis à jour.
    """
    settings = ready_settings()
    progress("Lecture et vérification…")
    with base(settings) as sessions:
        before = seq_of(sessions)
        with transaction(sessions) as session:
            reports = [corpus.load(session, path) for path in paths]
        changes = seq_of(sessions) - before
    follow(settings, changes)
    if as_json:
        print_json({"changes": changes, "loaded": [asdict(report) for report in reports]})
    else:
        say(f"Chargé : {changes} changement{'s' if changes > 1 else ''} dans la base, tous trouvables.")


@click.command(cls=FrenchCommand, epilog=example("savoirs export sauvegarde/"))
@click.argument("directory", metavar="DOSSIER", type=click.Path(file_okay=False, path_type=Path))
@json_option
def export(directory: Path, as_json: bool) -> None:
    """Écrit tout le contenu dans un dossier de fichiers lisibles, que « savoirs load » sait relire.

    Les adresses, les comptes et les sessions n’en font jamais partie. Ce qui n’est pas publié reste dans
    « savoirs backup » : les fiches et les appels en attente, les demandes, les courriels.
    """
    with opened() as services, reading(services.sessions) as session:
        report = corpus.export(session, directory)
    if as_json:
        print_json(asdict(report))
    else:
        say(f"Écrit dans « {directory} ».")
        if report.left_out:
            kept = labels.counted(report.left_out, "fiche non publiée", "fiches non publiées")
            progress(f"Sans {kept} : en attente, ou retirées de la lecture.")
        if report.calls_left_out:
            kept = labels.counted(report.calls_left_out, "appel non publié", "appels non publiés")
            progress(f"Sans {kept} : en attente, ou non retenus.")
