"""Why a document is where it is: what each word of the query brought to its score, and what stands near by meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import repeat
from operator import not_

import numpy as np

from indexer import fusion
from indexer.engine import Hit
from indexer.fusion import Asked, Features, Ranked
from indexer.ranking import as_reasons, impacts_of
from indexer.segment import LEAD, SHORT, WINDOW, Floats, Ints
from indexer.view import Part, View
from indexer.weights import Ranking

_make_hit: Callable[[Iterable[object]], Hit] = partial(tuple.__new__, Hit)
"""From the six values of a hit: a third of what ``Hit(…)`` takes, which counts when nothing else is asked."""


def bare(ranked: Ranked, view: View) -> tuple[Hit, ...]:
    """Hits without reasons, in the order given."""
    scores, words = ranked.scores.tolist(), ranked.words.tolist()
    told = zip(ranked.ids(view), scores, repeat(()), map(not_, words), repeat(""), repeat(()), strict=False)
    return tuple(map(_make_hit, told))


def hits(ranked: Ranked, asked: Asked, view: View, ranking: Ranking) -> tuple[Hit, ...]:
    """Hits with their reasons, in the order given; by meaning, with the word that is nearest."""
    found = list(bare(ranked, view))
    for number in set(ranked.parts.tolist()):
        part = view.parts[number]
        places = np.flatnonzero(ranked.parts == number).tolist()
        rows = ranked.rows[places]
        parts = brought(asked, view, part, rows, fusion.features(asked, part, rows, ranking), ranking)
        for place, why in zip(places, map(as_reasons, parts), strict=True):
            via = _nearest_word(asked, view, part, int(ranked.rows[place])) if found[place].by_meaning else ""
            found[place] = found[place]._replace(reasons=why, via=via)
    return tuple(found)


def brought(
    asked: Asked, view: View, part: Part, rows: Ints, components: Features, ranking: Ranking
) -> list[list[tuple[str, str, float]]]:
    """What each word of the query brought to some documents: its lexical part and its part of each cosine.

    Args:
        asked: The query.
        view: Where its words have vectors.
        part: Where the documents are.
        rows: The documents.
        components: What ranks them.
        ranking: What each component counts for.

    Returns:
        For each document, (term, label, value), a word several times; values sum to its score × ``ranking.most``.
    """
    impacts = impacts_of(part, [term for term, _, _ in asked.terms], rows)
    named, by_vectors = _by_vectors(asked, view, part, rows, components, ranking)
    latent, by_latent = _by_latent(asked, view, part, rows, ranking)
    found = []
    for place, row in enumerate(rows.tolist()):
        parts = _lexical(asked, part, row, impacts[:, place], int(components.passages[place]), ranking)
        parts += [(*name, value) for name, value in zip(named, by_vectors[place], strict=True)]
        parts += [(*name, value) for name, value in zip(latent, by_latent[place], strict=True)]
        found.append(parts)
    return found


def _lexical(
    asked: Asked, part: Part, row: int, impacts: Floats, passage: int, ranking: Ranking
) -> list[tuple[str, str, float]]:
    title, body = _places(part, row, passage)
    found = []
    for (term, label, share), impact in zip(asked.terms, impacts.tolist(), strict=True):
        number = part.segment.term_id(term)
        weight = impact + ranking.title_words * (number in title) + ranking.passage * (number in body)
        found.append((term, label, share * weight if number >= 0 else 0.0))
    return found


def _places(part: Part, row: int, passage: int) -> tuple[set[int], set[int]]:
    """The terms of a document's title, or of what stands for it, and of one of its passages."""
    arrays = part.segment.arrays
    first, cut, end = int(arrays["stream_ptr"][row]), *map(int, arrays["field_ends"][row, :2])
    start = cut + 1 + passage * WINDOW
    stop = min(start + WINDOW, end)
    if passage == 0:
        start = first
    elif stop - start < SHORT:
        start = max(end - WINDOW, cut + 1)
    title: Ints = arrays["stream"][first:cut] if cut > first else arrays["stream"][cut + 1 : min(cut + 1 + LEAD, end)]
    return set(title.tolist()), set(arrays["stream"][start:stop].tolist())


_Named = tuple[list[tuple[str, str]], list[list[float]]]
"""Terms with their labels; and for each document, what each of them brought."""


def _by_vectors(asked: Asked, view: View, part: Part, rows: Ints, components: Features, ranking: Ranking) -> _Named:
    """Cosines of sums are sums of cosines: each word's vector times what a document is compared by."""
    if not asked.meant or view.vectors is None:
        return [], [[] for _ in rows]
    of_title = components.title >= components.note
    weights = {
        "title": ranking.title_vector + ranking.vector * of_title,
        "note": ranking.vector * ~of_title,
        "passage": np.full(len(rows), ranking.passage * ranking.passage_vector),
    }
    arrays = part.segment.arrays
    compared = np.zeros((len(rows), view.vectors.table.shape[1]), dtype=np.float32)
    for name, weight in weights.items():
        numbers = arrays["passage_ptr"][rows] + components.passages if name == "passage" else rows
        factors = arrays[f"{name}_scales"][numbers] * weight.astype(np.float32)
        compared += arrays[f"{name}_vectors"][numbers] * factors[:, None]
    table = view.vectors.table[[one.row for one in asked.meant]]
    asking = np.array([one.weight for one in asked.meant], dtype=np.float32)
    length = float(np.linalg.norm(asking @ table)) or 1.0
    terms = {label: term for term, label, _ in asked.terms}
    named = [(terms.get(one.label, one.label), one.label) for one in asked.meant]
    return named, (compared @ table.T * (asking / length)).tolist()


def _by_latent(asked: Asked, view: View, part: Part, rows: Ints, ranking: Ranking) -> _Named:
    if not len(asked.latent) or part.dense is None:
        return [], [[] for _ in rows]
    known = [(term, label, share, view.model.place(term)) for term, label, share in asked.terms]
    known = [one for one in known if one[3] >= 0]
    axes = view.model.components[[place for _, _, _, place in known]].astype(np.float32)
    shares = np.array([share for _, _, share, _ in known], dtype=np.float32)
    length = float(np.linalg.norm(shares @ axes)) or 1.0
    documents = part.dense.latent[rows] * part.dense.latent_scales[rows, None]
    brought = documents @ axes.T * (ranking.latent * shares / length)
    return [(term, label) for term, label, _, _ in known], brought.tolist()


def _nearest_word(asked: Asked, view: View, part: Part, row: int) -> str:
    """The word of a document that is nearest to what was asked, as it is written."""
    if view.vectors is None:
        return ""
    segment = part.segment
    terms = segment.terms.some(segment.arrays["row_terms"][segment.row(row)].tolist())
    rows = [(term, place) for term in terms if (place := view.vector_row(term)) >= 0]
    if not rows:
        return ""
    near = view.vectors.table[[place for _, place in rows]] @ asked.vector
    return view.label(rows[int(near.argmax())][0])
