"""Signed links of letters: what they open, for how long, and nothing that can be guessed or reused for something else.

A link opens a page; the page's button acts. Scanners of mail servers follow links, so following one changes nothing.
"""

from __future__ import annotations

import hmac

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from savoirs.errors import SavoirsError

LINK_DAYS = 90
"""How long a link works, in days, unless its reader says otherwise."""


def sign(secret: str, purpose: str, id_: str | int) -> str:
    """A token for one purpose and one record, for an address.

    Args:
        secret: The key of this installation.
        purpose: What the link is for: a token of one purpose is forged for all others.
        id_: The record's id.
    """
    return _serializer(secret, purpose).dumps(str(id_))


def read(secret: str, purpose: str, token: str, days: int = LINK_DAYS) -> str:
    """The id that a token was signed for.

    Raises:
        SavoirsError: ``link_expired``, or ``link_forged`` when it was cut, changed, or made for something else.
    """
    try:
        id_ = _serializer(secret, purpose).loads(token, max_age=days * 86_400)
    except SignatureExpired as error:
        raise SavoirsError("link_expired", days=days) from error
    except BadData as error:
        raise SavoirsError("link_forged") from error
    return str(id_)


def _serializer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"savoirs/{purpose}")


def mark(secret: str, text: str) -> str:
    """What stands for a text and is not read back: a keyed digest, in 64 hexadecimal digits."""
    return hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()
