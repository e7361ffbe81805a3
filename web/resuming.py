"""A form filled with a draft kept on the server, and what the page has to know of drafts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from savoirs import written_drafts
from savoirs.errors import NotFoundError
from savoirs.models import Account
from savoirs.written_drafts import DraftLine
from web.forms.share import ShareForm
from web.identity import required_account

ASKED = "brouillon"
"""The name in the address under which a draft is asked for."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """For the page: the other drafts that may be resumed, and when the one that is shown was kept (milliseconds)."""

    others: tuple[DraftLine, ...] = ()
    kept_at_ms: int = 0


def resumed(session: Session, note_id: str = "") -> tuple[ShareForm, Drafts] | None:
    """The form as it was left, when the address asks for a draft; None when it does not.

    Raises:
        SignInNeededError: A draft is for its writer.
        NotFoundError: ``unknown_draft``.
    """
    asked = request.args.get(ASKED)
    if asked is None:
        return None
    account = required_account()
    draft = written_drafts.find(session, account, note_id or asked)
    if draft is None or (draft.note_id or "") != note_id:
        raise NotFoundError("unknown_draft")
    return ShareForm(formdata=MultiDict(draft.fields)), Drafts(kept_at_ms=int(draft.updated_at.timestamp() * 1000))


def to_resume(session: Session, account: Account | None, note_id: str = "") -> Drafts:
    """The drafts that whoever opens an empty form may rather resume. One query for who is signed in."""
    if account is None:
        return Drafts()
    lines = written_drafts.listing(session, account)
    return Drafts(tuple(line for line in lines if (line.note_id or "") == note_id))
