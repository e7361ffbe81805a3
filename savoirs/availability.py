"""Who may be reached: the one place that reads consents. No address passes here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session


class State(StrEnum):
    """Whether an organisation may be reached, and if not, why.

    ``RELAY`` is the only one that can. ``PENDING``: a contact is known, who has not agreed. ``CLOSED``: does not wish
    to be reached. ``PAUSED``: not before a day. ``NONE``: no contact is known.
    """

    RELAY = "relay"
    PENDING = "pending"
    CLOSED = "closed"
    PAUSED = "paused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an organisation may be reached; ``paused_until`` is an ISO day, only when paused."""

    state: State
    paused_until: str | None = None

    @property
    def contactable(self) -> bool:
        """Whether a request can be sent to it."""
        return self.state is State.RELAY


def availabilities(session: Session, organisation_ids: Iterable[str], today: dt.date) -> Mapping[str, Availability]:
    """The availability of each of these organisations. One query."""
    raise NotImplementedError
