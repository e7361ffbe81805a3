"""Links of letters: read, or answered by a page that says why they open nothing, and what to do instead."""

from __future__ import annotations

from flask import render_template, url_for

from savoirs import links
from savoirs.errors import SavoirsError
from web.messages import message_of
from web.wiring import current_services

GONE, NOT_FOUND = 410, 404


class LinkOverError(SavoirsError):
    """A link that is too old, was cut, or was made for something else."""


def read_link(purpose: str, token: str, days: int = links.LINK_DAYS) -> str:
    """The id that a link is about.

    Raises:
        LinkOverError: As ``savoirs.links.read`` says.
    """
    try:
        return links.read(current_services().settings.secret(), purpose, token, days)
    except SavoirsError as error:
        raise LinkOverError(error.code, **error.params) from error


def signed(endpoint: str, purpose: str, id_: str | int) -> str:
    """The path of a page that a link opens."""
    return url_for(endpoint, token=links.sign(current_services().settings.secret(), purpose, id_))


def link_over(error: LinkOverError) -> tuple[str, int]:
    """The page of a link that opens nothing."""
    status = GONE if error.code == "link_expired" else NOT_FOUND
    return render_template("link_over.html", sentence=message_of(error)), status
