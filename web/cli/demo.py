"""The demonstration: the corpus in a folder of its own, two accounts, and what to try."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from savoirs import accounts, corpus
from savoirs.config import DEMONSTRATION_FILE, Settings
from savoirs.database import reading, transaction
from savoirs.errors import NotFoundError
from savoirs.models import Contact, Note, NoteStatus, Organisation, Role
from savoirs.models.base import utc_now
from web.cli import demo_network
from web.cli.data import base, follow, opened, seq_of
from web.cli.french import FrenchCommand, example, option
from web.cli.output import progress, refuse, say
from web.cli.supervising import supervised
from web.wiring import Services

LOOPBACK = "127.0.0.1"
MARKER = DEMONSTRATION_FILE
"""It also says which corpus is in the folder."""

EDITOR, MEMBER = "edition", "membre"
SEARCHES = ("apprendre à coder", "emmaus", "programer ses posts", "boite a outils")
NEED = "animer mes bénévoles"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time sign-in link, and for whom."""

    who: str
    token: str


@click.command(cls=FrenchCommand, epilog=example("savoirs demo", "savoirs demo --port 5001"))
@option("--port", type=click.IntRange(0, 65535), help="Port d’écoute (réglage SAVOIRS_PORT, 5000 par défaut).")
def demo(port: int | None) -> None:
    """Démarre une démonstration, visible de cette machine seulement.

    Le dossier de données doit être absent, vide, ou celui d’une démonstration précédente.
    """
    given = {} if port is None else {"port": port}
    settings = Settings.load(host=LOOPBACK, base_url="", smtp_host="", **given)  # nothing leaves
    refuse_another_use(settings)
    supervised(lambda: _serve(settings))


def _serve(settings: Settings) -> None:
    from savoirs.backup import swapping  # noqa: PLC0415  (the child's: the parent stays light)
    from web.cli.listening import serve_services  # noqa: PLC0415

    prepare(settings)
    with swapping.in_use(settings.data_dir, alone=False), opened(settings) as services:
        serve_services(services, host=LOOPBACK, port=settings.port, ready=lambda address: welcome(services, address))


def refuse_another_use(settings: Settings) -> None:
    """Look whether the folder is absent, empty or a demonstration's.

    Raises:
        click.ClickException: It holds something else.
    """
    folder = settings.data_dir
    if not (folder / MARKER).is_file() and folder.is_dir() and any(folder.iterdir()):
        raise refuse(
            f"Le dossier « {folder} » contient autre chose qu’une démonstration : "
            "donnez un dossier vide dans SAVOIRS_DATA_DIR."
        )


def prepare(settings: Settings) -> None:
    """Load the corpus, unless this very corpus is there already.

    Raises:
        click.ClickException: The folder holds something else.
    """
    refuse_another_use(settings)
    marker = settings.data_dir / MARKER
    fingerprint = corpus_fingerprint(settings.corpus_dir)
    if marker.is_file() and _read(marker) == fingerprint:
        return
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(marker, "")  # from now on the folder is ours, even if what follows is interrupted
    progress("Chargement du corpus…")
    with base(settings) as sessions:
        before = seq_of(sessions)
        with transaction(sessions) as session:
            corpus.load(session, settings.corpus_dir)
            _give_addresses(session)
            demo_network.seed(session, settings.corpus_dir, utc_now())
        changes = seq_of(sessions) - before
    follow(settings, changes)
    _write(marker, fingerprint)


def _give_addresses(session: Session) -> None:
    """Fictional addresses for the contacts of fictional organisations, so that the whole loop can be played."""
    contacts = select(Contact).join(Organisation).where(Organisation.fictional, Contact.email.is_(None))
    for contact in session.scalars(contacts.options(joinedload(Contact.organisation))):
        if contact.organisation is not None:
            contact.email = f"{contact.organisation.key}@example.org"


def corpus_fingerprint(directory: Path) -> str:
    """The SHA-256 of every file's name and content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(directory).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def welcome(services: Services, address: str) -> None:
    """Say where it is, how to sign in, and what to try."""
    with transaction(services.sessions) as session:
        invitations = invite(session)
        _give_addresses(session)
    with reading(services.sessions) as session:
        notes = session.scalar(select(func.count()).where(Note.status == NoteStatus.PUBLISHED))
        organisations = session.scalar(select(func.count()).select_from(Organisation))
    say(f"\nSavoirs est prêt : {address}")
    say(f"  {notes} fiches, {organisations} organisations. Le réseau « Association Exemple … » est inventé.")
    say("\nPour se connecter (chaque lien sert une fois, pendant 30 minutes) :")
    for invitation in invitations:
        say(f"  {invitation.who}")
        click.echo(f"    {address}/connexion/lien/{invitation.token}")
    say("\nÀ chercher :")
    for text in SEARCHES:
        click.echo(f"  {text}\n    {address}/recherche?q={quote(text)}")
    say("\nPour trouver un pair :")
    click.echo(f"  {NEED}\n    {address}/pairs?besoin={quote(NEED)}")
    say("\nPour jouer une mise en relation : demandez-la, puis lisez les messages avec le compte « edition » :")
    click.echo(f"  {address}/courriels")
    say("\nCtrl+C pour arrêter.")


def invite(session: Session) -> tuple[Invitation, ...]:
    """Sign-in links for an editor and for a member of a fictional association; accounts are made when missing."""
    editor = Invitation("pour relire et publier, compte « edition »", _link(session, EDITOR, Role.EDITOR, None))
    fictional = select(Organisation).where(Organisation.fictional).order_by(Organisation.key).limit(1)
    organisation = session.scalar(fictional)
    if organisation is None:
        return (editor,)
    token = _link(session, MEMBER, Role.MEMBER, organisation.id)
    return editor, Invitation(f"pour écrire au nom de « {organisation.name} », compte « membre »", token)


def _link(session: Session, login: str, role: Role, organisation_id: str | None) -> str:
    try:
        accounts.get(session, login)
    except NotFoundError:
        accounts.create(session, login, role, organisation_id=organisation_id)
    return accounts.make_link(session, login)


def _read(marker: Path) -> str:
    try:
        value = json.loads(marker.read_text("utf-8"))
    except ValueError:
        return ""
    return str(value.get("corpus", "")) if isinstance(value, dict) else ""


def _write(marker: Path, fingerprint: str) -> None:
    marker.write_text(json.dumps({"corpus": fingerprint}) + "\n", "utf-8")
