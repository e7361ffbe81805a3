"""« Journées »: the list, a day's page and its calendar, and a new day prepared after an older one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from savoirs import gatherings
from savoirs.database import reading, transaction
from savoirs.errors import InvalidError, NotFoundError
from savoirs.gatherings import GatheringView
from savoirs.models import ParticipationRole
from savoirs.models.base import ID_LENGTH
from web import dates
from web.addresses import gathering_url
from web.forms.gathering import CopyProgrammeForm
from web.forms.note_dates import read_day
from web.identity import current_account, is_editor, required_editor
from web.wiring import current_services

bp = Blueprint("gatherings", __name__)

FIELD_NAMES = {"title": "Titre", "date": "Date"}
CALENDAR_TYPE = "text/calendar; charset=utf-8"

ROLES_TOLD = {
    ParticipationRole.ORGANISER: "Organisation",
    ParticipationRole.FUNDER: "Financement",
    ParticipationRole.FACILITATOR: "Animation",
    ParticipationRole.TESTIMONY: "Témoignages",
}


@bp.app_template_filter("hour_in_words")
def hour_in_words(time: str) -> str:
    """« 9 h 30 » for « 09:30 », « 10 h » for « 10:00 »."""
    hours, _colon, minutes = time.partition(":")
    told = f"{int(hours)}\N{NO-BREAK SPACE}h"
    return told if minutes == "00" else f"{told}\N{NO-BREAK SPACE}{minutes}"


@bp.get("/journees")
def listing() -> str:
    """All days, the latest first."""
    with reading(current_services().sessions) as session:
        days = gatherings.listing(session)
    return render_template("gatherings.html", days=days)


@bp.get("/journees/<address>")
def show(address: str) -> Response | str:
    """A day: aims, programme, workshops, what was said; « .ics » at the end gives its calendar."""
    wanted = address.removesuffix(".ics")
    day = _day(wanted[:ID_LENGTH])
    own = gathering_url(day.id, day.title)
    if wanted != own.rsplit("/", 1)[1]:
        return redirect(f"{own}.ics" if wanted != address else own, 301)
    if wanted != address:
        return _calendar(day)
    return render_template(
        "gathering.html",
        day=day,
        roles=_roles(day),
        calendar=f"{own}.ics",
        may_prepare=is_editor(current_account()),
    )


@bp.get("/journees/<string(length=10):gathering_id>/preparer")
def prepare(gathering_id: str) -> str:
    """Ask what the new day is called, and when."""
    required_editor()
    return _prepare_page(CopyProgrammeForm(), _day(gathering_id))


@bp.post("/journees/<string(length=10):gathering_id>/preparer")
def copy(gathering_id: str) -> Response | tuple[str, int]:
    """Make the new day with the slots of this one, and nothing else of it."""
    editor = required_editor()
    form = CopyProgrammeForm()
    if not form.validate():
        return _prepare_page(form, _day(gathering_id)), 422
    day = read_day(form.date.data) or ""
    try:
        with transaction(current_services().sessions) as session:
            made = gatherings.copy_programme(session, gathering_id, form.title.data, day, editor)
            address = gathering_url(made.id, made.title)
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _prepare_page(form, _day(gathering_id)), 422
    flash("Journée préparée : le déroulé est repris, le reste est à écrire.", "message")
    return redirect(address, 303)


def _day(gathering_id: str) -> GatheringView:
    if len(gathering_id) != ID_LENGTH:
        raise NotFoundError("unknown_gathering")
    with reading(current_services().sessions) as session:
        return gatherings.view(session, gathering_id, dates.today())


def _calendar(day: GatheringView) -> Response:
    asked = read_day(request.args.get("jour", ""))
    text = gatherings.icalendar(day, day=dt.date.fromisoformat(asked) if asked else None)
    response = Response(text.encode("utf-8"), content_type=CALENDAR_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{day.slug or "journee"}.ics"'
    return response


def _prepare_page(form: CopyProgrammeForm, day: GatheringView) -> str:
    return render_template("gathering_prepare.html", form=form, day=day, names=FIELD_NAMES)


def _roles(day: GatheringView) -> Mapping[str, tuple[object, ...]]:
    """Who did what, in a fixed order, participants apart."""
    return {words: day.roles[role] for role, words in ROLES_TOLD.items() if day.roles.get(role)}
