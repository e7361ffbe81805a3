"""The theme tree and its counts."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from savoirs import themes
from savoirs.models import NoteKind, NoteStatus, Stance
from tests.builders import make_note, make_organisation, make_theme

MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


def test_the_tree_is_in_order(session: Session, max_queries: MaxQueries) -> None:
    """Roots and children by position, with synonyms."""
    second = make_theme(session, "Numérique", key="numerique", position=2)
    first = make_theme(session, "Bénévolat", key="benevolat", position=1, synonyms=["bénévoles"])
    make_theme(session, "Outils", key="outils", parent=second)
    make_theme(session, "Fidéliser", key="fideliser", parent=first, position=2)
    make_theme(session, "Recruter", key="recruter", parent=first, position=1)
    with max_queries(1):
        roots = themes.tree(session)
    assert [(root.key, [child.key for child in root.children]) for root in roots] == [
        ("benevolat", ["recruter", "fideliser"]),
        ("numerique", ["outils"]),
    ]
    assert roots[0].synonyms == ("bénévoles",)


def test_a_root_counts_each_note_once(session: Session, max_queries: MaxQueries) -> None:
    """Those of all themes under it, published, by kind and by stance."""
    root = make_theme(session, "Bénévolat", key="benevolat")
    leaf = make_theme(session, "Fidéliser", parent=make_theme(session, "Équipe", parent=root))
    empty = make_theme(session, "Vide", key="vide")
    one, two = make_organisation(session), make_organisation(session)
    make_note(session, themes=[root, leaf], lived=[(one, Stance.FAILED), (two, Stance.FAILED)])
    make_note(session, themes=[leaf], kind=NoteKind.TOOL)
    make_note(session, themes=[leaf], status=NoteStatus.PENDING)
    with max_queries(1):
        counts = themes.counts(session)
    assert [(count.key, count.total) for count in counts] == [("benevolat", 2), (empty.key, 0)]
    assert counts[0].kinds == {NoteKind.PRACTICE: 1, NoteKind.TOOL: 1}
    assert counts[0].stances == {Stance.FAILED: 1}


def test_themes_are_suggested_by_their_words(session: Session) -> None:
    """Names and synonyms, plural or not; the most said first."""
    make_theme(session, "Numérique", key="numerique")
    make_theme(session, "Bénévolat", key="benevolat", synonyms=["équipe bénévole", "volontaires"])
    make_theme(session, "Logement", key="logement")
    found = themes.suggested(session, "L'equipe benevole et ses volontaires font du numerique")
    assert [(node.key, words) for node, words in found] == [
        ("benevolat", ("Bénévolat", "équipe bénévole", "volontaires")),
        ("numerique", ("Numérique",)),
    ]
    assert themes.suggested(session, "") == ()
