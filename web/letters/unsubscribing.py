"""What one click on « ne plus recevoir ces messages » stops, by topic (RFC 8058)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from sqlalchemy.orm import Session

UNSUBSCRIBE_DAYS = 3_650
"""How long such a link works: letters are kept for years."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Letters that can be stopped.

    Attributes:
        stop: « module:function », called with the session, the id and the present moment; doing it twice is as once.
        asked: What the page asks, for example « Ne plus recevoir de demandes de mise en relation ? ».
        done: What it says afterwards.
    """

    stop: str
    asked: str
    done: str


TOPICS: dict[str, Topic] = {
    "calls": Topic(
        "savoirs.call_recipients:stop_notices",
        "Ne plus être prévenu des appels à expérience ?",
        "Vous ne recevrez plus d'appels par message. Ils restent sur la page des appels.",
    ),
    "digest": Topic(
        "savoirs.saved_searches:stop_all_news",
        "Ne plus recevoir le message de la semaine sur vos recherches ?",
        "Vous ne recevrez plus ce message. Vos recherches restent gardées dans Mon espace.",
    ),
    "call_answers": Topic(
        "savoirs.calls:forget_asker",
        "Ne plus être prévenu des réponses à cet appel ?",
        "Votre adresse est effacée de cet appel. Ses réponses restent sur sa page.",
    ),
    "relay": Topic(
        "savoirs.consents:withdraw_by_id",
        "Ne plus recevoir de demandes de mise en relation ?",
        "Votre accord est retiré : personne ne vous écrira plus par Savoirs. Les demandes sans réponse sont closes.",
    ),
}
"""By the name that an ``Unsubscribing`` gives."""


def stop(session: Session, topic: Topic, id_: str, now: dt.datetime) -> None:
    """Stop the letters of a topic for one record.

    Raises:
        SavoirsError: As the topic's function does, for a record that is gone.
    """
    module, name = topic.stop.split(":")
    function: Callable[[Session, str, dt.datetime], None] = getattr(import_module(module), name)
    function(session, id_, now)
