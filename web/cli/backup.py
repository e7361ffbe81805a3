"""Backing up and restoring."""

from __future__ import annotations

from pathlib import Path

import click

from savoirs import backup as backups
from savoirs.config import Settings
from web.cli.folder import is_ready, ready_settings
from web.cli.french import FrenchCommand, example, option
from web.cli.output import json_option, number, print_json, progress, refuse, say
from web.wiring import open_services

_MEGABYTE = 1_000_000


@click.command(cls=FrenchCommand, epilog=example("savoirs backup sauvegarde-2026-11-26.tar.gz"))
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@option("--yes", is_flag=True, help="Remplace le fichier s’il existe.")
@json_option
def backup(file: Path, yes: bool, as_json: bool) -> None:
    """Sauvegarde tout dans un seul fichier, même pendant que le site sert.

    Base, clé secrète, documents d’origine, registre des effacements. Le fichier contient les adresses des personnes :
    gardez-le en lieu sûr, et pas plus de 35 jours.
    """
    manifest = backups.create(ready_settings(), file, replace=yes)
    if as_json:
        print_json({"file": str(file), "made_at": manifest.made_at, "files": sorted(manifest.files)})
        return
    size = number(file.stat().st_size / _MEGABYTE, 1)
    say(
        f"Sauvegarde écrite : « {file} » ({size} Mo). Elle contient les adresses des personnes : gardez-la en lieu sûr."
    )


@click.command(cls=FrenchCommand, epilog=example("savoirs restore sauvegarde-2026-11-26.tar.gz"))
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@option("--yes", is_flag=True, help="Remplace les données du dossier, s’il y en a.")
@json_option
def restore(file: Path, yes: bool, as_json: bool) -> None:
    """Remet une sauvegarde en place, le site arrêté.

    La sauvegarde est vérifiée en entier avant que rien ne change. Qui a été effacé depuis le reste. Tout le monde devra
    se connecter à nouveau.
    """
    settings = Settings.load()
    if is_ready(settings) and not yes:
        raise refuse(
            f"Le dossier « {settings.data_dir} » contient déjà des données, que la sauvegarde remplacerait : "
            "ajoutez --yes si c’est ce que vous voulez."
        )
    progress("Vérification de la sauvegarde…")
    restored = backups.restore(settings, file, lambda folder: build_index(settings, folder))
    if as_json:
        print_json({"made_at": restored.manifest.made_at, "erasures": restored.erasures})
        return
    again = f" Effacements appliqués à nouveau : {restored.erasures}." if restored.erasures else ""
    say(f"La sauvegarde du {restored.manifest.made_at[:10]} est en place dans « {settings.data_dir} ».{again}")


def build_index(settings: Settings, folder: Path) -> None:
    """Make the index of a data folder that is not in use yet."""
    progress("Construction de l’index…")
    services = open_services(settings.model_copy(update={"data_dir": folder, "vectors_dir": settings.word_vectors_dir}))
    try:
        services.search_engine.rebuild(services.feed)
    finally:
        services.close()
