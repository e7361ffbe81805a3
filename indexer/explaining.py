"""Why a document is where it is: what each word of the query brought to its score, and what stands near by meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from operator import not_

import numpy as np

from indexer import fusion, kernels
from indexer.engine import Hit, Reason
from indexer.fusion import Asked, Features, Ranked
from indexer.ranking import impacts_of, shared_out
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
        named, values = brought(asked, view, part, rows, fusion.features(asked, part, rows, ranking), ranking)
        for place, why in zip(places, _reasons(named, values), strict=True):
            via = _nearest_word(asked, view, part, int(ranked.rows[place])) if found[place].by_meaning else ""
            found[place] = found[place]._replace(reasons=why, via=via)
    return tuple(found)


def _reasons(named: Sequence[tuple[str, str]], values: Floats) -> list[tuple[Reason, ...]]:
    """What each label brought, whatever its columns."""
    terms: dict[str, str] = {}
    for term, label in named:
        terms.setdefault(label, term)
    labels = sorted(terms)
    places = {label: place for place, label in enumerate(labels)}
    of_label = np.zeros((len(named), len(labels)), dtype=np.float32)
    of_label[np.arange(len(named)), [places[label] for _, label in named]] = 1
    known = [(terms[label], label) for label in labels]
    return shared_out(values @ of_label, lambda _: dict(enumerate(known)))


def brought(
    asked: Asked, view: View, part: Part, rows: Ints, components: Features, ranking: Ranking
) -> tuple[list[tuple[str, str]], Floats]:
    """What each word of the query brought to some documents: its lexical part and its part of each cosine.

    Args:
        asked: The query.
        view: Where its words have vectors.
        part: Where the documents are.
        rows: The documents.
        components: What ranks them.
        ranking: What each component counts for.

    Returns:
        Terms and labels, a label several times; and what each brought to each document: rows sum to its score ×
        ``ranking.most``.
    """
    lexical = _lexical(asked, part, rows, components, ranking)
    named, by_vectors = _by_vectors(asked, view, part, rows, components, ranking)
    latent, by_latent = _by_latent(asked, view, part, rows, ranking)
    of_terms = [(term, label) for term, label, _ in asked.terms]
    return [*of_terms, *named, *latent], np.concatenate([lexical, by_vectors, by_latent], axis=1, dtype=np.float32)


def _lexical(asked: Asked, part: Part, rows: Ints, components: Features, ranking: Ranking) -> Floats:
    """By its words, in the title and in the best passage too."""
    terms = [term for term, _, _ in asked.terms]
    shares = np.array([share for _, _, share in asked.terms], dtype=np.float32)
    numbers = np.array(list(map(part.segment.term_id, terms)), dtype=np.int32)
    texts = part.segment.of_ranking[1][:3]
    in_title, in_passage = kernels.loops().mentions(rows, components.passages, numbers, *texts, WINDOW, SHORT, LEAD)
    places = ranking.title_words * in_title + ranking.passage * in_passage
    found: Floats = shares * (impacts_of(part, terms, rows).T + places.astype(np.float32))
    return found


_Named = tuple[list[tuple[str, str]], Floats]
"""Terms with their labels; and for each document, what each of them brought, shape (documents, terms)."""


def _by_vectors(asked: Asked, view: View, part: Part, rows: Ints, components: Features, ranking: Ranking) -> _Named:
    """Cosines of sums are sums of cosines: each word's vector times what a document is compared by."""
    if not asked.meant or view.vectors is None:
        return [], np.zeros((len(rows), 0), dtype=np.float32)
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
    return named, compared @ table.T * (asking / length)


def _by_latent(asked: Asked, view: View, part: Part, rows: Ints, ranking: Ranking) -> _Named:
    if not len(asked.latent) or part.dense is None:
        return [], np.zeros((len(rows), 0), dtype=np.float32)
    known = [(term, label, share, view.model.place(term)) for term, label, share in asked.terms]
    known = [one for one in known if one[3] >= 0]
    axes = view.model.components[[place for _, _, _, place in known]].astype(np.float32)
    shares = np.array([share for _, _, share, _ in known], dtype=np.float32)
    length = float(np.linalg.norm(shares @ axes)) or 1.0
    documents = part.dense.latent[rows] * part.dense.latent_scales[rows, None]
    brought = documents @ axes.T * (ranking.latent * shares / length)
    return [(term, label) for term, label, _, _ in known], brought


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
