"""From folders on disk to a view: segments mapped once each, checked before anything trusts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import bundle, store
from indexer.analysis import Analyser
from indexer.bundle import Bundle, DamagedError
from indexer.segment import Model, Segment
from indexer.view import Part, View


class Shelf:
    """The folders of an index that this process has mapped.

    Attributes:
        directory: Of the index.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._bundles: dict[str, Bundle] = {}
        self._parts: dict[str, Segment] = {}

    @property
    def size_bytes(self) -> int:
        """Of all files mapped."""
        return sum(found.size_bytes for found in self._bundles.values())

    @property
    def checked_s(self) -> float:
        """How long the checksums of all files mapped took."""
        return sum(found.checked_s for found in self._bundles.values())

    def view(self, generation: store.Generation, analyser: Analyser) -> View:
        """The view of a generation. Folders that are mapped already are neither read nor checked again.

        Raises:
            DamagedError: When a folder is missing or damaged.
        """
        model = self._model(generation.model)
        parts = tuple(self._part(part) for part in generation.parts)
        return View(parts, model, analyser, generation.seq)

    def keep(self, names: frozenset[str]) -> None:
        """Let go of all folders but these."""
        for name in self._bundles.keys() - names:
            self._bundles.pop(name).close()
            self._parts.pop(name, None)

    def _bundle(self, name: str) -> Bundle:
        found = self._bundles.get(name)
        if found is None:
            found = self._bundles[name] = bundle.read(self.directory, name)
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
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedError("damaged") from error

    def _part(self, named: store.PartName) -> Part:
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
        return Part.whole(segment, name=named.segment).without(named.dead)


def write_segment(directory: Path, segment: Segment) -> Bundle:
    """Write a segment that is in memory, and map it."""
    return bundle.write(directory, "s", {"documents": len(segment)}, segment.arrays, segment.texts)


def write_model(directory: Path, model: Model) -> Bundle:
    """Write a model, and map it."""
    meta = {"documents": model.documents, "norm": model.norm}
    arrays = {"lengths": model.lengths, "frequencies": model.frequencies}
    return bundle.write(directory, "m", meta, arrays, {"terms": model.terms})


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
    _check_range(arrays["bit_terms"], 0, terms)
    _check_range(arrays["stream"], -2, terms)
    if arrays["bits"].shape != (len(arrays["bit_terms"]), (count + 63) // 64) or len(arrays["term_bars"]) != terms:
        raise DamagedError("damaged")
    _check_range(arrays["field_ends"], 0, len(arrays["stream"]))
    sizes = {len(arrays[name]) for name in ("days", "hashes", "id_ranks", "title_ranks", "inverse_norms")}
    paired = {len(arrays[f"term_{name}"]) for name in ("docs", "impacts", "weights", "fields")}
    if not (sizes <= {count} and len(paired) == 1 and len(arrays["row_weights"]) == len(arrays["row_terms"])):
        raise DamagedError("damaged")
    for some in texts.values():
        _check_pointers(np.concatenate([[0], some.ends]), len(some), len(some.data))


def _check_pointers(pointers: NDArray[Any], count: int, end: int) -> None:
    if len(pointers) != count + 1 or pointers[0] != 0 or pointers[-1] != end or np.any(pointers[1:] < pointers[:-1]):
        raise DamagedError("damaged")


def _check_range(array: NDArray[Any], lowest: int, bound: int) -> None:
    if array.size and not (lowest <= int(array.min()) and int(array.max()) < bound):
        raise DamagedError("damaged")
