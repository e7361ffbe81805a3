"""Letters in French: one function a kind, which writes a letter at the moment it leaves.

To add a kind of letter:

1. Put it in the outbox where the thing happens, in the same transaction: ``savoirs.outbox.post(session, "call.notice",
   contact, key="call/abc/notice/xyz", params={"call": "abc"})``. ``params`` has ids only. The same ``key`` twice is
   one letter.
2. Write a function ``(letter: Letter, desk: Desk) -> Written | None`` in a module of this package, and name it below.
   It reads what it needs by ``desk.session`` and returns a ``Written``: a subject and paragraphs (see
   ``web.letters.writing``), or None when the letter has no reason to leave any more (its state becomes ``dropped``).
   Typography (apostrophes, no-break spaces) is set for it. It must not write to the database.
3. A letter that one can do without names its ``Unsubscribing``: a topic of ``web.letters.unsubscribing.TOPICS``, and
   the id that this topic's function gets when the reader clicks once. The headers of RFC 8058 and the last line of the
   letter are made from it.
4. Links are ``Link("Répondre", "/mises-en-relation/…")``: a path of ours; a token in it is made by ``desk.sign(purpose,
   id)``. The page it opens changes nothing on GET; its button does.

The address is read from the contact by the sender, never by the writer; a contact without an address, or whose address
was refused, gets nothing.
"""

from __future__ import annotations

LETTERS: dict[str, str] = {
    "introduction.confirm": "web.letters.introductions:confirm",
    "introduction.request": "web.letters.introductions:request",
    "introduction.reminder": "web.letters.introductions:reminder",
    "introduction.accepted": "web.letters.introductions:accepted",
    "introduction.exchanged": "web.letters.introductions:exchanged",
    "introduction.passed": "web.letters.introductions:passed",
    "introduction.declined": "web.letters.introductions:declined",
    "introduction.closed": "web.letters.introductions:closed",
    "introduction.outcome": "web.letters.introductions:outcome",
    "call.notice": "web.letters.calls:notice",
    "call.open": "web.letters.calls:opened",
    "call.answer": "web.letters.calls:answer",
    "digest.weekly": "web.letters.digest:weekly",
    "consent.ask": "web.letters.consents:ask",
    "consent.renew": "web.letters.consents:renew",
    "privacy.my_data": "web.letters.privacy:my_data",
    "privacy.address": "web.letters.privacy:address",
    "privacy.inactive": "web.letters.privacy:inactive",
}
"""By kind: « module:function », read when a letter of that kind leaves."""
