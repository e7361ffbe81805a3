"""One request at a time: of two clicks on a link, the second one sees what the first one did."""

from __future__ import annotations

from sqlalchemy.orm import Session

from savoirs.errors import NotFoundError
from savoirs.models import Introduction


def locked(session: Session, introduction_id: int) -> Introduction:
    """A request that this transaction alone may change until it ends.

    Raises:
        NotFoundError: ``unknown_introduction``.
    """
    one = session.get(Introduction, introduction_id, with_for_update=True)
    if one is None:
        raise NotFoundError("unknown_introduction", id=introduction_id)
    return one
