"""Documents → arrays: one immutable segment of the index, in memory or mapped from a file.

A segment is one note × term matrix kept both ways (columns to search, rows to compare), the stream of term ids that
phrases are read from, the unstemmed words that prefixes and corrections run over, facets and links. Term ids are the
segment's own; what two segments share is the text of their terms, and the model.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyser, clean, fold
from indexer.engine import FACETS, FIELDS, Document
from indexer.spelling import Trigrams

STOP = -1
"""In the stream: a stop word, which keeps its place."""

EDGE = -2
"""In the stream: the end of a field, which no phrase crosses."""

FIELD_BOOSTS = np.array([3.0, 1.0, 2.0, 1.0, 1.5, 0.0], dtype=np.float64)
"""BM25F weights of ``FIELDS``; the words for ``type:`` never score."""

FIELD_B = np.array([0.3, 0.75, 0.3, 0.3, 0.3, 0.3], dtype=np.float64)
"""BM25F length normalisation of ``FIELDS``: a title's length says little."""

K1 = 1.2
"""BM25F saturation."""

VECTOR_K = 1.5
"""Saturation of term frequencies in vectors: slower than BM25F's, so that titles and insistence tell."""

PIVOT_SLOPE = 0.4
"""How much a vector's own length counts in its normalisation (1: the cosine); chosen with ``evaluate peers``."""

GROUPS = ("solved", "same")

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """What was fitted on a set of documents, and stays until it is fitted again.

    Attributes:
        lengths: Mean length of each field of ``FIELDS`` in words, float64, shape (6,); an unused field counts 1.
        documents: How many documents it was fitted on.
        frequencies: In how many of them each term was.
        norm: The mean length of their vectors, the pivot of length normalisation.
    """

    lengths: NDArray[np.float64]
    documents: int
    frequencies: Mapping[str, int]
    norm: float = 1.0

    def idf(self, terms: Iterable[str]) -> Floats:
        """Smoothed inverse document frequencies, ``ln((1 + N) / (1 + df)) + 1`` as scikit-learn's TfidfTransformer.

        Shape (len(terms),); a term unknown when the model was fitted counts as found nowhere.
        """
        found = np.fromiter((self.frequencies.get(term, 0) for term in terms), dtype=np.float64)
        return (np.log((1 + self.documents) / (1 + found)) + 1).astype(np.float32)


@dataclass(frozen=True)
class Segment:
    """Arrays over N documents, T terms, W unstemmed words.

    Attributes:
        terms: T terms in code point order.
        labels: The commonest way each term is written.
        words: W folded words in code point order.
        shown: The commonest way each word is written.
        ids: N public ids.
        titles: N folded titles, to order by.
        values: Facet name → its values.
        entities: Ids of linked entities.
        arrays: By name, dtype and shape as built by ``build``.
    """

    terms: Sequence[str]
    labels: Sequence[str]
    words: Sequence[str]
    shown: Sequence[str]
    ids: Sequence[str]
    titles: Sequence[str]
    values: Mapping[str, Sequence[str]]
    entities: Sequence[str]
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def term_ids(self) -> dict[str, int]:
        """Term → its id here."""
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def word_ids(self) -> dict[str, int]:
        """Folded word → its id here."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def trigrams(self) -> Trigrams:
        """The words by their trigrams."""
        return Trigrams(self.words)

    @cached_property
    def places(self) -> dict[str, int]:
        """Public id → row."""
        return {id_: row for row, id_ in enumerate(self.ids)}

    def column(self, term: str) -> slice | None:
        """Where a term's postings are in ``term_docs`` and beside it; None when it is not here."""
        number = self.term_ids.get(term)
        if number is None:
            return None
        pointers = self.arrays["term_ptr"]
        return slice(int(pointers[number]), int(pointers[number + 1]))

    def word_column(self, number: int) -> slice:
        """Where a word's postings are in ``word_docs`` and beside it."""
        pointers = self.arrays["word_ptr"]
        return slice(int(pointers[number]), int(pointers[number + 1]))

    def row(self, place: int) -> slice:
        """Where a document's terms are in ``row_terms`` and ``row_weights``."""
        pointers = self.arrays["row_ptr"]
        return slice(int(pointers[place]), int(pointers[place + 1]))


def content_hash(document: Document) -> int:
    """Sixty-three bits that change when anything of a document does."""
    facets = sorted(document.facets.items())
    links = sorted((link.entity, link.group, link.weight) for link in document.links)
    parts = (document.id, document.kind, *document.texts(), facets, links, document.day)
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=8).digest(), "little") >> 1


