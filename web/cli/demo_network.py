"""What the demonstration network says and asks beside its notes: calls, trials, checks. All of it is fictional."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.journal import record_change
from savoirs.models import (
    Base,
    Call,
    CallAnswer,
    CallNotice,
    CallStatus,
    Check,
    Note,
    Organisation,
    Outcome,
    Theme,
    Trial,
    Verdict,
    record_id,
)

FILE = "demonstration.yaml"


def seed(session: Session, corpus_dir: Path, now: dt.datetime) -> None:
    """Add what the file of a corpus says, to a folder that has no call, trial or check yet; nothing without a file.

    What it names and the corpus has not is left out.

    Args:
        session: The session of a transaction.
        corpus_dir: The corpus.
        now: From which days are counted.
    """
    path = corpus_dir / FILE
    if not path.is_file() or any(session.scalar(select(table).limit(1)) for table in (Call, Trial, Check)):
        return
    told: Mapping[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text("utf-8")) or {}
    known: dict[type[Base], Mapping[str, str]] = {table: _ids(session, table) for table in (Note, Organisation, Theme)}
    for row in told.get("calls", ()):
        _add_call(session, row, known, now)
    for name, table, value in (("trials", Trial, "outcome"), ("checks", Check, "verdict")):
        for row in told.get(name, ()):
            _add_said(session, row, known, now, table=table, value=value)


def _ids(session: Session, table: Any) -> dict[str, str]:
    return dict(session.execute(select(table.key, table.id)).all())


def _add_call(
    session: Session, row: Mapping[str, Any], known: Mapping[type[Base], Mapping[str, str]], now: dt.datetime
) -> None:
    asked = now - dt.timedelta(days=row["days_ago"])
    call = Call(
        id=record_id("call", f"demonstration/{row['question']}"),
        question=row["question"],
        context=row.get("context", ""),
        status=CallStatus.OPEN,
        theme_id=known[Theme].get(row.get("theme", "")),
        organisation_id=known[Organisation].get(row.get("organisation", "")),
        created_at=asked,
        opened_at=asked,
    )
    session.add(call)
    session.flush()
    for key in row.get("told", ()):
        if organisation := known[Organisation].get(key):
            session.add(CallNotice(call_id=call.id, organisation_id=organisation, created_at=asked))
    for key in row.get("answers", ()):
        if note := known[Note].get(key):
            session.add(CallAnswer(call_id=call.id, note_id=note, created_at=asked))
            record_change(session, "note", note)
    record_change(session, "call", call.id)


def _add_said(
    session: Session,
    row: Mapping[str, Any],
    known: Mapping[type[Base], Mapping[str, str]],
    now: dt.datetime,
    *,
    table: type[Trial | Check],
    value: str,
) -> None:
    note, organisation = known[Note].get(row["note"]), known[Organisation].get(row["organisation"])
    if note is None or organisation is None:
        return
    said = {"outcome": Outcome, "verdict": Verdict}[value](row[value])
    moment = now - dt.timedelta(days=row["days_ago"])
    values = {"note_id": note, "organisation_id": organisation, "line": row.get("line", ""), "created_at": moment}
    session.add(table(**values, **{value: said}))
    record_change(session, "note", note)
