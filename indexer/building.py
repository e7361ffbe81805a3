"""Documents → a segment: every written word becomes a number once, the rest is counting in compiled loops."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import kernels, spelling
from indexer.analysis import LETTERS, Analyser, Form, clean, fold
from indexer.engine import FACETS, FIELDS, Document
from indexer.segment import (
    BAR_DEPTHS,
    BYTE,
    EDGE,
    FIELD_B,
    FIELD_BOOSTS,
    FREQUENT,
    GROUPS,
    IMPACT,
    K1,
    LEAD,
    PIVOT_SLOPE,
    SHORT,
    STOP,
    WINDOW,
    Arrays,
    Floats,
    Ints,
    Longs,
    Model,
    Segment,
    facet_text,
)
from indexer.texts import Texts
from indexer.vectors import WordVectors

VECTORS = ("title", "note", "passage")
"""What a segment has word vectors of."""

TITLE_CHARS = 80
"""How much of a folded title is kept, to order by."""

CUT_BYTES = 1 << 20
"""How much text is cut into words at once: the more, the fewer words are looked up again."""

_ROWS_AT_ONCE = 20_000
_FEW = 2_000
"""With so few documents, reading them is quicker than any set."""


def content_hash(document: Document) -> int:
    """Sixty-three bits that change when anything of a document does."""
    facets = sorted(document.facets.items())
    links = sorted((link.entity, link.group, link.weight) for link in document.links)
    whole = "\0".join(
        (document.id, document.kind, *document.texts(), repr((facets, links, document.day, document.standing)))
    )
    return int.from_bytes(hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=8).digest(), "little") >> 1


class _Numbering(dict[str, int]):
    """Gives each new key the next number."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


class _EncodedNumbering(dict[bytes, int]):
    """The same numbers for encoded words."""

    def __init__(self, analyser: Analyser, numbers: _Numbering) -> None:
        super().__init__()
        self._decode = analyser.decode_word
        self._numbers = numbers

    def __missing__(self, key: bytes) -> int:
        # Most words are plain letters, which need no table.
        number = self[key] = self._numbers[str(key, "ascii") if key.isascii() else self._decode(key)]
        return number


@dataclass(frozen=True, slots=True)
class _Own:
    """What is kept of a document beside its words."""

    id: str
    title: str
    day: int
    standing: float
    hash: int
    values: tuple[str, ...]
    links: tuple[tuple[str, int, float], ...]


