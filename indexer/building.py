"""Documents → a segment: every written word becomes a number once, the rest is sorting and summing in numpy."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyser, Form, clean, fold
from indexer.engine import FACETS, FIELDS, Document
from indexer.segment import (
    EDGE,
    FIELD_B,
    FIELD_BOOSTS,
    GROUPS,
    K1,
    PIVOT_SLOPE,
    STOP,
    VECTOR_K,
    Floats,
    Ints,
    Longs,
    Model,
    Segment,
)

Arrays = dict[str, NDArray[Any]]

_PLACE_BITS = 3
"""Bits of a field's number in a packed posting: eight fields at most."""


def content_hash(document: Document) -> int:
    """Sixty-three bits that change when anything of a document does."""
    facets = sorted(document.facets.items())
    links = sorted((link.entity, link.group, link.weight) for link in document.links)
    parts = (document.id, document.kind, *document.texts(), facets, links, document.day)
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=8).digest(), "little") >> 1


class _Numbering(dict[str, int]):
    """Gives each new key the next number."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


class Builder:
    """Gathers documents, then makes a segment of them.

    Args:
        analyser: The analyser that makes terms.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._numbers = _Numbering()
        self._stream = array("i")
        self._documents: list[Document] = []

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, document: Document) -> None:
        """Cut a document into words."""
        number_of, stream, cut = self._numbers.__getitem__, self._stream, self._analyser.cut
        for text in document.texts():
            if text:
                stream.extend(map(number_of, cut(clean(text))))
            stream.append(EDGE)
        self._documents.append(document)

    def build(self, model: Model | None = None) -> tuple[Segment, Model]:
        """Make the segment; without a model, fit one on these documents."""
        count, written = len(self._documents), list(self._numbers)
        forms = [self._analyser.form(one) for one in written]
        numbers = np.frombuffer(self._stream, dtype=np.int32)
        terms, term_of = _ordered([form.term for form in forms])
        words, word_of = _ordered([form.word for form in forms])
        stream = _renumbered(numbers, term_of)
        layout = _Layout(numbers, count)
        fitting = model is None
        if model is None:
            model = Model(layout.mean_lengths(), count, {})
        postings = _Postings(stream, layout, len(terms))
        arrays: Arrays = {
            "stream": stream,
            "stream_ptr": np.concatenate([[0], layout.ends[:, -1] + 1]).astype(np.int64),
            "field_ends": layout.ends,
            **_columns(postings, layout, model),
        }
        if fitting:
            found = np.diff(arrays["term_ptr"]).tolist()
            model = replace(model, frequencies=dict(zip(terms, found, strict=True)))
        rows, norms = _rows(arrays, count, model.idf(terms))
        if fitting:
            model = replace(model, norm=float(norms[norms > 0].mean()) if np.any(norms) else 1.0)
        times = np.bincount(numbers[numbers >= 0], minlength=len(written))
        searched = np.where(term_of >= 0, word_of, STOP)  # a stop word is in no column of words
        arrays |= _pivoted(rows, norms, model.norm)
        arrays |= _word_columns(_Postings(_renumbered(numbers, searched), layout, len(words)))
        return self._segment(arrays, terms, words, _labels(written, forms, times, (term_of, word_of))), model

    def _segment(
        self, arrays: Arrays, terms: Sequence[str], words: Sequence[str], labels: tuple[list[str], list[str]]
    ) -> Segment:
        facet_values, facet_arrays = _facets(self._documents)
        entities, link_arrays = _links(self._documents)
        ids = [document.id for document in self._documents]
        titles = [fold(clean(document.title))[:80] for document in self._documents]
        own: Arrays = {
            "id_ranks": _ranks(ids),
            "title_ranks": _ranks(titles),
            "days": np.array([document.day for document in self._documents], dtype=np.int32),
            "hashes": np.array([content_hash(document) for document in self._documents], dtype=np.int64),
        }
        return Segment(
            terms=terms,
            labels=labels[0],
            words=words,
            shown=labels[1],
            ids=ids,
            titles=titles,
            values=facet_values,
            entities=entities,
            arrays={**arrays, **facet_arrays, **link_arrays, **own},
        )


