"""What is said while somebody writes: advice, a preview, names of organisations. Nothing is kept of what is sent here.

These addresses have a limit of their own: typing never uses up what may be written in an hour.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request
from markupsafe import Markup

from savoirs import organisations, themes
from savoirs.database import reading
from savoirs.drafts import NoteDraft
from web.advising import advice
from web.form_limits import allow_long_texts
from web.forms.fields import clean_line
from web.forms.share import ShareForm
from web.identity import current_account
from web.limits import limiter
from web.markdown import markdown_to_html
from web.prompts import SECTIONS
from web.wiring import current_services

bp = Blueprint("typing", __name__)

WHILE_TYPING = "90 per minute"
PARTS = ("introduction", "context", "action", "tips", "worked", "figures", "failed")
HEADINGS = {"context": "Le contexte", "action": "Ce qui a été fait", "worked": "Ce qui a marché"} | {
    "failed": "Ce qui n’a pas marché",
    **{name: heading for name, (_part, heading) in SECTIONS.items()},
}
MOST_NAMES = 12


@bp.post("/partager/conseils")
@limiter.limit(WHILE_TYPING)
def advise() -> str:
    """Likely duplicates, themes, kind and hints for what is typed so far, as a piece of page."""
    allow_long_texts()
    services = current_services()
    with reading(services.sessions) as session:
        form = ShareForm()
        form.offer_themes([node.key for node in themes.flat(themes.tree(session))])
        form.validate()
        draft = form.draft(NoteDraft(), None) if form.readable else NoteDraft()
        note_id = clean_line(request.form.get("note"))[:10]
        found = advice(session, draft, note_id=note_id, placed=bool(form.organisation.data))
    return render_template("_share_advice.html", advice=found)


@bp.post("/partager/apercu")
@limiter.limit(WHILE_TYPING)
def preview() -> str:
    """The texts as they will be read, filtered as on every page."""
    allow_long_texts()
    form = ShareForm()
    limit = current_services().settings.max_note_chars
    pieces = [Markup("<h2>{}</h2>").format(form.title.data)] if form.title.data else []
    for name in PARTS:
        if form[name].data:
            heading = HEADINGS.get(name, "")
            pieces.append(Markup("<h3>{}</h3>").format(heading) if heading else Markup(""))
            pieces.append(markdown_to_html(form[name].data[:limit]))
    return Markup("").join(pieces) or Markup("<p>Rien à montrer pour le moment : écrivez quelques mots.</p>")


@bp.get("/partager/organisations")
def names() -> Response:
    """Names of organisations that begin like, or have a word that begins like, what is typed; aliases too."""
    begun = clean_line(request.args.get("q"))[:100]
    with reading(current_services().sessions) as session:
        found = organisations.names_like(session, begun, MOST_NAMES) if begun else ()
    answer = jsonify([{"name": one.name, "known_as": one.known_as} for one in found])
    answer.headers["Cache-Control"] = "no-store" if current_account() else "private, max-age=60"
    return answer
