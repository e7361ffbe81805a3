"""From folders on disk to a view: segments mapped once each, checked before anything trusts them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import bundle, store
from indexer.bundle import Bundle, DamagedError
from indexer.dense import Dense
from indexer.recipe import Recipe
from indexer.segment import Model, Segment
from indexer.view import Part, View

_MAX_TRIES = 5


_OF_DOCUMENTS = ("days", "standings", "hashes", "id_ranks", "title_ranks", "inverse_norms")
_OF_TERMS = ("bit_of", "term_bars", "term_idf", "term_vectors")


class Shelf:
    """The folders of an index that this process has mapped. All methods may be called by several threads at once.

    Attributes:
        directory: Of the index.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._bundles: dict[str, Bundle] = {}
        self._parts: dict[str, Segment] = {}
        self._lock = threading.RLock()

    @property
    def size_bytes(self) -> int:
        """Of all files mapped."""
        return sum(found.size_bytes for found in list(self._bundles.values()))

    @property
    def checked_s(self) -> float:
        """How long the checksums of all files mapped took."""
        return sum(found.checked_s for found in list(self._bundles.values()))

    def newest(self, recipe: Recipe) -> tuple[store.Generation, View]:
        """The generation in use and its view.

        Raises:
            DamagedError: ``missing``, ``stale`` or ``damaged``.
        """
        for _ in range(_MAX_TRIES):
            generation = store.current(self.directory, recipe.fingerprint)
            try:
                return generation, self.view(generation, recipe)
            except DamagedError:
                if store.current_name(self.directory) == generation.name:
                    raise
                # else it was replaced, and its folders removed, between two lines
        raise DamagedError("damaged")

    def view(self, generation: store.Generation, recipe: Recipe) -> View:
        """The view of a generation. Folders that are mapped already are neither read nor checked again.

        Raises:
            DamagedError: When a folder is missing or damaged.
        """
        with self._lock:
            model = self._model(generation.model)
            parts = tuple(self._part(part, model) for part in generation.parts)
        return View(parts, model, recipe.analyser, generation.seq, recipe.vectors)

    def keep(self, names: frozenset[str]) -> None:
        """Let go of all folders but these."""
        with self._lock:
            for name in self._bundles.keys() - names:
                self._bundles.pop(name).close()
                self._parts.pop(name, None)

    def damaged(self, recipe: Recipe) -> tuple[str, ...]:
        """What is no longer as it was written, all that is mapped being read again: names of folders, ``CURRENT``."""
        names = sorted(name for name in list(self._bundles) if not self._is_whole(name))
        try:
            store.current(self.directory, recipe.fingerprint)
        except DamagedError:
            names += ["CURRENT"] if self._bundles else []
        return tuple(names)

    def _is_whole(self, name: str) -> bool:
        try:
            bundle.read(self.directory, name).close()
        except DamagedError:
            return False
        return True

    def _bundle(self, name: str) -> Bundle:
        found = self._bundles.get(name)
        if found is None:
            try:
                found = self._bundles[name] = bundle.read(self.directory, name)
            except DamagedError as error:
                # What a generation names was there: if it is missing, somebody removed it.
                raise DamagedError("stale" if str(error) == "stale" else "damaged") from error
        return found

    def _model(self, name: str) -> Model:
        found = self._bundle(name)
        try:
            return Model(
                lengths=found.arrays["lengths"],
                documents=int(found.meta["documents"]),
                terms=found.texts["terms"],
                frequencies=found.arrays["frequencies"],
                norm=float(found.meta["norm"]),
                covered=int(found.meta["covered"]),
                mean=found.arrays["mean"],
                components=found.arrays["components"],
                centroids=found.arrays["centroids"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedError("damaged") from error

    def _part(self, named: store.PartName, model: Model) -> Part:
        segment = self._parts.get(named.segment)
        if segment is None:
            found = self._bundle(named.segment)
            segment = Segment(found.texts, found.arrays)
            try:
                check(segment)
            except (KeyError, IndexError, ValueError) as error:
                raise DamagedError("damaged") from error
            self._parts[named.segment] = segment
        if len(named.dead) and not (int(named.dead[0]) >= 0 and int(named.dead[-1]) < len(segment)):
            raise DamagedError("damaged")
        dense = None
        if named.dense:
            try:
                dense = Dense.read(self._bundle(named.dense).arrays, segment, model)
            except (KeyError, ValueError, IndexError) as error:
                raise DamagedError("damaged") from error
        return Part.whole(segment, dense, name=named.segment).without(named.dead)


def write_segment(directory: Path, segment: Segment) -> Bundle:
    """Write a segment that is in memory, and map it."""
    return bundle.write(directory, "s", {"documents": len(segment)}, segment.arrays, segment.texts)


def write_model(directory: Path, model: Model) -> Bundle:
    """Write a model, and map it."""
    meta = {"documents": model.documents, "norm": model.norm, "covered": model.covered}
    names = ("lengths", "frequencies", "mean", "components", "centroids")
    return bundle.write(directory, "m", meta, {name: getattr(model, name) for name in names}, {"terms": model.terms})


def write_dense(directory: Path, dense: Dense) -> Bundle:
    """Write the vectors of a segment, and map them."""
    return bundle.write(directory, "d", {}, dense.arrays(), {})


def check(segment: Segment) -> None:
    """Bounds every reader relies on: pointers grow, ids are in range. A manifest can be whole and yet lie.

    Raises:
        DamagedError: When they do not hold.
    """
    arrays, texts = segment.arrays, segment.texts
    count, terms, words = len(segment), len(texts["terms"]), len(texts["words"])
    values, entities = len(texts["values"]), len(texts["entities"])
    for pointers, size, run in (
        ("term_ptr", terms, "term_docs"),
        ("row_ptr", count, "row_terms"),
        ("word_ptr", words, "word_docs"),
        ("stream_ptr", count, "stream"),
        ("facet_ptr", count, "facet_values"),
        ("link_ptr", count, "link_entities"),
    ):
        _check_pointers(arrays[pointers], size, len(arrays[run]))
    bounds = {"term_docs": count, "word_docs": count, "row_terms": terms, "gram_words": words, "id_order": count}
    bounds |= {"facet_values": values, "link_entities": entities}
    for name, bound in bounds.items():
        _check_range(arrays[name], 0, bound)
    _check_range(arrays["bit_of"], -1, len(arrays["bits"]))
    _check_range(arrays["stream"], -2, terms)
    if arrays["bits"].shape[1] != (count + 63) // 64 or {len(arrays[name]) for name in _OF_TERMS} != {terms}:
        raise DamagedError("damaged")
    _check_range(arrays["field_ends"], 0, len(arrays["stream"]))
    sizes = {len(arrays[name]) for name in _OF_DOCUMENTS}
    paired = {len(arrays[f"term_{name}"]) for name in ("docs", "impacts", "fields")}
    if not (sizes <= {count} and len(paired) == 1 and len(arrays["row_impacts"]) == len(arrays["row_terms"])):
        raise DamagedError("damaged")
    if int(arrays["passage_ptr"][-1]) and len(arrays["passage_ptr"]) != count + 1:
        raise DamagedError("damaged")
    vectors = {"title": count, "note": count, "passage": int(arrays["passage_ptr"][-1])}
    for name, size in vectors.items():
        codes, scales = arrays[f"{name}_vectors"], arrays[f"{name}_scales"]
        if len(codes) != len(scales) or len(codes) != (size if codes.shape[1] else 0):
            raise DamagedError("damaged")
    for some in texts.values():
        _check_pointers(np.concatenate([[0], some.ends]), len(some), len(some.data))


def _check_pointers(pointers: NDArray[Any], count: int, end: int) -> None:
    if len(pointers) != count + 1 or pointers[0] != 0 or pointers[-1] != end or np.any(pointers[1:] < pointers[:-1]):
        raise DamagedError("damaged")


def _check_range(array: NDArray[Any], lowest: int, bound: int) -> None:
    if array.size and not (lowest <= int(array.min()) and int(array.max()) < bound):
        raise DamagedError("damaged")
