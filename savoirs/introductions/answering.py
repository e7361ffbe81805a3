"""Answering a request: d'accord, pas moi, pas en ce moment, or a report. Once, whatever is clicked afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import organisations, outbox
from savoirs.availability import has_agreed
from savoirs.cards import kept
from savoirs.config import Settings
from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError, InvalidError, SavoirsError
from savoirs.introductions.drafts import person_free
from savoirs.introductions.ending import tell_closed
from savoirs.introductions.locking import locked
from savoirs.introductions.recipients import sender_mark
from savoirs.models import Block, Introduction, IntroductionStatus

DECISIONS = (
    IntroductionStatus.ACCEPTED,
    IntroductionStatus.PASSED,
    IntroductionStatus.DECLINED,
    IntroductionStatus.REPORTED,
)
REPORT_REASONS = ("advertising", "rude", "not_for_us", "other")
WORD_MAX = 1000
"""Most characters of the word that goes with an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a recipient says.

    Attributes:
        decision: One of ``DECISIONS``.
        word: A word for who asked.
        passed_to: For « pas moi, voyez… »: the name of an organisation, known or not, or of somebody's role.
        reason: For a report: one of ``REPORT_REASONS``.
        block: Whether nothing more of this sender is wanted.
    """

    decision: str = ""
    word: str = ""
    passed_to: str = ""
    reason: str = ""
    block: bool = False


def answer(session: Session, introduction_id: int, given: Answer, settings: Settings, now: dt.datetime) -> Introduction:
    """Keep an answer and tell who asked. The same decision again changes nothing.

    Raises:
        NotFoundError: ``unknown_introduction``.
        InvalidError: The answer has mistakes.
        SavoirsError: ``already_answered`` otherwise; ``request_over`` when it was taken back or closed since;
            ``consent_gone`` when who answers has withdrawn theirs.
    """
    one = locked(session, introduction_id)
    given = Answer(given.decision, clean_text(given.word), clean_text(given.passed_to), given.reason, given.block)
    if one.status == given.decision:
        return one
    if one.status in DECISIONS:
        raise SavoirsError("already_answered")
    if one.status != IntroductionStatus.SENT or one.recipient is None:
        raise SavoirsError("request_over")
    errors = tuple(_mistakes(given))
    if errors:
        raise InvalidError(errors)
    if given.decision == IntroductionStatus.ACCEPTED and not has_agreed(session, one.recipient):
        raise SavoirsError("consent_gone")
    if given.decision == IntroductionStatus.PASSED:
        _pass_on(session, one, given.passed_to)
    one.answered_at, one.answer = now, given.word
    one.sent_at = one.sent_at or one.confirmed_at
    one.status = IntroductionStatus(given.decision)
    if given.decision == IntroductionStatus.REPORTED:
        one.report_reason = given.reason
    if given.block or given.decision == IntroductionStatus.REPORTED:
        _block(session, one, settings)
    _tell(session, one, now)
    return one


def _mistakes(given: Answer) -> Iterator[FieldError]:
    if given.decision not in DECISIONS:
        yield FieldError("decision", "no_decision")
    yield from person_free("word", given.word)
    if len(given.word) > WORD_MAX:
        yield FieldError("word", "too_long", {"max": WORD_MAX, "length": len(given.word)})
    if given.decision == IntroductionStatus.PASSED:
        if not given.passed_to:
            yield FieldError("passed_to", "nobody_named")
        yield from person_free("passed_to", given.passed_to)
        if len(given.passed_to) > 200:
            yield FieldError("passed_to", "too_long", {"max": 200, "length": len(given.passed_to)})
    if given.decision == IntroductionStatus.REPORTED and given.reason not in REPORT_REASONS:
        yield FieldError("reason", "no_reason")


def _pass_on(session: Session, one: Introduction, name: str) -> None:
    found = organisations.find_by_name(session, name)
    if found is None:
        one.passed_to_name = name
        return
    if kept(found).id == one.organisation_id:
        raise InvalidError((FieldError("passed_to", "passed_to_oneself"),))
    one.passed_to_id = kept(found).id


def _block(session: Session, one: Introduction, settings: Settings) -> None:
    sender = sender_mark(settings, one.requester.email or "")
    known = select(Block.id).where(Block.contact_id == one.recipient_id, Block.sender == sender)
    if session.scalar(known) is None:
        session.add(Block(contact_id=one.recipient_id, sender=sender))


def _tell(session: Session, one: Introduction, now: dt.datetime) -> None:
    """The letters that an answer makes; who was reported reads only that there will be no answer."""
    params = {"introduction": one.id}
    if one.status == IntroductionStatus.REPORTED:
        tell_closed(session, one, "no_answer", now)
        return
    outbox.post(
        session, f"introduction.{one.status}", one.requester, f"introduction/{one.id}/{one.status}", params, now
    )
    if one.status == IntroductionStatus.ACCEPTED and one.recipient is not None:
        key = f"introduction/{one.id}/exchanged"
        outbox.post(session, "introduction.exchanged", one.recipient, key, params, now)