class _Layout:
    """Where each word of a stream stands.

    Attributes:
        count: How many documents.
        owner: The document of each token, edges included, shape (L,).
        place: Its field, shape (L,).
        ends: Where each field of each document ends, shape (count, 6).
        lengths: How many words each has, shape (count, 6).
    """

    def __init__(self, numbers: Ints, count: int) -> None:
        edges = np.flatnonzero(numbers == EDGE)
        spans = np.diff(edges, prepend=-1)
        fields = len(FIELDS)
        self.count = count
        self.ends: Longs = edges.reshape(count, fields).astype(np.int64)
        self.lengths: Longs = (spans - 1).reshape(count, fields)
        per_token = np.repeat(np.arange(count * fields), spans)
        self.owner, self.place = np.divmod(per_token, fields)

    def mean_lengths(self) -> NDArray[np.float64]:
        """Mean length of each field, 1 for one that is never used."""
        means = self.lengths.mean(axis=0) if self.count else np.ones(len(FIELDS))
        return np.where(means > 0, means, 1.0)


class _Postings:
    """The tokens of a stream sorted by term, then document, then field.

    One sort of packed integers, ``(term × documents + document) × 8 + field``, instead of an indirect stable one.

    Attributes:
        docs: The document of each token, shape (M,).
        places: Its field, shape (M,).
        starts: Where each distinct (term, document) begins, shape (P,).
        pointers: Start of each term's postings among the P, shape (terms + 1,).
    """

    def __init__(self, stream: NDArray[np.integer[Any]], layout: _Layout, terms: int) -> None:
        kept = stream >= 0
        count = max(layout.count, 1)
        packed = stream[kept].astype(np.int64) * count + layout.owner[kept]
        packed = (packed << _PLACE_BITS) | layout.place[kept]
        packed.sort()
        keys = packed >> _PLACE_BITS
        self.places = packed & ((1 << _PLACE_BITS) - 1)
        self.starts = np.flatnonzero(np.diff(keys, prepend=-1))
        owners, self.docs = np.divmod(keys, count)
        found = np.bincount(owners[self.starts], minlength=terms)
        self.pointers = np.concatenate([[0], np.cumsum(found)]).astype(np.int64)

    def summed(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of the tokens' values over each posting."""
        return np.add.reduceat(values, self.starts) if len(self.starts) else values[:0]

    def fields(self) -> NDArray[np.uint8]:
        """The fields of each posting, a bit each."""
        bits = np.left_shift(1, self.places).astype(np.uint8)
        return np.bitwise_or.reduceat(bits, self.starts) if len(self.starts) else bits[:0]


def _columns(postings: _Postings, layout: _Layout, model: Model) -> Arrays:
    """Postings by term: documents, BM25F saturation, vector weight before idf, fields.

    Saturation is ``c / (k1 + c)`` with ``c = Σ_f w_f tf_f / (1 - b_f + b_f len_f / avg_f)`` (Robertson, Zaragoza and
    Taylor 2004, "Simple BM25 extension to multiple weighted fields"); idf is applied by the query, so that documents
    can be added without touching these.
    """
    norms = 1 - FIELD_B + FIELD_B * layout.lengths / model.lengths
    boosts = FIELD_BOOSTS[postings.places]
    normed = postings.summed(boosts / norms[postings.docs, postings.places])
    weighted = postings.summed(boosts)
    return {
        "term_ptr": postings.pointers,
        "term_docs": postings.docs[postings.starts].astype(np.int32),
        "term_impacts": (normed / (K1 + normed)).astype(np.float32),
        "term_weights": (weighted / (VECTOR_K + weighted)).astype(np.float32),
        "term_fields": postings.fields(),
    }


def _word_columns(postings: _Postings) -> Arrays:
    """Postings by unstemmed word: documents and fields."""
    return {
        "word_ptr": postings.pointers,
        "word_docs": postings.docs[postings.starts].astype(np.int32),
        "word_fields": postings.fields(),
    }


def _rows(
    arrays: Mapping[str, NDArray[Any]], count: int, idf: Floats
) -> tuple[dict[str, NDArray[Any]], NDArray[np.float64]]:
    """The same matrix by document, tf-idf weighted, and the length of each row."""
    pointers = arrays["term_ptr"].astype(np.int64)
    term_of = np.repeat(np.arange(len(pointers) - 1), np.diff(pointers))
    docs = arrays["term_docs"].astype(np.int64)
    order = np.argsort(docs, kind="stable")
    weights = arrays["term_weights"].astype(np.float64)[order] * idf[term_of[order]]
    norms = np.sqrt(np.bincount(docs[order], weights=weights**2, minlength=count))
    rows: dict[str, NDArray[Any]] = {
        "row_ptr": _pointers(docs, count),
        "row_terms": term_of[order].astype(np.int32),
        "row_weights": weights,
    }
    return rows, norms


def _pivoted(rows: dict[str, NDArray[Any]], norms: NDArray[np.float64], pivot: float) -> dict[str, NDArray[Any]]:
    """Rows divided by ``(1 - s) pivot + s norm`` (Singhal, Buckley and Mitra 1996); an empty document stays at 0."""
    inverse = np.where(norms > 0, 1.0 / ((1 - PIVOT_SLOPE) * pivot + PIVOT_SLOPE * norms), 0.0)
    owners = np.repeat(np.arange(len(norms)), np.diff(rows["row_ptr"]))
    weights = (rows["row_weights"] * inverse[owners]).astype(np.float32)
    return {**rows, "row_weights": weights, "inverse_norms": inverse.astype(np.float32)}


def _renumbered(numbers: Ints, new: NDArray[np.integer[Any]]) -> Ints:
    """A stream with each form's number replaced by another, edges kept."""
    return np.append(new, [EDGE, EDGE])[numbers].astype(np.int32)  # EDGE, -2, is the last but one


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


def _ranks(texts: Sequence[str]) -> Ints:
    """The place of each text in their order, shape (len(texts),); ties by number."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    ranks = np.empty(len(texts), dtype=np.int32)
    ranks[order] = np.arange(len(texts), dtype=np.int32)
    return ranks


def _pointers(owners: NDArray[np.integer[Any]], count: int) -> Longs:
    """Start of each owner's run in a sorted array, shape (count + 1,)."""
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))]).astype(np.int64)


