"""The weekly letter about the searches that somebody keeps."""

from __future__ import annotations

from sqlalchemy import select

from savoirs.models import Letter, Note, NoteStatus, SavedSearch
from savoirs.plaintext import masked
from savoirs.saved_searches import filters_of
from web.addresses import note_url
from web.labels import counted
from web.letters.writing import Desk, Link, Paragraph, Unsubscribing, Written
from web.search_words import kept_search_url, search_in_words


def weekly(letter: Letter, desk: Desk) -> Written | None:
    """What is new, search by search; None when all that was new is gone, or the searches are."""
    listed = dict(letter.params["searches"])
    searches = desk.session.scalars(
        select(SavedSearch).where(SavedSearch.id.in_(listed), SavedSearch.by_email.is_(True)).order_by(SavedSearch.id)
    ).all()
    ids = {id_ for one in searches for id_ in listed[one.id]}
    notes = {
        note.id: note
        for note in desk.session.scalars(
            select(Note).where(Note.id.in_(ids), Note.status == NoteStatus.PUBLISHED).order_by(Note.id)
        )
    }
    paragraphs: list[Paragraph] = []
    for one in searches:
        found = [notes[id_] for id_ in listed[one.id] if id_ in notes]
        if found:
            filters = filters_of(one)
            paragraphs.append(f"{search_in_words(masked(one.text), filters)} : {counted(len(found), 'fiche')}.")
            paragraphs += [Link(masked(note.title), note_url(note.id, note.title)) for note in found]
            paragraphs.append(Link("Voir toute la recherche", kept_search_url(one.text, filters)))
    if not paragraphs:
        return None
    return Written(
        "Du nouveau dans vos recherches",
        (
            "Bonjour,",
            "Voici les fiches arrivées depuis la semaine dernière pour les recherches que vous gardez.",
            *paragraphs,
            Link("Gérer mes recherches gardées", "/mon-espace#recherches"),
        ),
        Unsubscribing("digest", letter.params["account"]),
    )
