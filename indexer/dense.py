"""What is known of a segment's documents once the latent space is fitted: their places in it, and their clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import kernels
from indexer.segment import BYTE, TOPICS, Floats, Ints, Longs, Model, Segment
from indexer.texts import frozen


@dataclass(frozen=True)
class Dense:
    """Vectors and clusters of the N documents of a segment, under a model.

    Attributes:
        latent: Latent vectors in eight bits, int8, shape (N, L).
        latent_scales: What makes vectors of length 1 of them, shape (N,).
        topic_scales: The same for their first ``TOPICS`` numbers.
        cluster_ptr: Where each cluster begins in ``cluster_rows``, shape (C + 1,).
        cluster_rows: Documents by cluster, ascending in each, shape (N,); (0,) without clusters.
        cluster_vectors: Their word vectors in this order, so that a cluster is read in one go, int8, shape (N, D).
        cluster_scales: The scale of each, shape (N,).
    """

    latent: NDArray[np.int8]
    latent_scales: Floats
    topic_scales: Floats
    cluster_ptr: Longs
    cluster_rows: Ints
    cluster_vectors: NDArray[np.int8]
    cluster_scales: Floats

    def __post_init__(self) -> None:
        for name in NAMES:
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Its arrays, by name."""
        return {name: getattr(self, name) for name in NAMES}

    @cached_property
    def runs(self) -> tuple[NDArray[Any], ...]:
        """Its clusters as loops read them: vectors, their scales, the document of each, where each cluster begins."""
        return self.cluster_vectors, self.cluster_scales, self.cluster_rows, self.cluster_ptr

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], segment: Segment, model: Model) -> Dense:
        """From arrays read from disk.

        Raises:
            KeyError: When one is missing.
            ValueError: When they are not of this segment and model.
        """
        found = cls(*(arrays[name] for name in NAMES))
        count, clusters = len(segment), len(model.centroids)
        sizes = {len(found.latent), len(found.latent_scales), len(found.topic_scales)}
        pointers = found.cluster_ptr
        whole = (
            sizes == {count}
            and found.latent.shape[1] == model.components.shape[1]
            and len(pointers) == clusters + 1
            and len(found.cluster_rows) == (count if clusters else 0)
            and len(found.cluster_vectors) == len(found.cluster_scales) == len(found.cluster_rows)
            and pointers[0] == 0
            and pointers[-1] == len(found.cluster_rows)
            and bool(np.all(np.diff(pointers) >= 0))
            and (not len(found.cluster_rows) or 0 <= found.cluster_rows.min() <= found.cluster_rows.max() < count)
        )
        if not whole:
            raise ValueError("not of this segment and model")
        return found


NAMES = ("latent", "latent_scales", "topic_scales", "cluster_ptr", "cluster_rows", "cluster_vectors", "cluster_scales")


def made(segment: Segment, model: Model) -> Dense | None:
    """The vectors and clusters of a segment; None as long as nothing is fitted."""
    if not model.components.shape[1] and not len(model.centroids):
        return None
    count, size = len(segment), model.components.shape[1]
    latent, scales = np.zeros((count, size), dtype=np.int8), np.zeros(count, dtype=np.float32)
    topics = np.zeros(count, dtype=np.float32)
    if size:
        arrays = segment.arrays
        places = model.terms.places_of(segment.terms)
        components = np.where(places[:, None] >= 0, model.components[places], 0).astype(np.float32)
        weights = (bm25_idf(model, places) / BYTE).astype(np.float32)
        kernels.loops().fold_rows(
            arrays["row_ptr"], arrays["row_terms"], arrays["row_impacts"], weights, components,
            min(TOPICS, size), latent, scales, topics,
        )  # fmt: skip
    pointers, rows = _clusters(segment, model)
    vectors, lengths = segment.arrays["note_vectors"][rows], segment.arrays["note_scales"][rows]
    return Dense(latent, scales, topics, pointers, rows, vectors, lengths)


def bm25_idf(model: Model, places: Longs) -> Floats:
    """BM25's idf of terms given by their numbers in a model, frozen with it; of -1, that of a term found nowhere."""
    found = model.frequencies_at(places)
    return np.log1p((model.documents - found + 0.5) / (found + 0.5)).astype(np.float32)


def _clusters(segment: Segment, model: Model) -> tuple[Longs, Ints]:
    clusters = len(model.centroids)
    if not clusters:
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32)
    nearest = np.zeros(len(segment), dtype=np.int32)
    kernels.loops().assign(segment.arrays["note_vectors"], model.centroids, nearest)
    rows = np.argsort(nearest, kind="stable").astype(np.int32)
    counts = np.bincount(nearest, minlength=clusters)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), rows
