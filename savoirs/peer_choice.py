"""Whom to show among those who are near: not all from one place, and not always the same ones.

The nearest come first in the lists; who is *in* them also depends on where the others are from and on how often they
have been asked lately. A little: what somebody lived counts far more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from indexer.engine import Peer
from savoirs.peer_facts import Facts

OF_SAME_REGION = 0.93
"""What each one already chosen of the same region leaves of the worth of another; a region unknown is no region."""

OF_EACH_REQUEST = 0.9
"""What each request received in the last days leaves of it."""

LOOKED_AT = 2
"""Peers looked at for each one shown: a wider look would bring who is not near."""


def choose(peers: Sequence[Peer], facts: Facts, limit: int, *, spread: bool = True) -> tuple[Peer, ...]:
    """The peers to show, in the order given.

    One is chosen after another: of those left, the one of the highest ``score × OF_SAME_REGION ** (chosen of its
    region) × OF_EACH_REQUEST ** (its recent requests)``, the greedy way of maximal marginal relevance (Carbonell and
    Goldstein 1998) with a region for likeness.

    Args:
        peers: By falling score.
        facts: What SQL says of them.
        limit: How many, at most.
        spread: Whether regions count: not when somebody asked for a place.
    """
    worths = [peer.score * OF_EACH_REQUEST ** facts.recent_requests(peer.entity) for peer in peers]
    regions = [_region(facts, peer.entity) if spread else None for peer in peers]
    left = list(range(len(peers)))
    chosen: list[int] = []
    seen: Counter[str] = Counter()
    while left and len(chosen) < limit:
        best = max(left, key=lambda place: worths[place] * OF_SAME_REGION ** seen[regions[place] or ""])
        left.remove(best)
        chosen.append(best)
        if region := regions[best]:
            seen[region] += 1
    return tuple(peers[place] for place in sorted(chosen))


def _region(facts: Facts, organisation_id: str) -> str | None:
    card = facts.card(organisation_id)
    return card.region if card else None