class Builder:
    """Gathers documents, then makes a segment of them.

    Args:
        analyser: The analyser that makes terms.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._forms: dict[str, tuple[int, int]] = {}
        self._terms: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._written: list[str] = []
        self._stream = array("i")
        self._word_stream = array("i")
        self._documents: list[Document] = []

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, document: Document) -> None:
        """Analyse a document."""
        forms, stream, words = self._forms, self._stream, self._word_stream
        for text in document.texts():
            for written in self._analyser.cut(clean(text)) if text else ():
                numbers = forms.get(written)
                if numbers is None:
                    numbers = self._number(written)
                stream.append(numbers[0])
                words.append(numbers[1])
            stream.append(EDGE)
            words.append(EDGE)
        self._documents.append(document)

    def _number(self, written: str) -> tuple[int, int]:
        form = self._analyser.form(written)
        term = self._terms.setdefault(form.term, len(self._terms)) if form.term else STOP
        numbers = (term, len(self._written))
        self._words.setdefault(form.word, len(self._words))
        self._written.append(written)
        self._forms[written] = numbers
        return numbers

    def build(self, model: Model | None = None) -> tuple[Segment, Model]:
        """Make the segment; without a model, fit one on these documents."""
        count = len(self._documents)
        terms, term_ranks = _sorted(self._terms)
        stream = np.frombuffer(self._stream, dtype=np.int32).copy()
        stream[stream >= 0] = term_ranks[stream[stream >= 0]]
        edges = np.flatnonzero(stream == EDGE)
        fields = len(FIELDS)
        ends = edges.reshape(count, fields) if count else np.zeros((0, fields), dtype=np.int64)
        lengths = np.diff(edges, prepend=-1).reshape(ends.shape) - 1
        per_token = np.repeat(np.arange(count * fields), np.diff(edges, prepend=-1))
        owner, place = per_token // fields, per_token % fields
        fitting = model is None
        if model is None:
            means = lengths.mean(axis=0) if count else np.ones(fields)
            model = Model(np.where(means > 0, means, 1.0), count, {})
        arrays: dict[str, NDArray[Any]] = {
            "stream": stream,
            "stream_ptr": np.concatenate([[0], ends[:, -1] + 1]).astype(np.int64),
            "field_ends": ends.astype(np.int64),
        }
        arrays |= _columns(stream, owner, place, lengths, count, len(terms), model)
        if fitting:
            found = np.diff(arrays["term_ptr"])
            model = replace(model, frequencies=dict(zip(terms, found.tolist(), strict=True)))
        rows, norms = _rows(arrays, count, model.idf(terms))
        if fitting:
            model = replace(model, norm=float(norms[norms > 0].mean()) if np.any(norms) else 1.0)
        arrays |= _pivoted(rows, norms, model.norm)
        words, shown, word_arrays = self._word_columns(owner, place)
        labels = self._labels(term_ranks)
        arrays |= word_arrays
        facet_values, facet_arrays = _facets(self._documents)
        entities, link_arrays = _links(self._documents)
        arrays |= facet_arrays | link_arrays
        ids = [document.id for document in self._documents]
        titles = [fold(clean(document.title))[:80] for document in self._documents]
        arrays["id_ranks"] = _ranks(ids)
        arrays["title_ranks"] = _ranks(titles)
        arrays["days"] = np.array([document.day for document in self._documents], dtype=np.int32)
        arrays["hashes"] = np.array([content_hash(document) for document in self._documents], dtype=np.int64)
        segment = Segment(
            terms=terms,
            labels=labels,
            words=words,
            shown=shown,
            ids=ids,
            titles=titles,
            values=facet_values,
            entities=entities,
            arrays=arrays,
        )
        return segment, model

    def _labels(self, term_ranks: Longs) -> list[str]:
        """How each term is most often written, in the order of the terms."""
        counts = self._counts()
        labels = [""] * len(term_ranks)
        for number in np.argsort(counts, kind="stable"):
            written = self._written[number]
            term = self._analyser.form(written).term
            if term:
                labels[term_ranks[self._terms[term]]] = written.lower()
        return labels

    def _counts(self) -> Longs:
        """How often each written form was met."""
        written = np.frombuffer(self._word_stream, dtype=np.int32)
        return np.bincount(written[written >= 0], minlength=len(self._written))

    def _word_columns(self, owner: Longs, place: Longs) -> tuple[list[str], list[str], dict[str, NDArray[Any]]]:
        """Postings of unstemmed words, and how each is most often written."""
        words, ranks = _sorted(self._words)
        forms = [self._analyser.form(written) for written in self._written]
        to_word = ranks[np.fromiter((self._words[form.word] for form in forms), dtype=np.int64, count=len(forms))]
        stops = np.fromiter((not form.term for form in forms), dtype=bool, count=len(forms))
        written = np.frombuffer(self._word_stream, dtype=np.int32)
        shown = [""] * len(words)
        # « sûr » and « sur » are one folded word: the one that is searched names it.
        for number in np.argsort(np.where(stops, -1, self._counts()), kind="stable"):
            shown[to_word[number]] = self._written[number].lower()
        kept = written >= 0
        kept[kept] = ~stops[written[kept]]
        word = to_word[written[kept]].astype(np.int64)
        key, masks = _merge_masks(word, owner[kept], place[kept], len(self._documents))
        word_of, docs = np.divmod(key, max(len(self._documents), 1))
        return (
            words,
            shown,
            {
                "word_ptr": _pointers(word_of, len(words)),
                "word_docs": docs.astype(np.int32),
                "word_fields": masks,
            },
        )


def _sorted(numbers: Mapping[str, int]) -> tuple[list[str], Longs]:
    """Texts in order, and the new number of each old one."""
    texts = sorted(numbers)
    ranks = np.empty(len(texts), dtype=np.int64)
    ranks[np.fromiter((numbers[text] for text in texts), dtype=np.int64, count=len(texts))] = np.arange(len(texts))
    return texts, ranks


def _ranks(texts: Sequence[str]) -> Ints:
    """The place of each text in their order, shape (len(texts),); ties by number."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    ranks = np.empty(len(texts), dtype=np.int32)
    ranks[order] = np.arange(len(texts), dtype=np.int32)
    return ranks