def _facets(documents: Sequence[Document]) -> tuple[list[tuple[str, str]], Arrays]:
    """All (facet, value) in order, and entries (document, number of one) in document order."""
    pairs = [
        (row, (name, value))
        for row, document in enumerate(documents)
        for name in FACETS
        for value in dict.fromkeys(document.facets.get(name, ()))
    ]
    values = sorted({value for _, value in pairs})
    numbers = {value: number for number, value in enumerate(values)}
    return values, {
        "facet_docs": np.array([row for row, _ in pairs], dtype=np.int32),
        "facet_values": np.array([numbers[value] for _, value in pairs], dtype=np.int32),
    }


def _links(documents: Sequence[Document]) -> tuple[list[str], dict[str, NDArray[Any]]]:
    """Entries (document, entity, group, weight) in document order."""
    links = [(row, link) for row, document in enumerate(documents) for link in document.links]
    entities = sorted({link.entity for _, link in links})
    numbers = {entity: number for number, entity in enumerate(entities)}
    return entities, {
        "link_docs": np.array([row for row, _ in links], dtype=np.int32),
        "link_entities": np.array([numbers[link.entity] for _, link in links], dtype=np.int32),
        "link_groups": np.array([GROUPS.index(link.group) for _, link in links], dtype=np.uint8),
        "link_weights": np.array([link.weight for _, link in links], dtype=np.float32),
    }
