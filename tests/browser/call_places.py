"""Pages of calls, trials and kept searches, each in a state that shows what it has."""

from __future__ import annotations

from sqlalchemy import select

from savoirs import accounts, calls, checks, database, links, saved_searches, trials
from savoirs.calls import CallDraft
from savoirs.models import Contact, ContactMode, Note, NoteKind, NoteStatus, Outcome, Verdict, record_id
from tests.browser.site import MEMBER, Site
from tests.builders import make_call
from web.addresses import note_url


def call_page(site: Site) -> str:
    """The path of an open call."""
    with database.transaction(site.sessions) as session:
        call = make_call(session, context="Un village de quatre cents habitants.")
        return f"/appels/{call.id}"


def answer_page(site: Site) -> str:
    """The path of the form that answers a call."""
    return f"/partager?appel={call_page(site).rpartition('/')[2]}"


def follow_page(site: Site) -> str:
    """The path that a letter gives to who asked, whose address is not confirmed yet."""
    with database.transaction(site.sessions) as session:
        key = "appel-du-navigateur"
        asker = session.scalar(select(Contact).where(Contact.key == key)) or Contact(
            id=record_id("contact", key), key=key, mode=ContactMode.CLOSED, email="demande@example.org"
        )
        call = make_call(session, asker=asker)
    return f"/appels/suivi/{links.sign(site.settings.secret(), 'call.follow', call.id)}"


def review_page(site: Site) -> str:
    """The path where an editor reads a call that waits."""
    with database.transaction(site.sessions) as session:
        asked = CallDraft("Qui a organisé du covoiturage ?", "Un village.", "covoiturage")
        return f"/moderation/appels/{calls.ask(session, asked, None).id}"


def lived_note(site: Site) -> str:
    """The path of a practice that was tried, and of which somebody said that it has changed."""
    with database.transaction(site.sessions) as session:
        wanted = select(Note).where(Note.kind == NoteKind.PRACTICE, Note.status == NoteStatus.PUBLISHED)
        note = session.scalars(wanted.order_by(Note.title.desc()).limit(1)).one()
        account = accounts.get(session, MEMBER)
        checks.tell(session, note.id, account, Verdict.CHANGED, "Le lieu n’est plus le même.")
        trials.tell(session, note.id, account, Outcome.ADAPTED, "Une heure au lieu de deux.")
        return note_url(note.id, note.title)


def trial_page(site: Site) -> str:
    """The path where a member says what came of a trial."""
    with database.transaction(site.sessions) as session:
        wanted = select(Note).where(Note.kind == NoteKind.TOOL, Note.status == NoteStatus.PUBLISHED)
        note = session.scalars(wanted.order_by(Note.title.desc()).limit(1)).one()
        return f"/fiches/{note.id}/essai"


def check_page(site: Site) -> str:
    """The path where a member says whether a note still holds."""
    return trial_page(site).replace("/essai", "/toujours-vrai?reponse=changed")


def space_with_searches(site: Site) -> str:
    """A member's own page, with a search that they keep."""
    with database.transaction(site.sessions) as session:
        saved_searches.keep(session, accounts.get(session, MEMBER), "fidéliser", {"kind": ("practice",)})
    return "/mon-espace"