class Builder:
    """Gathers documents, then makes a segment of them.

    Args:
        analyser: The analyser that makes terms.
        vectors: Those of words; None for none.
    """

    def __init__(self, analyser: Analyser, vectors: WordVectors | None = None) -> None:
        self._analyser = analyser
        self._vectors = vectors
        self._numbers = _Numbering()
        self._encoded = _EncodedNumbering(analyser, self._numbers)
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._stream = array("i")
        self._ends = array("q")
        self._own: list[_Own] = []

    def __len__(self) -> int:
        return len(self._own)

    def add(self, document: Document) -> None:
        """Cut a document into words."""
        for text in document.texts():
            encoded = self._analyser.encode(text)
            if encoded is not None:
                self._waiting.append(encoded)
                self._waiting_bytes += len(encoded)
            else:
                self._cut_waiting()
                self._stream.extend(map(self._numbers.__getitem__, self._analyser.cut(clean(text))))
                self._ends.append(len(self._stream))
                self._stream.append(EDGE)
        if self._waiting_bytes >= CUT_BYTES:
            self._cut_waiting()
        self._own.append(
            _Own(
                document.id,
                fold(clean(document.title))[:TITLE_CHARS],
                document.day,
                min(1.0, max(-1.0, document.standing)),
                content_hash(document),
                tuple(facet_text(name, one) for name in FACETS for one in dict.fromkeys(document.facets.get(name, ()))),
                tuple((link.entity, GROUPS.index(link.group), link.weight) for link in document.links),
            )
        )

    def _cut_waiting(self) -> None:
        """Cut the texts that wait into words, all at once: each distinct word is looked up once."""
        if not self._waiting:
            return
        lengths = np.fromiter(map(len, self._waiting), dtype=np.int64, count=len(self._waiting))
        whole = b" ".join(self._waiting)
        ends = np.cumsum(lengths + 1) - 1
        data = np.frombuffer(whole, dtype=np.uint8)
        numbers, word_ends, starts, stops = kernels.loops().distinct_words(data, LETTERS, ends)
        words = [whole[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
        known = np.fromiter(map(self._encoded.__getitem__, words), dtype=np.int32, count=len(words))
        first = len(self._stream)
        self._stream.frombytes(np.insert(known[numbers], word_ends, EDGE).astype(np.int32).tobytes())
        self._ends.frombytes((first + word_ends + np.arange(len(word_ends))).astype(np.int64).tobytes())
        self._waiting.clear()
        self._waiting_bytes = 0

    def build(self, model: Model | None = None) -> tuple[Segment, Model]:
        """Make the segment; without a model, fit one on these documents."""
        self._cut_waiting()
        count, written = len(self._own), list(self._numbers)
        forms = [self._analyser.form(one) for one in written]
        numbers = np.frombuffer(self._stream, dtype=np.int32) if self._stream else np.zeros(0, dtype=np.int32)
        field_ends = np.frombuffer(self._ends, dtype=np.int64) if self._ends else np.zeros(0, dtype=np.int64)
        field_ends = field_ends.reshape(count, len(FIELDS)).copy()
        pointers = np.concatenate([[0], field_ends[:, -1] + 1]).astype(np.int64)
        terms, term_of = _ordered([form.term for form in forms])
        words, word_of = _ordered([form.word for form in forms])
        lengths = np.diff(field_ends, axis=1, prepend=pointers[:-1, None] - 1) - 1
        fitting = model is None
        texts = {"terms": Texts.of(terms), "words": Texts.of(words)}
        if model is None:
            model = Model(mean_lengths(lengths), count, Texts.of(()), np.zeros(0, dtype=np.int32), covered=count)
        arrays: dict[str, NDArray[Any]] = {
            "stream": np.append(term_of, [EDGE, EDGE])[numbers].astype(np.int32),
            "stream_ptr": pointers,
            "field_ends": field_ends,
            **_postings(numbers, term_of, pointers, lengths, model, len(terms)),
        }
        if fitting:
            found = np.diff(arrays["term_ptr"]).astype(np.int32)
            model = replace(model, terms=texts["terms"], frequencies=found)
        idf = model.idf_of_all(texts["terms"])
        norms = row_norms(arrays, idf)
        vectors = _text_vectors(numbers, forms, np.append(idf, 0)[term_of], pointers, field_ends, self._vectors)
        if fitting:
            model = replace(model, norm=float(norms[norms > 0].mean()) if np.any(norms) else 1.0, mean=_mean(vectors))
        arrays |= vectors
        arrays["centred_scales"] = centred_scales(vectors, model.mean)
        arrays["inverse_norms"] = pivoted(norms, model.norm)
        searched = np.where(term_of >= 0, word_of, STOP).astype(np.int32)  # a stop word is in no column of words
        arrays |= _word_postings(numbers, searched, pointers, len(words))
        arrays |= spelling.trigram_arrays(words)
        times = np.bincount(numbers[numbers >= 0], minlength=len(written))
        labels, shown = _labels(written, forms, times, (term_of, word_of))
        texts |= {"labels": Texts.of(labels), "shown": Texts.of(shown)}
        arrays |= {"term_idf": idf, "term_vectors": self._vector_rows(labels)}
        own_texts, own_arrays = _own_columns(self._own)
        return Segment({**texts, **own_texts}, {**arrays, **own_arrays}), model

    def _vector_rows(self, labels: Sequence[str]) -> Ints:
        """The row of the vector of each term, as it is most often written; -1 for none, shape (T,)."""
        if self._vectors is None:
            return np.full(len(labels), -1, dtype=np.int32)
        words = (self._analyser.form(label).word for label in labels)
        return np.fromiter(map(self._vectors.row, words), dtype=np.int32, count=len(labels))


def mean_lengths(lengths: Longs) -> NDArray[np.float64]:
    """Mean length of each field, shape (6,); 1 for one that is never used."""
    means = lengths.mean(axis=0) if len(lengths) else np.ones(len(FIELDS))
    return np.where(means > 0, means, 1.0)


def _postings(
    numbers: Ints, term_of: Ints, pointers: Longs, lengths: Longs, model: Model, terms: int
) -> dict[str, NDArray[Any]]:
    """The note × term matrix, both ways.

    An impact is BM25F's saturation ``c / (k1 + c)`` with ``c = Σ_f w_f tf_f / (1 - b_f + b_f len_f / avg_f)``
    (Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields"); idf is applied by the
    query, so that documents can be added without touching these.
    """
    loops = kernels.loops()
    gains = FIELD_BOOSTS / (1 - FIELD_B + FIELD_B * lengths / model.lengths)
    term_ptr = pointers_of(loops.count_terms(numbers, term_of, pointers, terms))
    size = int(term_ptr[-1])
    docs, fields = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.uint8)
    normed = np.empty(size)
    row_terms, row_places = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int64)
    row_ptr = np.empty(len(pointers), dtype=np.int64)
    loops.fill_terms(numbers, term_of, pointers, gains, term_ptr, docs, normed, fields, row_terms, row_places, row_ptr)
    impacts = as_impacts(normed)
    return {
        "term_ptr": term_ptr,
        "term_docs": docs,
        "term_impacts": impacts,
        "term_bars": bars(term_ptr, impacts),
        **frequent_bits(term_ptr, docs, len(pointers) - 1),
        "term_fields": fields,
        "row_ptr": row_ptr,
        "row_terms": row_terms,
        "row_impacts": np.maximum(np.rint(impacts[row_places] * np.float32(BYTE / IMPACT)), 1).astype(np.uint8),
    }


