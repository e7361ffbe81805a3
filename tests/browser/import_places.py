"""Pages of imports, in each state that looks different: how to get there."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import Page, expect
from sqlalchemy import select

from savoirs import accounts, database, imports
from savoirs.documents.limits import Limits
from savoirs.models import Account, Import, ImportState, Source
from savoirs.models.base import utc_now
from tests.browser.site import EDITOR, Site
from tests.sending import ADVICE, DAY, MEETING, read_all, send
from web.addresses import source_url


def account(site: Site, login: str = EDITOR) -> Account:
    """An account of the site."""
    with database.reading(site.sessions) as session:
        return accounts.get(session, login)


def wait_page(site: Site, login: str = EDITOR) -> str:
    """A file that somebody else's server is said to be reading, for an hour."""
    id_ = send(site.sessions, site.settings.data_dir, MEETING, account(site, login))
    with database.transaction(site.sessions) as session:
        row = session.get_one(Import, id_)
        row.state, row.claimed_until = ImportState.READING, utc_now() + dt.timedelta(hours=1)
    return f"/importer/{id_}"


def review_page(site: Site, login: str = EDITOR) -> str:
    """A day's synthesis, read, nothing decided."""
    id_ = send(site.sessions, site.settings.data_dir, DAY, account(site, login))
    read_all(site.sessions, site.settings.data_dir)
    return f"/importer/{id_}"


def piece_page(site: Site) -> str:
    """A proposed note of several lines, to be corrected."""
    id_ = review_page(site).rpartition("/")[2]
    with database.reading(site.sessions) as session:
        pieces = imports.pieces_of(session.get_one(Import, id_))
    key = next(piece.key for piece in pieces if piece.is_note and piece.is_open and piece.last > piece.first)
    return f"/importer/{id_}/corriger/{key}"


def failed_page(site: Site) -> str:
    """A file whose reading was stopped."""
    id_ = wait_page(site).rpartition("/")[2]
    with database.transaction(site.sessions) as session:
        row = session.get_one(Import, id_)
        row.state, row.error_code, row.error_params = ImportState.FAILED, "document_too_slow", {"name": row.name}
    return f"/importer/{id_}"


def source_page(site: Site) -> str:
    """The document that some published notes come from, one of its passages marked."""
    id_ = send(site.sessions, site.settings.data_dir, ADVICE, account(site))
    read_all(site.sessions, site.settings.data_dir)
    imports.accept(site.sessions, site.settings.data_dir, Limits(), id_, account(site))
    with database.reading(site.sessions) as session:
        sha256 = session.get_one(Import, id_).sha256
        source = session.scalars(select(Source).where(Source.sha256 == sha256)).one()
        return source_url(source.id, source.title, (7, 8))


def with_a_refusal(page: Page, _site: Site) -> None:
    """A file of a kind that is not read."""
    page.goto("/importer")
    page.get_by_label("Choisissez vos fichiers").set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"\0\0\0\x18ftypmp42"}
    )
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_be_visible()
