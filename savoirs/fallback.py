"""Who answers: the search engine, or somebody else while it is not ready or when it breaks."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from indexer.engine import Feed, SearchEngine
from savoirs.errors import SavoirsError

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def answered(engine: SearchEngine, feed: Feed, ask: Callable[[], Answer], otherwise: Callable[[], Answer]) -> Answer:
    """What ``ask`` answers with an engine that follows the feed, else what ``otherwise`` answers without it.

    An engine that breaks is told in the log, by the kind of error and its place, without its message: that may hold
    what somebody searched. Errors of ours and of the database are not the engine's, and go on.

    Args:
        engine: The search engine.
        feed: What it follows.
        ask: Asks the engine.
        otherwise: Answers without it.
    """
    try:
        if engine.poll(feed):
            return ask()
    except (SavoirsError, SQLAlchemyError):
        raise
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("the search engine broke: %s\n%s", type(error).__name__, where)
    return otherwise()


def ready(engine: SearchEngine, feed: Feed) -> bool:
    """Whether the engine answers for the feed's last change."""
    return answered(engine, feed, lambda: True, lambda: False)