def as_impacts(normed: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Saturations in sixteen bits, 1 at least, so that what has a term never scores 0."""
    return np.maximum(np.rint(normed / (K1 + normed) * IMPACT), 1).astype(np.uint16)


def bars(term_ptr: Longs, impacts: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The impact that each term's n-th best posting has, for n in ``BAR_DEPTHS``, shape (T, depths).

    Multiplied by what the term is worth, it is a score that n documents reach: where a search begins to look.
    """
    found = np.zeros((len(term_ptr) - 1, len(BAR_DEPTHS)), dtype=np.uint16)
    kernels.loops().bars(term_ptr, impacts, np.array(BAR_DEPTHS, dtype=np.int64), found)
    return found


def frequent_bits(term_ptr: Longs, docs: Ints, count: int) -> dict[str, NDArray[Any]]:
    """The documents of frequent terms as sets: ``bits``, 64 documents a word; ``bit_of``, a row of it for each term."""
    terms = np.flatnonzero(np.diff(term_ptr) * FREQUENT > max(count, _FEW)).astype(np.int32)
    bits = np.zeros((len(terms), (count + 63) // 64), dtype=np.uint64)
    for row, term in enumerate(terms.tolist()):
        kernels.loops().set_bits(docs[term_ptr[term] : term_ptr[term + 1]], bits[row])
    bit_of = np.full(len(term_ptr) - 1, -1, dtype=np.int32)
    bit_of[terms] = np.arange(len(terms), dtype=np.int32)
    return {"bit_of": bit_of, "bits": bits}


def row_norms(arrays: Arrays, idf: Floats) -> NDArray[np.float64]:
    """The length of each document's tf-idf vector, shape (N,)."""
    pointers = arrays["row_ptr"]
    squares = np.zeros(len(pointers) - 1)
    for first in range(0, len(squares), _ROWS_AT_ONCE):
        ends = pointers[first : first + _ROWS_AT_ONCE + 1]
        run = slice(int(ends[0]), int(ends[-1]))
        weights = (arrays["row_impacts"][run] * idf[arrays["row_terms"][run]] / BYTE) ** 2
        sums = np.concatenate([[0.0], np.cumsum(weights, dtype=np.float64)])
        squares[first : first + _ROWS_AT_ONCE] = np.diff(sums[ends - ends[0]])
    return np.sqrt(np.maximum(squares, 0.0))


def pivoted(norms: NDArray[np.float64], pivot: float) -> Floats:
    """``1 / ((1 - s) pivot + s norm)`` (Singhal, Buckley and Mitra 1996); 0 for an empty document."""
    scales = (1 - PIVOT_SLOPE) * pivot + PIVOT_SLOPE * norms
    return np.where(norms > 0, 1.0 / np.maximum(scales, 1e-9), 0.0).astype(np.float32)


def _word_postings(numbers: Ints, word_of: Ints, pointers: Longs, words: int) -> dict[str, NDArray[Any]]:
    """Postings by unstemmed word: documents and fields."""
    loops = kernels.loops()
    word_ptr = pointers_of(loops.count_terms(numbers, word_of, pointers, words))
    docs, fields = np.empty(int(word_ptr[-1]), dtype=np.int32), np.empty(int(word_ptr[-1]), dtype=np.uint8)
    loops.fill_words(numbers, word_of, pointers, word_ptr, docs, fields)
    return {"word_ptr": word_ptr, "word_docs": docs, "word_fields": fields}


def passage_pointers(body_lengths: Longs) -> Longs:
    """Where the passages of each document begin: one at least, then one for each ``WINDOW`` words begun."""
    return pointers_of(np.maximum(-(-body_lengths // WINDOW), 1))


def _text_vectors(
    numbers: Ints,
    forms: Sequence[Form],
    weights: Floats,
    pointers: Longs,
    field_ends: Longs,
    vectors: WordVectors | None,
) -> dict[str, NDArray[Any]]:
    """Vectors of titles, notes and passages: sums of idf × vector over their words, in eight bits; none without."""
    passage_ptr = passage_pointers(field_ends[:, 1] - field_ends[:, 0] - 1)
    count, size = len(field_ends), vectors.table.shape[1] if vectors is not None else 0
    rows = {"title": count, "note": count, "passage": int(passage_ptr[-1])} if size else dict.fromkeys(VECTORS, 0)
    found: dict[str, NDArray[Any]] = {"passage_ptr": passage_ptr}
    for name, length in rows.items():
        found[f"{name}_vectors"] = np.zeros((length, size), dtype=np.int8)
        found[f"{name}_scales"] = np.zeros(length, dtype=np.float32)
    if vectors is not None:
        word_rows = np.array([vectors.row(form.word) if form.term else -1 for form in forms], dtype=np.int32)
        out = [found[f"{name}_{what}"] for name in VECTORS for what in ("vectors", "scales")]
        kernels.loops().text_vectors(
            numbers, word_rows, weights.astype(np.float32), pointers, field_ends, vectors.table, passage_ptr,
            WINDOW, SHORT, LEAD, *out,
        )  # fmt: skip
    return found


def _mean(vectors: Mapping[str, NDArray[Any]]) -> Floats:
    """The mean of the vectors of notes, shape (D,)."""
    codes, scales = vectors["note_vectors"], vectors["note_scales"]
    total = np.zeros(codes.shape[1])
    for first in range(0, len(codes), _ROWS_AT_ONCE):
        total += scales[first : first + _ROWS_AT_ONCE] @ codes[first : first + _ROWS_AT_ONCE]
    return (total / max(len(codes), 1)).astype(np.float32)


def centred_scales(vectors: Mapping[str, NDArray[Any]], mean: Floats) -> Floats:
    """One over the length of each note's vector once the mean is taken from it, shape (N,); 0 for no vector."""
    codes, scales = vectors["note_vectors"], vectors["note_scales"]
    found = np.zeros(len(codes), dtype=np.float32)
    if len(mean) != codes.shape[1]:
        return found
    for first in range(0, len(codes), _ROWS_AT_ONCE):
        some = codes[first : first + _ROWS_AT_ONCE] * scales[first : first + _ROWS_AT_ONCE, None] - mean
        lengths = np.linalg.norm(some, axis=1)
        known = (scales[first : first + _ROWS_AT_ONCE] > 0) & (lengths > 0)
        found[first : first + _ROWS_AT_ONCE] = np.where(known, 1 / np.where(known, lengths, 1), 0)
    return found


def _own_columns(owns: Sequence[_Own]) -> tuple[dict[str, Texts], dict[str, NDArray[Any]]]:
    """What documents have beside their words: ids, titles, days, facets, links."""
    values, value_of = _ordered([value for own in owns for value in own.values])
    entities, entity_of = _ordered([entity for own in owns for entity, _, _ in own.links])
    ids, titles = [own.id for own in owns], [own.title for own in owns]
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int32)
    texts = {"ids": ids, "titles": titles, "values": values, "entities": entities}
    links = [link for own in owns for link in own.links]
    return {name: Texts.of(some) for name, some in texts.items()}, {
        "id_order": order,
        "id_ranks": ranks_of(order),
        "title_ranks": ranks_of(np.array(sorted(range(len(titles)), key=titles.__getitem__), dtype=np.int32)),
        "days": np.array([own.day for own in owns], dtype=np.int32),
        "standings": np.array([own.standing for own in owns], dtype=np.float32),
        "hashes": np.array([own.hash for own in owns], dtype=np.int64),
        "facet_ptr": pointers_of([len(own.values) for own in owns]),
        "facet_values": value_of,
        "link_ptr": pointers_of([len(own.links) for own in owns]),
        "link_entities": entity_of,
        "link_groups": np.array([group for _, group, _ in links], dtype=np.uint8),
        "link_weights": np.array([weight for _, _, weight in links], dtype=np.float32),
    }


def ranks_of(order: Ints) -> Ints:
    """The place of each number in an order, shape (n,)."""
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


def pointers_of(counts: Iterable[int] | Longs) -> Longs:
    """Start of each run, shape (n + 1,)."""
    if not isinstance(counts, np.ndarray):
        counts = np.fromiter(counts, dtype=np.int64)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _ordered(texts: Sequence[str]) -> tuple[list[str], Ints]:
    """Distinct texts in order, and the number of each text among them; ``STOP`` for an empty one."""
    distinct = sorted(set(texts) - {""})
    numbers = {text: number for number, text in enumerate(distinct)}
    return distinct, np.array([numbers.get(text, STOP) for text in texts], dtype=np.int32)


def _labels(
    written: Sequence[str], forms: Sequence[Form], times: Longs, numbers: tuple[Ints, Ints]
) -> tuple[list[str], list[str]]:
    """How each term, and each word, is most often written."""
    stops = np.array([not form.term for form in forms], dtype=bool)
    terms, words = ([""] * (int(of.max(initial=-1)) + 1) for of in numbers)
    # « sûr » and « sur » are one folded word: the one that is searched names it.
    for one in np.argsort(np.where(stops, -1, times), kind="stable").tolist():
        shown = written[one].lower()
        words[numbers[1][one]] = shown
        if not stops[one]:
            terms[numbers[0][one]] = shown
    return terms, words
