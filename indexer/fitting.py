"""Fitting what is learnt from the notes: the latent space and the clusters. The only place that needs scikit-learn.

It takes seconds, so that it is done by who has time (``savoirs index maintain``), never by who answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.dense import bm25_idf
from indexer.segment import BYTE, Model
from indexer.view import View

if TYPE_CHECKING:
    from scipy import sparse

LATENT_FROM = 1_000
"""Under so many documents there is no latent space: it would learn their accidents."""

LATENT = 128
"""Components, at most; a quarter of the documents at most."""

CLUSTERS_FROM = 4_000
"""Under so many documents, all vectors are read: that is quick enough."""

SAMPLE = 20_000
"""Documents it is fitted on, at most: more change nothing that a ranking shows."""

SEED = 0


def needed(view: View) -> bool:
    """Whether there is something to fit: enough documents, and nothing fitted yet."""
    fitted = view.model.components.shape[1] > 0
    return view.living >= LATENT_FROM and not fitted and len(view.model.terms) > 1


def fit(view: View) -> Model:
    """The model of a view, with a latent space and clusters.

    The space is a truncated SVD (Deerwester et al. 1990) of impacts × idf, rows of length 1, by a randomised method
    (Halko, Martinsson and Tropp 2011) with a fixed seed; clusters are those of the notes' word vectors (Sculley 2010).
    """
    random = np.random.default_rng(SEED)
    rows = [np.flatnonzero(part.alive) for part in view.parts]
    total = sum(len(some) for some in rows)
    share = min(1.0, SAMPLE / max(total, 1))
    kept = [np.sort(random.choice(some, int(np.ceil(len(some) * share)), replace=False)) for some in rows]
    components = _components(view, kept)
    return replace(view.model, components=components, centroids=_centroids(view, kept, total))


def _components(view: View, rows: list[NDArray[np.int64]]) -> NDArray[np.float32]:
    from sklearn.utils.extmath import randomized_svd  # noqa: PLC0415  (a second to import, for who fits only)

    matrix = _matrix(view, rows)
    size = max(1, min(LATENT, view.living // 4, matrix.shape[1] - 1, matrix.shape[0] - 1))
    _, _, axes = randomized_svd(matrix, n_components=size, n_iter=4, random_state=SEED)
    return np.ascontiguousarray(axes.T, dtype=np.float32)


def _matrix(view: View, rows: list[NDArray[np.int64]]) -> sparse.csr_matrix:
    """The documents sampled × the model's terms: impacts × idf, rows of length 1."""
    from scipy import sparse  # noqa: PLC0415  (30 MB that nobody who searches needs)

    model, blocks = view.model, []
    for part, some in zip(view.parts, rows, strict=True):
        arrays = part.segment.arrays
        places = model.terms.places_of(part.segment.terms)
        shape = (len(part.segment), len(part.segment.terms))
        data = arrays["row_impacts"].astype(np.float32) / BYTE
        whole = sparse.csr_matrix((data, arrays["row_terms"], arrays["row_ptr"]), shape=shape)[some].tocoo()
        known = places[whole.col] >= 0
        columns = places[whole.col[known]]
        values = whole.data[known] * bm25_idf(model, columns)
        blocks.append(sparse.csr_matrix((values, (whole.row[known], columns)), shape=(len(some), len(model.terms))))
    matrix = sparse.vstack(blocks, format="csr", dtype=np.float32)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    unit: sparse.csr_matrix = sparse.diags(1 / np.where(lengths > 0, lengths, 1)).astype(np.float32) @ matrix
    return unit


def _centroids(view: View, rows: list[NDArray[np.int64]], total: int) -> NDArray[np.float32]:
    size = len(view.model.mean)
    if total < CLUSTERS_FROM or not size:
        return np.zeros((0, size), dtype=np.float32)
    from sklearn.cluster import MiniBatchKMeans  # noqa: PLC0415

    vectors = [
        part.segment.arrays["note_vectors"][some] * part.segment.arrays["note_scales"][some, None]
        for part, some in zip(view.parts, rows, strict=True)
    ]
    sample = np.concatenate(vectors).astype(np.float32)
    count = min(int(2 * np.sqrt(total)), len(sample) // 8)
    fitted = MiniBatchKMeans(count, batch_size=4_096, max_iter=20, n_init=1, random_state=SEED).fit(sample)
    centres = fitted.cluster_centers_
    lengths = np.linalg.norm(centres, axis=1, keepdims=True)
    return np.ascontiguousarray(centres / np.where(lengths > 0, lengths, 1), dtype=np.float32)
