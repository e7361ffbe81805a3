"""The application factory: services in, a Flask application out."""

from __future__ import annotations

from importlib import import_module

from apiflask import APIFlask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from web import dates, health, labels
from web.addresses import (
    call_url,
    gathering_url,
    note_url,
    organisation_url,
    record_url,
    result_url,
    source_url,
    workshop_anchor,
)
from web.advising import hint_words
from web.api.blueprint import bp as api
from web.display import chosen_theme, here
from web.errors import handle_errors
from web.icons import icon, icon_sheet
from web.identity import offer_identity
from web.limits import limit_writes
from web.markdown import markdown_to_html
from web.peer_words import of_organisation, the_organisation
from web.security import secure
from web.shares import percentages
from web.static_files import static_url
from web.typography import TypographyExtension, typo
from web.wiring import EXTENSION, Services

PAGES = (
    "home",
    "search",
    "notes",
    "upkeep",
    "calls",
    "call_links",
    "call_feed",
    "call_moderation",
    "organisations",
    "help",
    "peers",
    "introductions",
    "answers",
    "agreements",
    "gatherings",
    "evaluation",
    "share",
    "imports",
    "import_review",
    "source",
    "sign_in",
    "space",
    "saved_searches",
    "my_data",
    "contact",
    "moderation",
    "bin",
    "organisation_pairs",
    "figures",
    "gap_figures",
    "outbox",
)
"""Modules of ``web.pages``, each with a blueprint ``bp``."""

FORM_COOKIE = "savoirs_formulaires"


def create_app(services: Services) -> APIFlask:
    """An application over open services.

    Args:
        services: What ``open_services`` gave, or a test built; the caller closes them.
    """
    app = APIFlask(
        __name__,
        title="Savoirs",
        version="1",
        json_errors=False,
        docs_path=None,
        spec_path="/api/v1/openapi.json",
    )
    app.extensions[EXTENSION] = services
    _configure(app, services)
    _prepare_templates(app)
    csrf = CSRFProtect(app)
    limit_writes(app, per_hour=services.settings.writes_per_hour)
    secure(app, https=services.settings.base_url.startswith("https://"))
    handle_errors(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"web.pages.{name}").bp)
    app.register_blueprint(health.bp)
    csrf.exempt(api)
    app.register_blueprint(api)
    return app


def _configure(app: APIFlask, services: Services) -> None:
    app.config.update(
        SECRET_KEY=services.settings.secret(),
        SESSION_COOKIE_NAME=FORM_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,  # a note may take hours to write: the token lives as long as the session
        MAX_CONTENT_LENGTH=services.settings.max_body_bytes,
        OPENAPI_VERSION="3.1.0",
    )


def _prepare_templates(app: APIFlask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.add_extension(TypographyExtension)
    env.filters.update(
        typo=typo,
        markdown=markdown_to_html,
        date_in_words=dates.date_in_words,
        day_in_words=dates.day_in_words,
        moment_in_words=dates.moment_in_words,
        percentages=percentages,
    )
    env.globals.update(
        icon=icon,
        icon_sheet=icon_sheet,
        static_url=static_url,
        labels=labels,
        counted=labels.counted,
        freshness=dates.freshness,
        on_day=dates.on_day,
        record_url=record_url,
        note_url=note_url,
        organisation_url=organisation_url,
        gathering_url=gathering_url,
        call_url=call_url,
        result_url=result_url,
        source_url=source_url,
        workshop_anchor=workshop_anchor,
        the_organisation=the_organisation,
        of_organisation=of_organisation,
        chosen_theme=chosen_theme,
        hint_words=hint_words,
        here=here,
    )
    offer_identity(app)
