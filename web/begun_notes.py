"""A note begun with what came of a meeting, from the page where it was told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from savoirs import introductions, links
from savoirs.errors import SavoirsError
from savoirs.models import Introduction, Stance
from web.forms.share import ShareForm

PURPOSE = "introduction.note"


def begin_from_meeting(session: Session, form: ShareForm, secret: str, token: str) -> None:
    """Put in an empty form what one side of a meeting told: the need as context, the line as what worked or not.

    A link that opens nothing leaves the form as it is: one can write all the same.
    """
    try:
        id_, _, side = links.read(secret, PURPOSE, token).partition(":")
        one = introductions.view(session, int(id_))
    except SavoirsError:
        return
    row = session.get_one(Introduction, one.id)
    outcome, line = getattr(row, f"{side}_outcome"), getattr(row, f"{side}_line")
    helped = outcome == "helped"
    form.context.data = (one.context or one.need) if side == "requester" else ""
    form.worked.data, form.failed.data = (line, "") if helped else ("", line)
    if side == "requester":
        form.stance.data = (Stance.SOLVED if helped else Stance.ONGOING).value
