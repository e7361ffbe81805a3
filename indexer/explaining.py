"""Why a document is where it is: what each word of the query brought to its score, and what stands near by meaning."""

from __future__ import annotations

import numpy as np

from indexer import fusion
from indexer.engine import Hit, Reason
from indexer.fusion import Asked, Features, Ranked
from indexer.ranking import as_reasons, impacts_of
from indexer.segment import LEAD, SHORT, WINDOW, Floats, Ints
from indexer.view import Part, View
from indexer.weights import Ranking


def bare(ranked: Ranked, view: View) -> tuple[Hit, ...]:
    """Hits without reasons, in the order given."""
    rows, scores, words = ranked.rows.tolist(), ranked.scores.tolist(), ranked.words.tolist()
    if len(view.parts) == 1:
        ids = view.parts[0].segment.ids.some(rows)
    else:
        texts = [part.segment.ids for part in view.parts]
        ids = [texts[part][row] for part, row in zip(ranked.parts.tolist(), rows, strict=True)]
    return tuple([Hit(id_, score, (), not word) for id_, score, word in zip(ids, scores, words, strict=True)])


def hits(ranked: Ranked, asked: Asked, view: View, ranking: Ranking) -> tuple[Hit, ...]:
    """Hits with their reasons, in the order given; by meaning, with the word that is nearest."""
    found = list(bare(ranked, view))
    for number in set(ranked.parts.tolist()):
        part = view.parts[number]
        places = np.flatnonzero(ranked.parts == number).tolist()
        reasons = _reasons(asked, view, part, ranked.rows[places].tolist(), ranking)
        for place, why in zip(places, reasons, strict=True):
            via = _nearest_word(asked, view, part, int(ranked.rows[place])) if found[place].by_meaning else ""
            found[place] = found[place]._replace(reasons=why, via=via)
    return tuple(found)


def _reasons(asked: Asked, view: View, part: Part, rows: list[int], ranking: Ranking) -> list[tuple[Reason, ...]]:
    """What each word of the query brought to some documents: its lexical part and its part of each cosine."""
    some = np.array(rows, dtype=np.int32)
    components = fusion.features(asked, part, some, ranking)
    impacts = impacts_of(part, [term for term, _, _ in asked.terms], some)
    found = []
    for place, row in enumerate(rows):
        parts = _lexical(asked, part, row, impacts[:, place], int(components.passages[place]), ranking)
        parts += _by_vectors(asked, view, part, row, components, place, ranking)
        parts += _by_latent(asked, view, part, row, ranking)
        found.append(as_reasons(parts))
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


def _by_vectors(
    asked: Asked, view: View, part: Part, row: int, components: Features, place: int, ranking: Ranking
) -> list[tuple[str, str, float]]:
    """Cosines of sums are sums of cosines: each word's vector times what the document is compared by."""
    if not asked.meant or view.vectors is None:
        return []
    arrays = part.segment.arrays
    at = int(arrays["passage_ptr"][row]) + int(components.passages[place])
    of_title = components.title[place] >= components.note[place]
    weights = {
        "title": ranking.title_vector + (ranking.vector if of_title else 0.0),
        "note": 0.0 if of_title else ranking.vector,
        "passage": ranking.passage * ranking.passage_vector,
    }
    compared = np.zeros(view.vectors.table.shape[1], dtype=np.float32)
    for name, weight in weights.items():
        number = at if name == "passage" else row
        compared += arrays[f"{name}_vectors"][number] * (arrays[f"{name}_scales"][number] * np.float32(weight))
    table = view.vectors.table[[one.row for one in asked.meant]]
    asking = np.array([one.weight for one in asked.meant], dtype=np.float32)
    length = float(np.linalg.norm(asking @ table)) or 1.0
    brought = asking * (table @ compared) / length
    terms = {label: term for term, label, _ in asked.terms}
    return [
        (terms.get(one.label, one.label), one.label, value)
        for one, value in zip(asked.meant, brought.tolist(), strict=True)
    ]


def _by_latent(asked: Asked, view: View, part: Part, row: int, ranking: Ranking) -> list[tuple[str, str, float]]:
    if not len(asked.latent) or part.dense is None:
        return []
    known = [(term, label, share, view.model.place(term)) for term, label, share in asked.terms]
    known = [one for one in known if one[3] >= 0]
    axes = view.model.components[[place for _, _, _, place in known]].astype(np.float32)
    shares = np.array([share for _, _, share, _ in known], dtype=np.float32)
    length = float(np.linalg.norm(shares @ axes)) or 1.0
    document = part.dense.latent[row].astype(np.float32) * part.dense.latent_scales[row]
    brought = ranking.latent * shares * (axes @ document) / length
    return [(term, label, value) for (term, label, _, _), value in zip(known, brought.tolist(), strict=True)]


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
