"""The search index: what it holds, whether it is right, and making it anew."""

from __future__ import annotations

from dataclasses import asdict

import click

from web import labels
from web.cli import notices
from web.cli.data import opened, seq_of
from web.cli.french import FrenchCommand, FrenchGroup, example
from web.cli.output import json_option, print_json, progress, say
from web.wiring import compile_loops


@click.group(cls=FrenchGroup, epilog=example("savoirs index status"))
def index() -> None:
    """Examine ou reconstruit l’index de recherche.

    L’index peut être supprimé à tout moment : la base est la seule vérité.
    """


@index.command(cls=FrenchCommand, epilog=example("savoirs index status --json"))
@json_option
def status(as_json: bool) -> None:
    """Dit ce que contient l’index, et s’il suit la base."""
    with opened() as services:
        services.search_engine.catch_up(services.feed)
        found = services.search_engine.status()
        last = seq_of(services.sessions)
    if as_json:
        print_json({**asdict(found), "journal": last})
        return
    say(f"Moteur : {found.engine}, dans « {found.path} »")
    counted = (labels.counted(found.documents, "document"), labels.counted(found.terms, "terme"))
    say(", ".join((*counted, _size(found.size_bytes))))
    say(f"Changement {found.seq} sur {last}" + (" : à jour" if found.seq == last else " : en retard"))
    for notice in notices.told(found.notices):
        say(f"À savoir : {notice}.")


@index.command(cls=FrenchCommand, epilog=example("savoirs index rebuild"))
@json_option
def rebuild(as_json: bool) -> None:
    """Reconstruit l’index à partir de la base."""
    with opened() as services:
        progress("Construction de l’index…")
        services.search_engine.rebuild(services.feed)
        found = services.search_engine.status()
    if as_json:
        print_json(asdict(found))
    else:
        say(f"Index reconstruit : {labels.counted(found.documents, 'document')}.")


@index.command(cls=FrenchCommand, epilog=example("savoirs index maintain"))
@click.pass_context
@json_option
def maintain(ctx: click.Context, as_json: bool) -> None:
    """Range l’index et apprend ce qui doit l’être : ce qui peut attendre.

    « savoirs serve » le fait de lui-même, à côté, quand c’est utile. Le code de sortie est 1 si rien n’a pu être écrit.
    """
    with opened() as services:
        engine, feed = services.search_engine, services.feed
        engine.catch_up(feed)
        needed = engine.needs_maintenance(feed)
        progress("Entretien de l’index…")
        compile_loops(services.settings)
        engine.maintain(feed)
        found = engine.status()
    unwritten = any(notice.startswith("unwritable") for notice in found.notices)
    if as_json:
        print_json({**asdict(found), "needed": needed})
        ctx.exit(1 if unwritten else 0)
    counted = (labels.counted(found.documents, "document"), labels.counted(found.terms, "terme"))
    say(f"{'Index entretenu' if needed else 'Rien à faire'} : {', '.join((*counted, _size(found.size_bytes)))}.")
    for notice in notices.told(found.notices):
        say(f"À savoir : {notice}.")
    ctx.exit(1 if unwritten else 0)


@index.command(cls=FrenchCommand, epilog=example("savoirs index verify"))
@click.pass_context
@json_option
def verify(ctx: click.Context, as_json: bool) -> None:
    """Compare l’index à la base ; le code de sortie est 1 s’ils diffèrent."""
    with opened() as services:
        services.search_engine.catch_up(services.feed)
        different = services.search_engine.verify(services.feed)
        met = notices.told(services.search_engine.status().notices)
    for notice in met:
        progress(f"À savoir : {notice}.")
    if as_json:
        print_json({"different": list(different)})
    elif different:
        say(f"{labels.counted(len(different), 'document diffère', 'documents diffèrent')} : {', '.join(different)}.")
        say("Lancez « savoirs index rebuild ».")
    else:
        say("L’index dit la même chose que la base.")
    ctx.exit(1 if different else 0)


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1_000_000:.1f}\N{NO-BREAK SPACE}Mo".replace(".", ",")
