"""``/appels.atom``: open calls as an Atom feed (RFC 4287), made again only when the journal moved."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, request

from savoirs import call_views
from savoirs.call_views import CallLine
from savoirs.database import reading
from web.addresses import call_url
from web.call_words import answers_in_words
from web.wiring import current_services

bp = Blueprint("call_feed", __name__)

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50
KEPT_S = 900
"""How long a reader's program may keep the feed, in seconds."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even written as a number."""

_NEVER = dt.datetime(2017, 1, 1, tzinfo=dt.UTC)
"""When a feed without an entry was last changed: Atom wants a moment."""


@bp.get("/appels.atom")
def feed() -> Response:
    """The feed. A program that has it already gets « 304 » and nothing else."""
    services = current_services()
    base = services.settings.base_url.rstrip("/") or request.host_url.rstrip("/")

    def read() -> tuple[CallLine, ...]:
        with reading(services.sessions) as session:
            return call_views.listing(session, ENTRIES)

    lines = services.open_calls.at(services.feed.last_seq(), read)
    answer = Response(atom(lines, base), mimetype="application/atom+xml")
    shared = "public" if services.settings.base_url else "private"  # else addresses follow what the asker calls us
    answer.headers["Cache-Control"] = f"{shared}, max-age={KEPT_S}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def atom(calls: tuple[CallLine, ...], base: str) -> bytes:
    """Calls as Atom. An entry's id is its address without the slug, which never changes.

    Args:
        calls: The newest first.
        base: The address of the site, without a final slash.
    """
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "fr"})
    _text(root, "title", "Savoirs : appels à expérience")
    _text(root, "id", f"{base}/appels")
    _text(root, "updated", _moment(max((call.updated for call in calls), default=_NEVER)))
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{base}/appels.atom"})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": f"{base}/appels"})
    for call in calls:
        _add_entry(root, call, base)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(root: ET.Element, call: CallLine, base: str) -> None:
    entry = ET.SubElement(root, "entry")
    _text(entry, "title", call.question)
    _text(entry, "id", f"{base}/appels/{call.id}")
    _text(entry, "updated", _moment(call.updated))
    _text(ET.SubElement(entry, "author"), "name", call.organisation.name if call.organisation else "Demande anonyme")
    if call.theme is not None:
        ET.SubElement(entry, "category", {"term": call.theme.id, "label": call.theme.name})
    link = f"{base}{call_url(call.id, call.question)}"
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": link})
    _text(entry, "summary", f"{answers_in_words(call.answers)}.")


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("", text)


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