def _pointers(owners: NDArray[np.integer], count: int) -> Longs:
    """Start of each owner's run in a sorted array, shape (count + 1,)."""
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))]).astype(np.int64)


def _merge_masks(of: Longs, owner: Longs, place: Longs, count: int) -> tuple[Longs, NDArray[np.uint8]]:
    """Distinct (of, owner) pairs in order, as keys ``of * count + owner``, and the fields each was seen in."""
    key = of * max(count, 1) + owner
    order = np.argsort(key, kind="stable")
    key, bits = key[order], np.left_shift(1, place[order]).astype(np.uint8)
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    return key[starts], np.bitwise_or.reduceat(bits, starts) if len(starts) else bits[:0]


def _columns(  # noqa: PLR0917  (arrays of one build, always given together)
    stream: Ints, owner: Longs, place: Longs, lengths: Longs, count: int, terms: int, model: Model
) -> dict[str, NDArray[Any]]:
    """Postings by term: documents, BM25F saturation, cosine weight before idf, fields.

    Saturation is ``c / (k1 + c)`` with ``c = Σ_f w_f tf_f / (1 - b_f + b_f len_f / avg_f)`` (Robertson, Zaragoza and
    Taylor 2004, "Simple BM25 extension to multiple weighted fields"); idf is applied by the query, so that documents
    can be added without touching these.
    """
    kept = stream >= 0
    term, doc, at = stream[kept].astype(np.int64), owner[kept], place[kept]
    norms = 1 - FIELD_B + FIELD_B * lengths / model.lengths
    boosts = FIELD_BOOSTS[at]
    key = term * max(count, 1) + doc
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    starts = np.flatnonzero(np.diff(sorted_key, prepend=-1))
    if not len(starts):
        empty = np.zeros(0, dtype=np.float32)
        return {
            "term_ptr": np.zeros(terms + 1, dtype=np.int64),
            "term_docs": np.zeros(0, dtype=np.int32),
            "term_impacts": empty,
            "term_weights": empty,
            "term_fields": np.zeros(0, dtype=np.uint8),
        }
    normed = np.add.reduceat((boosts / norms[doc, at])[order], starts)
    weighted = np.add.reduceat(boosts[order], starts)
    bits = np.left_shift(1, at[order]).astype(np.uint8)
    term_of, docs = np.divmod(sorted_key[starts], max(count, 1))
    return {
        "term_ptr": _pointers(term_of, terms),
        "term_docs": docs.astype(np.int32),
        "term_impacts": (normed / (K1 + normed)).astype(np.float32),
        "term_weights": (weighted / (VECTOR_K + weighted)).astype(np.float32),
        "term_fields": np.bitwise_or.reduceat(bits, starts),
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


def _facets(documents: Sequence[Document]) -> tuple[dict[str, list[str]], dict[str, NDArray[Any]]]:
    """For each facet, entries (document, value) in document order."""
    values: dict[str, list[str]] = {}
    arrays: dict[str, NDArray[Any]] = {}
    for name in FACETS:
        pairs = [(row, value) for row, doc in enumerate(documents) for value in dict.fromkeys(doc.facets.get(name, ()))]
        values[name] = sorted({value for _, value in pairs})
        numbers = {value: number for number, value in enumerate(values[name])}
        arrays[f"{name}_docs"] = np.array([row for row, _ in pairs], dtype=np.int32)
        arrays[f"{name}_values"] = np.array([numbers[value] for _, value in pairs], dtype=np.int32)
    return values, arrays


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
