"""A form sent twice does its work once: the second send gets what the first one made.

The page carries a random token; this process remembers what each token led to, and makes a second send wait for the
first. What a visitor sent is also kept in the signed cookie of forms, so that going back after a restart, or to another
process, still finds it.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable

from flask import current_app
from flask import session as form_session

REMEMBERED = 10_000
IN_COOKIE = 5
TOKEN_MAX_CHARS = 64
TURNS = 64

_COOKIE_KEY = "sent"
_EXTENSION = "savoirs-submissions"


def new_token() -> str:
    """A token for a page about to be shown."""
    return secrets.token_urlsafe(12)


def once(token: str, work: Callable[[], str]) -> str:
    """Do the work of a form unless its token did it already.

    Args:
        token: The form's token; without one nothing is remembered.
        work: Does it, and returns the address to go to.

    Returns:
        The address that the first send went to.
    """
    if not token or len(token) > TOKEN_MAX_CHARS:
        return work()
    cookie: dict[str, str] = form_session.get(_COOKIE_KEY, {})
    if token in cookie:
        return cookie[token]
    address = _memory().once(token, work)
    kept = [*cookie.items(), (token, address)][-IN_COOKIE:]
    form_session[_COOKIE_KEY] = dict(kept)
    return address


def was_sent(token: str) -> bool:
    """Whether a form did its work already, as far as this browser or this process knows."""
    return bool(token) and (token in form_session.get(_COOKIE_KEY, {}) or _memory().knows(token))


class Submissions:
    """What tokens led to, the latest ones; safe for threads."""

    def __init__(self) -> None:
        self._turns = tuple(threading.Lock() for _ in range(TURNS))
        self._guard = threading.Lock()
        self._addresses: OrderedDict[str, str] = OrderedDict()

    def once(self, token: str, work: Callable[[], str]) -> str:
        """Do the work unless the token did it already. Two threads with one token take turns."""
        with self._turns[hash(token) % TURNS]:
            known = self._addresses.get(token)
            if known is not None:
                return known
            address = work()
            with self._guard:
                self._addresses[token] = address
                while len(self._addresses) > REMEMBERED:
                    self._addresses.popitem(last=False)
            return address

    def knows(self, token: str) -> bool:
        """Whether a token did its work."""
        with self._guard:
            return token in self._addresses


def _memory() -> Submissions:
    memory: Submissions = current_app.extensions.setdefault(_EXTENSION, Submissions())
    return memory
