"""From a query understood to an answer: what the engine does with a view once it holds one."""

from __future__ import annotations

from indexer.analysis import Analyser, clean
from indexer.engine import Hit, Page, PeerLists, PeersRequest, Request, Sort, Understanding
from indexer.excerpts import Marker
from indexer.query import Query, understand
from indexer.ranking import as_reasons
from indexer.whoosh_index.faceting import count, narrow, passes
from indexer.whoosh_index.matching import Numbers, expand, match
from indexer.whoosh_index.scoring import Parts, scale, total, weigh
from indexer.whoosh_index.similarity import Vector
from indexer.whoosh_index.view import View

_NEVER = 1 << 40
"""A day after all others: the oldest first, documents without a date last."""


def answer(view: View, query: Query, request: Request) -> Page:
    """The page a request asks for."""
    matched = match(query.tree, view)
    facets = count(matched, view.rows, request.filters, request.facets)
    found = narrow(matched, view.rows, request.filters)
    parts = weigh(query.scored, found, view)
    scores = {number: total(parts[number]) for number in found}
    sort = Sort.NEWEST if query.everything and request.sort is Sort.RELEVANCE else request.sort
    start = max(0, request.offset)
    page = _order(found, sort, scores, view)[start : start + max(0, request.limit)]
    hits = tuple(_hit(number, parts if request.explain else {}, scores[number], view) for number in page)
    return Page(len(found), hits, facets, query.understanding)


def _hit(number: int, parts: Parts, score: float, view: View) -> Hit:
    """A hit, without reasons when it has no parts."""
    reasons = as_reasons(parts[number]) if number in parts else ()
    return Hit(view.rows[number].id, scale(score), reasons)


def _order(found: Numbers, sort: Sort, scores: dict[int, float], view: View) -> list[int]:
    rows = view.rows
    by_id = sorted(found, key=lambda number: rows[number].id)
    match sort:
        case Sort.NEWEST:
            return sorted(by_id, key=lambda number: -rows[number].day)
        case Sort.OLDEST:
            return sorted(by_id, key=lambda number: rows[number].day or _NEVER)
        case Sort.TITLE:
            return sorted(by_id, key=lambda number: rows[number].title)
        case Sort.RELEVANCE:
            return sorted(by_id, key=lambda number: -scores[number])


def propose(view: View, request: PeersRequest, analyser: Analyser) -> PeerLists:
    """The lists of peers a request asks for."""
    space = view.space
    understanding, labels = Understanding(text=""), {}
    if request.entity is not None:
        vector: Vector = space.vector_of(space.lived_by(request.entity))
    elif request.document is not None:
        vector = space.vector_of([space.places[request.document]] if request.document in space.places else [])
    else:
        query = understand(_plain(request.need), analyser, view.lexicon)
        understanding = query.understanding
        scored = [one for one in query.scored if one.kind == "term"]
        vector = space.vector_of_words({one.term: one.weight for one in reversed(scored)})
        labels = {one.term: one.label for one in reversed(scored)}
    excluded = request.exclude | {request.entity}
    lists = {
        group: space.peers(
            vector,
            group,
            request.limit,
            counts=lambda place: passes(space.rows[place], request.filters),
            proposed=lambda entity: entity not in excluded,
            today=request.today,
            labels=labels,
            explain=request.explain,
        )
        for group in request.groups
    }
    return PeerLists(lists, understanding)


def _plain(need: str) -> str:
    """A need is never a strict query: its signs are punctuation and its capitals emphasis."""
    return "".join(char if char.isalnum() or char in "'’-." else " " for char in need.lower())


def complete(view: View, prefix: str, limit: int, analyser: Analyser) -> tuple[str, ...]:
    """Words that begin like the word being typed; none after a space."""
    text = clean(prefix)
    written = analyser.cut(text)
    if not written or not text[-1].isalnum():
        return ()
    return view.lexicon.complete(analyser.form(written[-1]).word, max(0, limit))


def marker(view: View, text: str, analyser: Analyser, exact: bool = False) -> Marker:
    """What an excerpt marks for a query: rarer terms are worth more."""
    query = understand(text, analyser, view.lexicon, exact)
    rows = len(view.rows) + 1
    terms = {
        one.term: one.weight * rows / (view.lexicon.frequency(one.term) + 1)
        for one in reversed(query.scored)
        if one.kind == "term"
    }
    prefixes = tuple(one.term for one in query.scored if one.kind == "prefix")
    near = {word for one in query.scored if one.kind == "near" for word in expand("near", one.term, view)}
    return Marker(terms, prefixes, near)
