"""Whom to show among peers who are near: the arithmetic of the choice."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from indexer.engine import Peer
from savoirs.peer_choice import OF_SAME_REGION, choose
from savoirs.peer_facts import read_facts
from tests.builders import make_organisation

LYON, RENNES = "69", "35"


def peers(session: Session, *found: tuple[str | None, float]) -> tuple[list[Peer], list[str]]:
    """Peers of these départements and scores, and their ids."""
    ids = [make_organisation(session, departement=place).id for place, _ in found]
    return [Peer(id_, score, (), ()) for id_, (_, score) in zip(ids, found, strict=True)], ids


@pytest.mark.parametrize(
    ("score", "chosen"), [(0.5 * OF_SAME_REGION + 0.001, True), (0.5 * OF_SAME_REGION - 0.001, False)]
)
def test_somebody_from_elsewhere_passes_when_nearly_as_near(session: Session, score: float, chosen: bool) -> None:
    """And the order shown is that of the scores."""
    some, ids = peers(session, (LYON, 0.6), (LYON, 0.5), (RENNES, score))
    facts = read_facts(session, ids, (), dt.date(2026, 11, 23))
    shown = choose(some, facts, 2)
    assert [peer.entity for peer in shown] == [ids[0], ids[2] if chosen else ids[1]]
    assert choose(some, facts, 2, spread=False) == tuple(some[:2])


def test_all_are_shown_when_there_are_few(session: Session) -> None:
    """Whatever their regions; nobody is nobody."""
    some, ids = peers(session, (LYON, 0.6), (None, 0.4), (LYON, 0.1))
    facts = read_facts(session, ids, (), dt.date(2026, 11, 23))
    assert choose(some, facts, 5) == tuple(some)
    assert choose([], facts, 5) == ()
    assert choose(some, facts, 0) == ()


def test_unknown_regions_are_not_one_region(session: Session) -> None:
    """Nobody is held back for what is not known."""
    some, ids = peers(session, (None, 0.6), (None, 0.5), (RENNES, 0.49))
    facts = read_facts(session, ids, (), dt.date(2026, 11, 23))
    assert choose(some, facts, 2) == tuple(some[:2])
