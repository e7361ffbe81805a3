"""An import: its reading while it lasts, then its review, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs import imports, organisations, themes
from savoirs.database import reading, transaction
from savoirs.documents.knowing import slug
from savoirs.documents.limits import Limits
from savoirs.duplicates import likely
from savoirs.errors import FieldError, InvalidError, NotFoundError, SavoirsError
from savoirs.imports import cutting
from savoirs.imports.accepting import Accepted
from savoirs.imports.pieces import Piece, PieceState, find, pieces_of
from savoirs.imports.reviewing import GROUPS, Alike
from savoirs.models import Import, ImportState
from savoirs.themes import ThemeNode
from web import dates, import_words
from web.advising import known_texts
from web.clock import now
from web.forms.imports import PieceForm
from web.identity import is_editor, required_account, required_editor
from web.import_records import record_links
from web.labels import counted
from web.limits import READING_METHODS, REVIEWS, limiter
from web.messages import message
from web.originals import original_answer
from web.wiring import Services, current_services

bp = Blueprint("import_review", __name__)
limiter.limit(REVIEWS, exempt_when=lambda: request.method in READING_METHODS)(bp)

MOST_SHOWN = 300
"""The most pieces of a group, and MOST_LINES of a document, that one page shows."""

MOST_LINES = 3_000
FIELD_NAMES = {
    "title": "Titre", "kind": "Genre", "theme": "Thème", "organisation": "Association", "first": "Lignes",
    "last": "Lignes", "line": "Couper",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """What a proposal may be given: the theme tree, and names of organisations, those of the document among them."""

    themes: tuple[ThemeNode, ...]
    organisations: tuple[str, ...]

    @property
    def theme_keys(self) -> frozenset[str]:
        """Keys of themes."""
        return frozenset(node.key for root in self.themes for node in (root, *root.children))


@bp.get("/importer/<string(length=10):import_id>")
def show(import_id: str) -> str:
    """What is known of the file so far, or its review."""
    account = required_account()
    services = current_services()
    with reading(services.sessions) as session:
        row = imports.get(session, import_id, account)
        if row.state not in (ImportState.READY, ImportState.DONE):
            mine = next((line for line in imports.of_account(session, account) if line.id == row.id), None)
            return render_template("import_wait.html", row=row, line=mine, words=import_words)
        found = imports.review(session, row, account, _alike(services))
    return render_template(
        "import_review.html",
        row=row,
        review=found,
        links=record_links(found.groups),
        words=import_words,
        most=MOST_SHOWN,
        most_lines=MOST_LINES,
        may_download=is_editor(account),
    )


@bp.post("/importer/<string(length=10):import_id>/accepter")
def accept(import_id: str) -> Response:
    """Make records of one piece, of a group, or of all that waits."""
    account, services = required_account(), current_services()
    settings = services.settings
    with reading(services.sessions) as session:
        keys = _asked(imports.get(session, import_id, account))
    done = imports.accept(
        services.sessions, settings.data_dir, Limits.of(settings), import_id, account, keys, today=dates.today()
    )
    _tell(done)
    return _back(import_id)


@bp.post("/importer/<string(length=10):import_id>/ignorer")
def ignore(import_id: str) -> Response:
    """Leave a piece out, or take it back."""
    account = required_account()
    with transaction(current_services().sessions) as session:
        row = imports.get(session, import_id, account, lock=True)
        cutting.ignore(row, request.form.get("piece", ""), back=request.form.get("back") == "y")
    return _back(import_id)


@bp.get("/importer/<string(length=10):import_id>/corriger/<string(maxlength=12):key>")
def edit(import_id: str, key: str) -> str:
    """A proposed note, its lines beside it, and what may be changed of it."""
    account = required_account()
    with reading(current_services().sessions) as session:
        row = imports.get(session, import_id, account)
        piece = _note(row, key)
        form = PieceForm(
            formdata=None, title=piece.title, kind=piece.kind, first=piece.first, last=piece.last,
            theme=next(iter(piece.fields.get("themes", ())), ""), organisation=cutting.organisation_of(piece),
        )  # fmt: skip
        return _edit_page(form, row, piece, _offered(session, row))


@bp.post("/importer/<string(length=10):import_id>/corriger/<string(maxlength=12):key>")
def save(import_id: str, key: str) -> Response | tuple[str, int]:
    """Keep what was changed; or cut the note in two, or make one of it and the next."""
    account, form = required_account(), PieceForm()
    step = request.form.get("step", "save")
    try:
        with transaction(current_services().sessions) as session:
            row = imports.get(session, import_id, account, lock=True)
            _note(row, key)
            if step == "merge":
                cutting.merge(row, key)
            elif step == "split":
                cutting.split(row, key, form.line.data or 0)
            else:
                cutting.change(row, key, _wanted(form, _offered(session, row)))
    except InvalidError as error:
        with reading(current_services().sessions) as session:
            row = imports.get(session, import_id, account)
            form.errors.clear()
            form.add_field_errors(error.errors)
            return _edit_page(form, row, _note(row, key), _offered(session, row)), 422
    flash(
        {"merge": "Les deux fiches sont réunies.", "split": "La fiche est coupée en deux."}.get(step, "C’est corrigé."),
        "message",
    )
    return _back(import_id, key)


@bp.post("/importer/<string(length=10):import_id>/annuler")
def cancel(import_id: str) -> Response:
    """Stop waiting for a file."""
    account, services = required_account(), current_services()
    with transaction(services.sessions) as session:
        row = imports.get(session, import_id, account, lock=True)
        if imports.cancel(session, services.settings.data_dir, row, now()):
            flash(f"La lecture de « {row.name} » est annulée. Rien n’en est gardé.", "message")
    return redirect(url_for("imports.show", _anchor="fichiers"), 303)


@bp.post("/importer/<string(length=10):import_id>/reessayer")
def retry(import_id: str) -> Response:
    """Read a file again that could not be read."""
    account, services = required_account(), current_services()
    with transaction(services.sessions) as session:
        row = imports.get(session, import_id, account, lock=True)
        imports.retry(services.settings.data_dir, row, now())
    return redirect(url_for("import_review.show", import_id=import_id), 303)


@bp.post("/importer/<string(length=10):import_id>/retirer")
def remove(import_id: str) -> Response:
    """Forget an import; what was made of it stays."""
    account, services = required_account(), current_services()
    with transaction(services.sessions) as session:
        row = imports.get(session, import_id, account, lock=True)
        imports.remove(session, services.settings.data_dir, row)
        flash(f"« {row.name} » est retiré de vos imports. Ce qui en a été accepté reste.", "message")
    return redirect(url_for("imports.show"), 303)


@bp.get("/importer/<string(length=10):import_id>/original")
def original(import_id: str) -> Response:
    """The file as it was sent, to be saved by an editor and never shown in a page."""
    editor = required_editor()
    with reading(current_services().sessions) as session:
        row = imports.get(session, import_id, editor)
    return original_answer(row.sha256, row.name)


def _asked(row: Import) -> list[str] | None:
    """Keys of the pieces that the form names; None for all."""
    if key := request.form.get("piece"):
        return [key]
    if group := request.form.get("group"):
        kinds = dict(GROUPS).get(group, ())
        return [piece.key for piece in pieces_of(row) if piece.kind in kinds]
    return None


def _tell(done: Accepted) -> None:
    made = sum(not one.known for one in done.stored)
    if done.stored:
        waits = " Une personne relira vos fiches avant leur publication." if done.waiting else ""
        flash(f"{counted(made, 'proposition acceptée', 'propositions acceptées')}.{waits}", "message")
    for refused in done.refused[:3]:
        why = message(refused.error.code, **refused.error.params)
        flash(f"« {refused.title} » n’a pas pu être acceptée. {why} Corrigez-la, puis réessayez.", "alerte")


def _back(import_id: str, key: str = "") -> Response:
    key = key or request.form.get("piece", "")
    return redirect(url_for("import_review.show", import_id=import_id, _anchor=key or None), 303)


def _note(row: Import, key: str) -> Piece:
    """A note that may still be changed.

    Raises:
        NotFoundError: ``unknown_piece``.
        SavoirsError: ``piece_decided``.
    """
    piece = find(pieces_of(row), key)
    if piece is None or not piece.is_note:
        raise NotFoundError("unknown_piece", key=key)
    if not piece.is_open:
        raise SavoirsError("piece_decided")
    return piece


def _offered(session: Session, row: Import) -> Offered:
    known = [one.name for one in organisations.names(session)]
    named = [one.title for one in pieces_of(row) if one.kind == "organisation" and one.state is not PieceState.IGNORED]
    return Offered(themes.tree(session), tuple(dict.fromkeys([*named, *known])))


def _wanted(form: PieceForm, offered: Offered) -> cutting.Change:
    """What the form asks for, once its choices are among those offered.

    Raises:
        InvalidError: ``import_unknown_organisation`` or ``import_unknown_theme``.
    """
    name, theme = form.organisation.data or "", form.theme.data or ""
    known = {slug(one): one for one in offered.organisations}
    mistakes = []
    if name and slug(name) not in known:
        mistakes.append(FieldError("organisation", "import_unknown_organisation"))
    if theme and theme not in offered.theme_keys:
        mistakes.append(FieldError("theme", "import_unknown_theme"))
    if mistakes:
        raise InvalidError(tuple(mistakes))
    return cutting.Change(
        title=form.title.data or "",
        kind=form.kind.data or "",
        theme=theme,
        organisation=known.get(slug(name), "") if name else "",
        first=form.first.data or 0,
        last=form.last.data or 0,
    )


def _edit_page(form: PieceForm, row: Import, piece: Piece, offered: Offered) -> str:
    texts = row.text.splitlines()
    start, end = max(0, piece.first - 4), min(len(texts), piece.last + 3)
    following = cutting.next_note(pieces_of(row), piece)
    return render_template(
        "import_piece.html",
        form=form,
        row=row,
        piece=piece,
        offered=offered,
        names=FIELD_NAMES,
        around=tuple(enumerate(texts[start:end], start + 1)),
        following=following,
        words=import_words,
        last_line=len(texts),
    )


def _alike(services: Services) -> Alike:
    """Says which published notes tell a text already; nothing while the notes are being read."""
    texts = known_texts()
    if not texts.ready(services.feed):
        return lambda _title, _text: ()
    return lambda title, text: tuple(one.note_id for one in likely(texts.near(title, text), limit=2))
