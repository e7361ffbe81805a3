"""« Importer »: choose files, follow their reading, and take each up where it is."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from savoirs import imports
from savoirs.database import reading, transaction
from savoirs.documents.formats import EXTENSIONS
from savoirs.documents.limits import Limits
from savoirs.errors import SavoirsError
from web import import_words
from web.clock import now
from web.forms.imports import SendForm
from web.identity import is_editor, required_account
from web.import_words import sentence
from web.labels import counted
from web.messages import message
from web.receiving import largest_body, receiving_files
from web.wiring import current_services

bp = Blueprint("imports", __name__)

AT_ONCE_S = 2.0
"""How long a page may read small files itself, rather than leave them to who reads beside it."""


@bp.record_once
def _answer_for_form_tokens(state: BlueprintSetupState) -> None:
    """The form checks its own token here: nothing may read the files before their limits are set."""
    state.app.extensions["csrf"].exempt(bp)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the files of a form: how many were taken, the last one's import, a sentence for each other."""

    taken: int = 0
    import_id: str = ""
    refused: tuple[str, ...] = ()


@bp.get("/importer")
def show() -> str:
    """The form, with its limits, and one's files."""
    required_account()
    return _page()


@bp.post("/importer")
def send() -> Response | str | tuple[str, int]:
    """Take the files that can be, say why of each other one, and read what is quickly read."""
    required_account()
    settings = current_services().settings
    most, max_bytes = settings.import_max_files, settings.import_max_bytes
    with receiving_files(settings.data_dir, max_bytes=max_bytes, most=most):
        try:
            form = SendForm()
            files = [file for file in request.files.getlist("files") if file.filename]
        except RequestEntityTooLarge:
            limit = import_words.size(largest_body(max_bytes, most))
            return _page(refused=(message("files_too_heavy", maximum=limit),)), 413
        form.validate()
        if form.page_expired:
            return _page(expired=True), 422
        outcome = _taken(files) if 0 < len(files) <= most else Outcome(refused=(_bad_count(files),))
    if outcome.refused:
        return _page(refused=outcome.refused, taken=outcome.taken), 422
    if outcome.taken == 1:
        return redirect(url_for("import_review.show", import_id=outcome.import_id), 303)
    flash(f"{counted(outcome.taken, 'fichier reçu', 'fichiers reçus')}. Vous pouvez quitter cette page.", "message")
    return redirect(url_for("imports.show", _anchor="fichiers"), 303)


@bp.post("/importer/reessayer")
def retry_all() -> Response | tuple[str, int]:
    """Read again what failed and may go better, and nothing else."""
    account = required_account()
    form = SendForm()
    form.validate()
    if form.page_expired:
        return _page(expired=True), 422
    services = current_services()
    with transaction(services.sessions) as session:
        count = imports.retry_all(session, services.settings.data_dir, account, now())
    flash(f"{counted(count, 'fichier sera relu', 'fichiers seront relus')}.", "message")
    return redirect(url_for("imports.show", _anchor="fichiers"), 303)


def _bad_count(files: list[FileStorage]) -> str:
    most = current_services().settings.import_max_files
    return sentence(
        SavoirsError("too_many_documents", count=len(files), maximum=most) if files else SavoirsError("no_file_chosen")
    )


def _taken(files: list[FileStorage]) -> Outcome:
    """Each file on its own: what is wrong with one takes nothing from the others."""
    services, account = current_services(), required_account()
    settings = services.settings
    ids: list[str] = []
    refused: list[str] = []
    for file in files:
        try:
            sent = imports.check(file.stream, file.filename or "", max_bytes=settings.import_max_bytes)  # type: ignore[arg-type]
            with transaction(services.sessions) as session:
                row = imports.add(session, settings.data_dir, file.stream, sent, account, now())  # type: ignore[arg-type]
                ids.append(row.id)
        except SavoirsError as error:
            refused.append(sentence(error))
    ids = list(dict.fromkeys(ids))
    until = time.monotonic() + AT_ONCE_S
    for id_ in ids:
        left = until - time.monotonic()
        if left <= 0:
            break
        limits = Limits.of(settings)
        imports.read_next(services.sessions, settings.data_dir, limits, only=id_, budget_s=left)
    return Outcome(len(ids), ids[-1] if ids else "", tuple(refused))


def _page(*, refused: tuple[str, ...] = (), taken: int = 0, expired: bool = False) -> str:
    services, account = current_services(), required_account()
    settings = services.settings
    with reading(services.sessions) as session:
        mine = imports.of_account(session, account)
        others = imports.lines(session, account) if is_editor(account) else ()
    return render_template(
        "import_files.html",
        refused=refused,
        taken=taken,
        expired=expired,
        mine=mine,
        others=others,
        moving=any(line.moving for line in mine),
        retriable=sum(line.retried and line.state == "failed" for line in mine),
        words=import_words,
        settings=settings,
        largest=largest_body(settings.import_max_bytes, settings.import_max_files),
        extensions=",".join(EXTENSIONS),
    )
