"""« Évaluer »: the four-part framework and the library of indicators, to read; reports are written later."""

from __future__ import annotations

from flask import Blueprint, render_template

from savoirs import evaluations
from savoirs.database import reading
from savoirs.errors import NotFoundError
from web.identity import current_account, is_editor
from web.wiring import current_services

bp = Blueprint("evaluation", __name__)


@bp.get("/evaluation")
def show() -> str:
    """The framework, or that none is loaded yet."""
    with reading(current_services().sessions) as session:
        try:
            framework = evaluations.framework(session)
        except NotFoundError:
            framework = None
        indicators = evaluations.indicators(session)
    return render_template(
        "evaluation.html", framework=framework, indicators=indicators, may_complete=is_editor(current_account())
    )
