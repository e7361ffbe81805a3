"""The same loops in numpy: what answers where numba is absent or not ready yet, and the oracle of the compiled ones.

Arrays named ``docs``, ``impacts``, ``fields`` are columns of a segment; ``starts`` and ``ends`` are runs in them, one
a term.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


_AT_ONCE = 4_096
"""Documents compared with all centroids at once."""

_SHORT = np.float32(16_384)
"""The largest number of a vector in sixteen bits, so that sums of products with eight bits fit in 32."""


def scatter(mask: Bools, docs: Ints, starts: Longs, ends: Longs) -> None:
    """Set a mask, shape (N,), at the documents of some runs."""
    for start, end in zip(starts, ends, strict=True):
        mask[docs[start:end]] = True


def scatter_field(mask: Bools, docs: Ints, fields: Bytes, starts: Longs, ends: Longs, bit: int) -> None:
    """The same, for postings whose ``fields`` have a bit."""
    for start, end in zip(starts, ends, strict=True):
        mask[docs[start:end][(fields[start:end] & bit) > 0]] = True


def intersect(first: Ints, second: Ints) -> Ints:
    """What two ascending lists share; ``first`` should be the shorter."""
    return np.intersect1d(first, second, assume_unique=True)


def places(data: Bytes, ends: Longs, wanted: Bytes, wanted_ends: Longs, found: Longs) -> None:
    """Fill ``found`` with the place of each wanted text among others, -1 for none; both ascending, byte by byte."""
    every = range(len(ends))
    for number in range(len(wanted_ends)):
        one = _text(wanted, wanted_ends, number)
        place = bisect_left(every, one, key=lambda other: _text(data, ends, other))
        found[number] = place if place < len(ends) and _text(data, ends, place) == one else -1


def text_place(data: Bytes, ends: Longs, order: Ints, wanted: Bytes) -> int:
    """The place of a text among some, -1 for none.

    Args:
        data: UTF-8 bytes of all, one after the other.
        ends: Where each ends.
        order: Their places in code point order; (0,) when they are kept in it.
        wanted: The bytes of the text.
    """
    places, text = order if len(order) else range(len(ends)), wanted.tobytes()
    rank = bisect_left(places, text, key=lambda place: _text(data, ends, int(place)))
    return int(places[rank]) if rank < len(places) and _text(data, ends, int(places[rank])) == text else -1


def _text(data: Bytes, ends: Longs, number: int) -> bytes:
    return data[ends[number - 1] if number else 0 : ends[number]].tobytes()


def look_up(docs: Ints, values: NDArray[Any], starts: Longs, ends: Longs, rows: Ints, found: Floats) -> None:
    """Fill ``found``, shape (terms, rows), with the value each run has for each row, 0 where it has none."""
    for one, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end > start:
            places = start + np.minimum(np.searchsorted(docs[start:end], rows), end - start - 1)
            found[one] = np.where(docs[places] == rows, values[places], 0)
        else:
            found[one] = 0


def union(
    docs: Ints,
    starts: Longs,
    ends: Longs,
    bits: NDArray[np.uint64],
    bit_rows: Ints,
    dead: Ints,
    mask: Bools,
    size: int,
) -> int:
    """How many documents that count have one of some terms.

    Args:
        docs: Documents of all postings.
        starts: Where each term's run begins.
        ends: Where it ends.
        bits: Sets of documents, 64 a word, shape (frequent terms, words).
        bit_rows: The row in ``bits`` of each term, -1 when it has none.
        dead: Documents that do not count.
        mask: Out: which they are, shape (N,); or (0,) not to be told.
        size: How many documents there are.
    """
    found = np.zeros(size, dtype=bool)
    scatter(found, docs, starts, ends)
    found[dead] = False
    if len(mask):
        mask[:] = found
    return int(np.count_nonzero(found))


def best(
    docs: Ints,
    impacts: NDArray[np.uint16],
    starts: Longs,
    ends: Longs,
    worths: Floats,
    bounds: Floats,
    bits: NDArray[np.uint64],
    bit_rows: Ints,
    alive: Bools,
    ranks: Ints,
    bar: float,
    limit: int,
) -> tuple[Ints, Floats]:
    """The best documents of a weighted sum of impacts. Exact: what is not read could not have been among them.

    Args:
        docs: Documents of all postings, ascending in each run.
        impacts: Their impacts, 1 or more.
        starts: Where each term's run begins, the term that can bring most first.
        ends: Where it ends.
        worths: What one unit of impact of each term is worth, positive.
        bounds: The most each term can bring.
        bits: Sets of documents, 64 a word, shape (frequent terms, words).
        bit_rows: The row in ``bits`` of each term, -1 when it has none.
        alive: Which documents count, shape (N,).
        ranks: The order of documents of equal score, shape (N,).
        bar: A positive score that ``limit`` documents that count are known to reach, or next to nothing.
        limit: How many documents, at most.

    Returns:
        Documents and scores, best first, ties by rank.
    """
    sums = np.zeros(len(ranks), dtype=np.float32)
    for start, end, worth in zip(starts, ends, worths, strict=True):
        sums[docs[start:end]] += worth * impacts[start:end].astype(np.float32)
    rows = np.flatnonzero((sums > 0) & alive).astype(np.int32)
    return best_of(rows, sums[rows], ranks, limit)


def find(
    numbers: Ints,
    units: Floats,
    depth: int,
    limit: int,
    docs: Ints,
    impacts: NDArray[np.uint16],
    pointers: Longs,
    term_bars: NDArray[np.uint16],
    bit_of: Ints,
    bits: NDArray[np.uint64],
    allowed: Bools,
    dead: Ints,
    ranks: Ints,
    mask: Bools,
    counted: bool,
) -> tuple[Ints, Floats, int]:
    """The best documents that hold one of some terms, and how many hold one: ``union`` and ``best`` in one call.

    Args:
        numbers: Distinct terms.
        units: What a unit of the impact of each is worth, positive.
        depth: The column of ``term_bars`` that tells a score reached by ``limit`` documents that count; -1 for none.
        limit: How many documents, at most.
        docs: Documents of all postings.
        impacts: Their impacts.
        pointers: Where each term's run begins, shape (T + 1,).
        term_bars: Impacts that each term's n-th best posting has; its first column is the highest.
        bit_of: The row in ``bits`` of each term, -1 for none, shape (T,).
        bits: Sets of documents.
        allowed: Which documents may be returned, shape (N,).
        dead: Documents that are not counted.
        ranks: The order of documents of equal score.
        mask: Out: which documents hold one; or (0,).
        counted: Whether to fill ``mask`` and count those that hold one.

    Returns:
        Documents and scores, best first; and how many hold one, 0 when they are not counted.
    """
    bounds = units * term_bars[numbers, 0].astype(np.float32)
    order = np.argsort(-bounds, kind="stable")
    numbers, units = numbers[order], units[order]
    starts, ends = pointers[numbers], pointers[numbers + 1]
    total = union(docs, starts, ends, bits, bit_of[numbers], dead, mask, len(ranks)) if counted else 0
    limit = min(limit, len(ranks))
    found = best(docs, impacts, starts, ends, units, bounds, bits, bit_of[numbers], allowed, ranks, 1e-30, limit)
    return (*found, total)


def best_of(rows: Ints, scores: Floats, ranks: Ints, limit: int) -> tuple[Ints, Floats]:
    """The best of some rows by score, ties by ``ranks[row]``: what a full sort would give."""
    if len(rows) > limit:
        bar = np.partition(scores, len(scores) - limit)[len(scores) - limit] if limit else np.float32(np.inf)
        hopeful = scores >= bar
        rows, scores = rows[hopeful], scores[hopeful]
    order = np.lexsort((ranks[rows], -scores))[:limit]
    return rows[order].astype(np.int32), scores[order]


def best_among(
    rows: Ints,
    docs: Ints,
    impacts: NDArray[np.uint16],
    starts: Longs,
    ends: Longs,
    worths: Floats,
    full: float,
    ranks: Ints,
    limit: int,
) -> tuple[Ints, Floats]:
    """The best of some rows by the sum of what some terms bring to them: ``look_up`` and ``best_of`` in one call.

    Args:
        rows: Any rows.
        docs: Documents of all postings.
        impacts: Their impacts.
        starts: Where each term's run begins.
        ends: Where it ends.
        worths: What a whole saturation of each is worth.
        full: The impact of a whole saturation.
        ranks: The order of equal rows.
        limit: How many, at most.
    """
    scores = np.zeros(len(rows), dtype=np.float32)
    found = np.empty((len(starts), len(rows)), dtype=np.float32)
    look_up(docs, impacts, starts, ends, rows, found)
    for values, worth in zip(found, worths, strict=True):  # term after term: a score is the same among any rows
        scores += values / np.float32(full) * worth
    return best_of(rows, scores, ranks, limit)


def set_bits(docs: Ints, bits: NDArray[np.uint64]) -> None:
    """Set the bit of each document of a list, in words of 64."""
    np.bitwise_or.at(bits, docs >> 6, np.left_shift(np.uint64(1), (docs & 63).astype(np.uint64)))


def bars(pointers: Longs, impacts: NDArray[np.uint16], depths: Longs, found: NDArray[np.uint16]) -> None:
    """Fill ``found``, shape (T, depths), with the impact that each term's n-th best posting has; 0 for fewer."""
    for term in np.flatnonzero(np.diff(pointers) >= depths[0]).tolist():
        ordered = np.sort(impacts[pointers[term] : pointers[term + 1]])
        for one, depth in enumerate(depths.tolist()):
            if len(ordered) >= depth:
                found[term, one] = ordered[len(ordered) - depth]


def count_facets(mask: Bools, pointers: Longs, values: Ints, counts: Longs) -> None:
    """Add to ``counts`` how many documents of a mask have each value; a document's are at its pointers."""
    counts += np.bincount(values[np.repeat(mask, np.diff(pointers))], minlength=len(counts))


def phrase_rows(stream: Ints, pointers: Longs, field_ends: Longs, rows: Ints, wanted: Ints, field: int) -> Ints:
    """Which rows hold a phrase.

    Args:
        stream: Term ids of all documents, -1 for a stop word, -2 at the end of a field.
        pointers: Where each document begins, shape (N + 1,).
        field_ends: Where each of its fields ends, shape (N, fields).
        rows: Ascending candidates.
        wanted: Term ids in order, the first and last 0 or more; -1 is any one word.
        field: The field it must be in, -1 for any.
    """
    starts = pointers[rows]
    ends = pointers[rows + 1]
    if field >= 0:
        ends = field_ends[rows, field]
        starts = field_ends[rows, field - 1] if field else starts
    lengths = np.maximum(ends - starts - len(wanted) + 1, 0)
    before = np.cumsum(lengths) - lengths
    places = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    owners = np.repeat(rows, lengths)
    for offset, number in enumerate(wanted.tolist()):
        hit = stream[places + offset] == number if number >= 0 else stream[places + offset] != -2
        places, owners = places[hit], owners[hit]
    return np.unique(owners).astype(np.int32)


def distinct_words(data: Bytes, letters: Bools, ends: Longs) -> tuple[Ints, Longs, Longs, Longs]:
    """Cut encoded texts into words, and number these in the order they are first met.

    Args:
        data: The texts, one behind the other.
        letters: Which bytes words are made of, shape (256,).
        ends: Where each text ends; no word goes on behind it.

    Returns:
        The number of each word; how many words there are up to the end of each text; where the first word of each
        number begins and ends.
    """
    inside = np.zeros(len(data) + 2, dtype=np.int8)
    inside[1:-1] = letters[data]
    starts, stops = np.flatnonzero(np.diff(inside) > 0), np.flatnonzero(np.diff(inside) < 0)
    cuts = ends[:-1][(ends[:-1] > 0) & (ends[:-1] < len(data))]
    cuts = cuts[(inside[cuts] > 0) & (inside[cuts + 1] > 0)]  # between two texts that nothing parts
    starts, stops = np.union1d(starts, cuts), np.union1d(stops, cuts)
    whole, known = data.tobytes(), dict[bytes, int]()
    numbers = np.fromiter(
        (
            known.setdefault(whole[start:stop], len(known))
            for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ),
        dtype=np.int32,
        count=len(starts),
    )
    firsts = np.unique(numbers, return_index=True)[1]
    return numbers, np.searchsorted(starts, ends).astype(np.int64), starts[firsts], stops[firsts]


def count_terms(numbers: Ints, term_of: Ints, pointers: Longs, terms: int) -> Longs:
    """In how many documents each term is.

    Args:
        numbers: Numbers of the written words of all documents, -2 at the end of a field.
        term_of: The term of each written word, -1 for none.
        pointers: Where each document begins, shape (N + 1,).
        terms: How many terms there are.
    """
    found, _, _ = _tokens(numbers, term_of, pointers)
    keys, docs = found
    pairs = np.unique(keys * np.int64(max(len(pointers) - 1, 1)) + docs)
    return np.bincount(pairs // max(len(pointers) - 1, 1), minlength=terms).astype(np.int64)


def fill_terms(
    numbers: Ints,
    term_of: Ints,
    pointers: Longs,
    gains: Doubles,
    term_ptr: Longs,
    docs: Ints,
    normed: Doubles,
    fields: Bytes,
    row_terms: Ints,
    row_places: Longs,
    row_ptr: Longs,
) -> None:
    """Fill the postings of all terms, and the same by document.

    Args:
        numbers: As for ``count_terms``, with the three that follow.
        term_of: The term of each written word.
        pointers: Where each document begins.
        gains: What an occurrence in each field of each document adds to ``normed``, shape (N, fields).
        term_ptr: Start of each term's postings, shape (T + 1,).
        docs: Out: documents, ascending for each term, shape (P,).
        normed: Out: sums of gains, shape (P,).
        fields: Out: a bit for each field it is in, shape (P,).
        row_terms: Out: terms by document, in order of first occurrence, shape (P,).
        row_places: Out: where each of them is in the postings, shape (P,).
        row_ptr: Out: start of each document's terms, shape (N + 1,).
    """
    (terms, owners), places, at = _tokens(numbers, term_of, pointers)
    count = len(pointers) - 1
    keys = terms * np.int64(max(count, 1)) + owners
    distinct, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    docs[:] = distinct % max(count, 1)
    normed[:] = np.bincount(inverse, weights=gains[owners, places], minlength=len(distinct))
    fields[:] = 0
    np.bitwise_or.at(fields, inverse, np.left_shift(1, places).astype(np.uint8))
    order = np.argsort(at[first], kind="stable")
    row_terms[:] = (distinct // max(count, 1))[order]
    row_places[:] = order
    row_ptr[:] = np.concatenate([[0], np.cumsum(np.bincount(docs, minlength=count))])


def fill_words(numbers: Ints, word_of: Ints, pointers: Longs, word_ptr: Longs, docs: Ints, fields: Bytes) -> None:
    """Fill the postings of all unstemmed words: documents and fields, as ``fill_terms``."""
    (words, owners), places, _ = _tokens(numbers, word_of, pointers)
    count = max(len(pointers) - 1, 1)
    distinct, inverse = np.unique(words * np.int64(count) + owners, return_inverse=True)
    docs[:] = distinct % count
    fields[:] = 0
    np.bitwise_or.at(fields, inverse, np.left_shift(1, places).astype(np.uint8))


def _tokens(numbers: Ints, term_of: Ints, pointers: Longs) -> tuple[tuple[Longs, Longs], Longs, Longs]:
    """Of each token that has a term: its term and document, its field, its place in the stream."""
    owner = np.repeat(np.arange(len(pointers) - 1), np.diff(pointers))
    edges = np.cumsum(numbers == -2) - (numbers == -2)
    before = np.concatenate([[0], np.cumsum(numbers == -2)])[pointers[:-1]]
    field = edges - before[owner] if len(owner) else edges
    terms = np.append(term_of, [-1, -1])[numbers].astype(np.int64)
    kept = np.flatnonzero(terms >= 0)
    return (terms[kept], owner[kept]), field[kept], kept


def count_alive(pointers: Longs, docs: Ints, alive: Bools) -> Longs:
    """How many postings of each term are of a document that counts."""
    kept = np.concatenate([[0], np.cumsum(alive[docs])])
    return np.asarray(kept[pointers[1:]] - kept[pointers[:-1]], dtype=np.int64)


def append_terms(
    pointers: Longs,
    docs: Ints,
    impacts: NDArray[np.uint16],
    fields: Bytes,
    new_terms: Ints,
    new_docs: Ints,
    cursor: Longs,
    out_docs: Ints,
    out_impacts: NDArray[np.uint16],
    out_fields: Bytes,
) -> None:
    """Copy the postings of a segment behind those already in a larger one.

    Args:
        pointers: Start of each of its terms, shape (T + 1,).
        docs: Its documents, shape (P,), as the two that follow.
        impacts: Its impacts.
        fields: Its fields.
        new_terms: The number of each of its terms in the larger segment, -1 for none, shape (T,).
        new_docs: The number of each of its documents there, -1 for a dead one, shape (N,).
        cursor: Where the next posting of each term of the larger segment goes; moved on.
        out_docs: Out: the larger segment's, as the two that follow.
        out_impacts: Out.
        out_fields: Out.
    """
    kept, at, moved = _moves(pointers, docs, new_terms, new_docs, cursor)
    out_docs[at] = moved
    out_impacts[at] = impacts[kept]
    out_fields[at] = fields[kept]


def append_words(
    pointers: Longs,
    docs: Ints,
    fields: Bytes,
    new_words: Ints,
    new_docs: Ints,
    cursor: Longs,
    out_docs: Ints,
    out_fields: Bytes,
) -> None:
    """The same for postings of words, which have no impact."""
    kept, at, moved = _moves(pointers, docs, new_words, new_docs, cursor)
    out_docs[at] = moved
    out_fields[at] = fields[kept]


def _moves(pointers: Longs, docs: Ints, new_terms: Ints, new_docs: Ints, cursor: Longs) -> tuple[Longs, Longs, Ints]:
    """Which postings are kept, where each goes and the new number of its document; the cursor is moved on."""
    terms = np.repeat(new_terms, np.diff(pointers))
    moved = new_docs[docs] if len(docs) else docs
    kept = np.flatnonzero((terms >= 0) & (moved >= 0))
    owners = terms[kept].astype(np.int64)
    # Terms of a segment are distinct, and postings of a term are in a row: the n-th of its run goes n further.
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    nth = np.arange(len(owners)) - np.repeat(starts, np.diff(np.append(starts, len(owners))))
    at = cursor[owners] + nth
    np.add.at(cursor, owners, 1)
    return kept, at, moved[kept]


def append_numbers(pointers: Longs, numbers: Ints, new_numbers: Ints, alive: Bools, start: int, out: Ints) -> int:
    """Copy the numbers of living documents from ``start`` on, those of 0 or more renewed; returns where it ends."""
    kept = numbers[np.repeat(alive, np.diff(pointers))]
    renewed = np.append(new_numbers, 0)[kept] if len(kept) else kept
    out[start : start + len(kept)] = np.where(kept >= 0, renewed, kept)
    return start + len(kept)


def text_vectors(
    numbers: Ints,
    word_rows: Ints,
    weights: Floats,
    pointers: Longs,
    field_ends: Longs,
    table: Floats,
    passage_ptr: Longs,
    window: int,
    short: int,
    lead: int,
    titles: NDArray[np.int8],
    title_scales: Floats,
    notes: NDArray[np.int8],
    note_scales: Floats,
    passages: NDArray[np.int8],
    passage_scales: Floats,
) -> None:
    """Fill the vectors of titles, notes and passages: sums of the weighted vectors of their words, quantised.

    Args:
        numbers: Numbers of the written words of all documents, -2 at the end of a field.
        word_rows: The row of each written word in ``table``, -1 for none.
        weights: What each written word weighs.
        pointers: Where each document begins, shape (N + 1,).
        field_ends: Where its fields end, shape (N, fields); the first is the title, the second the body.
        table: Vectors of words, shape (R, D).
        passage_ptr: Where the passages of each document begin, shape (N + 1,).
        window: Words of a passage.
        short: A last passage of fewer words becomes the last ``window`` words of the body.
        lead: Words of the body that stand for a title that is empty.
        titles: Out, shape (N, D).
        title_scales: Out, shape (N,).
        notes: Out: titles and bodies, shape (N, D).
        note_scales: Out, shape (N,).
        passages: Out, shape (P, D); the title goes with the first of each document.
        passage_scales: Out, shape (P,).
    """
    safe = np.append(word_rows, -1)
    for doc in range(len(pointers) - 1):
        first, cut, end = int(pointers[doc]), int(field_ends[doc, 0]), int(field_ends[doc, 1])

        def total(start: int, stop: int) -> Floats:
            run = numbers[start:stop]
            run = run[(run >= 0) & (safe[run] >= 0)]
            summed: Floats = (weights[run, None] * table[word_rows[run]]).sum(axis=0, dtype=np.float32)
            return summed

        title, body = total(first, cut), cut + 1
        note = title + total(body, end)
        for number in range(int(passage_ptr[doc + 1] - passage_ptr[doc])):
            start = body + number * window
            stop = min(start + window, end)
            if number and stop - start < short:
                start = max(end - window, body)
            at = int(passage_ptr[doc]) + number
            passages[at], passage_scales[at] = _coded(total(start, stop) + (title if number == 0 else 0))
        if first == cut:
            title = total(body, min(body + lead, end))
        titles[doc], title_scales[doc] = _coded(title)
        notes[doc], note_scales[doc] = _coded(note)


def _coded(vector: Floats) -> tuple[NDArray[np.int8], np.float32]:
    """A vector in eight bits, and the scale that makes it of length 1."""
    highest, length = np.abs(vector).max(initial=0.0), np.linalg.norm(vector)
    if not highest:
        return np.zeros(len(vector), dtype=np.int8), np.float32(0.0)
    codes = np.rint(vector * (np.float32(127.0) / highest)).astype(np.int8)
    return codes, np.float32(highest / length / np.float32(127.0))


def assign(codes: NDArray[np.int8], centroids: Floats, found: Ints) -> None:
    """Fill ``found``, shape (N,), with the number of the centroid nearest to each vector."""
    for first in range(0, len(codes), _AT_ONCE):
        found[first : first + _AT_ONCE] = (codes[first : first + _AT_ONCE] @ centroids.T).argmax(axis=1)


def fold_rows(
    row_ptr: Longs,
    row_terms: Ints,
    row_impacts: Bytes,
    weights: Floats,
    components: Floats,
    topics: int,
    codes: NDArray[np.int8],
    scales: Floats,
    topic_scales: Floats,
) -> None:
    """Fill the latent vectors of documents: their rows, weighted, times the components.

    Args:
        row_ptr: Start of each document's terms, shape (N + 1,).
        row_terms: Terms by document.
        row_impacts: The impact of each.
        weights: What each term weighs, shape (T,).
        components: Shape (T, D).
        topics: How many components are topics.
        codes: Out, shape (N, D).
        scales: Out: what makes vectors of length 1 of codes, shape (N,).
        topic_scales: Out: the same for their first ``topics`` numbers, shape (N,).
    """
    for doc in range(len(row_ptr) - 1):
        run = slice(int(row_ptr[doc]), int(row_ptr[doc + 1]))
        worths = weights[row_terms[run]] * row_impacts[run].astype(np.float32)
        codes[doc], scales[doc] = _coded(worths @ components[row_terms[run]])
        length = np.linalg.norm(codes[doc, :topics].astype(np.float32))
        topic_scales[doc] = 1 / length if length > 0 else 0.0


def weighted(table: Floats, rows: Longs, weights: Floats) -> Floats:
    """The weighted sum of some rows of a table, of length 1, shape (D,); (0,) for a sum of 0."""
    total: Floats = (weights[:, None] * table[rows]).sum(axis=0, dtype=np.float32)
    length = np.sqrt((total * total).sum(dtype=np.float32))
    return total / length if length > 0 else total[:0]


def meaning(table: Floats, components: Floats, numbers: Longs, weights: Floats, first: int) -> tuple[Floats, Floats]:
    """``weighted`` twice: of the first rows in one table, and of the others in another."""
    return weighted(table, numbers[:first], weights[:first]), weighted(components, numbers[first:], weights[first:])


def _product(codes: NDArray[np.int8], vector: Floats) -> Any:
    """The products of rows in eight bits, or of one, and of a vector in sixteen."""
    highest = np.max(np.abs(vector), initial=np.float32(0))
    shorts = np.rint(vector * (_SHORT / highest if highest > 0 else np.float32(0))).astype(np.int32)
    return (codes.astype(np.int32) @ shorts).astype(np.float32) * (highest / _SHORT)


def near(
    codes: NDArray[np.int8],
    scales: Floats,
    members: Ints,
    clusters: Ints,
    pointers: Longs,
    allowed: Bools,
    ranks: Ints,
    vector: Floats,
    floor: float,
    limit: int,
) -> tuple[Ints, Floats]:
    """The documents whose vectors are nearest to one.

    Args:
        codes: Vectors in eight bits, shape (n, D).
        scales: Their scales, shape (n,).
        members: The document of each, shape (n,).
        clusters: The runs of vectors that are to be read.
        pointers: Where each run begins, and the last one ends.
        allowed: Which documents may be returned, shape (N,).
        ranks: The order of documents that are equally near, shape (N,).
        vector: What is compared, shape (D,).
        floor: The least closeness.
        limit: How many, at most.

    Returns:
        Documents and closeness, the nearest first.
    """
    runs = [np.arange(pointers[cluster], pointers[cluster + 1]) for cluster in clusters]
    places = np.concatenate([pointers[:0], *runs])
    close = _product(codes[places], vector) * scales[places] if len(places) else np.zeros(0, dtype=np.float32)
    kept = (close >= floor) & allowed[members[places]]
    rows = members[places][kept]
    return best_of(rows, close[kept].astype(np.float32), ranks, min(limit, len(rows)))


def nearest(
    centroids: NDArray[np.int8],
    centroid_scales: Floats,
    count: int,
    codes: NDArray[np.int8],
    scales: Floats,
    members: Ints,
    pointers: Longs,
    allowed: Bools,
    ranks: Ints,
    vector: Floats,
    floor: float,
    limit: int,
    before: Ints,
) -> tuple[Ints, Floats, Ints]:
    """``near`` over the clusters that ``probe`` chooses, or over the one there is; ``joined`` to others.

    Args:
        centroids: Those of clusters, in eight bits.
        centroid_scales: Their scales.
        count: How many clusters are read.
        codes: As those after it, an argument of ``near``.
        scales: Their scales.
        members: The document of each.
        pointers: Where each cluster begins, and the last one ends.
        allowed: Which documents may be returned.
        ranks: The order of documents that are equally near.
        vector: What is compared, shape (D,); (0,) for nothing, which nothing is near to.
        floor: The least closeness.
        limit: How many, at most.
        before: Documents found already.

    Returns:
        Documents, closeness, and the documents found already with these behind them.
    """
    rows, close = before[:0], np.zeros(0, dtype=np.float32)
    if len(vector) and len(pointers) > 1:
        one = np.zeros(1, dtype=np.int32)
        clusters = probe(centroids, centroid_scales, vector, count) if len(pointers) > 2 else one
        limit = min(limit, len(ranks))
        rows, close = near(codes, scales, members, clusters, pointers, allowed, ranks, vector, floor, limit)
    return rows, close, joined(before, rows)


def dots(codes: NDArray[np.int8], scales: Floats, rows: Ints, vector: Floats, found: Floats) -> None:
    """Fill ``found``, shape (len(rows),), with the products of a vector and of those of some rows."""
    found[:] = _product(codes[rows], vector) * scales[rows]


def features(
    rows: Ints,
    docs: Ints,
    impacts: NDArray[np.uint16],
    fields: Bytes,
    bits: NDArray[np.uint64],
    starts: Longs,
    ends: Longs,
    bit_rows: Ints,
    terms: Ints,
    worths: Floats,
    shares: Floats,
    stream: Ints,
    pointers: Longs,
    field_ends: Longs,
    titles: NDArray[np.int8],
    title_scales: Floats,
    notes: NDArray[np.int8],
    note_scales: Floats,
    passages: NDArray[np.int8],
    passage_scales: Floats,
    passage_ptr: Longs,
    query: Floats,
    latent: Floats,
    standings: Floats,
    weights: Floats,
    window: int,
    short: int,
    lead: int,
    need: int,
    found: Floats,
    best_passages: Ints,
) -> None:
    """Fill what ranks some documents: one row each, of five numbers.

    These are BM25F's sum, the share of the query that the title holds, the products of the query's vector with the
    title's and with the note's, and the best passage's: the share it holds + ``inside`` × the product of its vector.

    Args:
        rows: The documents.
        docs: Documents of all postings.
        impacts: Their impacts.
        fields: Their fields; bit 0 is the title, bit 1 the body.
        bits: Sets of documents.
        starts: Where the run of each of the query's terms begins; the first 64 count.
        ends: Where it ends.
        bit_rows: The row in ``bits`` of each term, -1 for none.
        terms: These terms.
        worths: What a unit of their impact is worth.
        shares: What each is of the query; they sum to 1 at most.
        stream: Term ids of all documents.
        pointers: Where each document begins in it.
        field_ends: Where its fields end.
        titles: Vectors of titles, with what follows as ``text_vectors`` filled them.
        title_scales: Their scales.
        notes: Vectors of notes.
        note_scales: Their scales.
        passages: Vectors of passages.
        passage_scales: Their scales.
        passage_ptr: Where the passages of each document begin.
        query: The query's vector, shape (D,); or (0,) for none.
        latent: Products in the latent space, shape (len(rows),).
        standings: What readers made of each document, shape (N,).
        weights: Of the sum, in the order of ``Ranking``; the third is that of a passage's vector, within the passage.
        window: As for ``text_vectors``.
        short: The same.
        lead: The same.
        need: How many of the first by the whole sum are wanted: of the others, the passage may be left at -1.
        found: Out, shape (len(rows), 5).
        best_passages: Out: the number of each document's best passage, shape (len(rows),).
    """
    found[:] = 0
    runs = zip(starts[:64], ends[:64], strict=True)
    in_run = [np.searchsorted(docs[start:end], rows) for start, end in runs]
    for number, row in enumerate(rows.tolist()):
        first, cut, end = int(pointers[row]), int(field_ends[row, 0]), int(field_ends[row, 1])
        held, score, in_title = [], np.float32(0.0), np.float32(0.0)
        for one, places in enumerate(in_run):
            place = int(starts[one]) + int(places[number])
            if place < ends[one] and docs[place] == row:
                score += worths[one] * np.float32(impacts[place])
                in_title += shares[one] if fields[place] & 1 else 0
                held += [one] if fields[place] & 3 else []

        def share(start: int, stop: int, held: list[int] = held) -> np.float32:
            here = set(stream[start:stop].tolist())
            return np.float32(sum(shares[one] for one in held if int(terms[one]) in here))

        if first == cut:
            in_title = share(cut + 1, min(cut + 1 + lead, end))
        found[number, :2] = score, in_title
        if len(query):
            found[number, 2] = _product(titles[row], query) * title_scales[row]
            found[number, 3] = _product(notes[row], query) * note_scales[row]
        values = []
        for passage in range(int(passage_ptr[row + 1] - passage_ptr[row])):
            start, stop = _passage(passage, first, cut + 1, end, window, short)
            at = int(passage_ptr[row]) + passage
            near = weights[2] * (_product(passages[at], query) * passage_scales[at]) if len(query) else np.float32(0)
            values.append(near + share(start, stop))
        best_passages[number] = int(np.argmax(values))
        found[number, 4] = values[best_passages[number]]


def mentions(
    rows: Ints,
    passages: Ints,
    numbers: Ints,
    stream: Ints,
    pointers: Longs,
    field_ends: Longs,
    window: int,
    short: int,
    lead: int,
) -> tuple[Bools, Bools]:
    """Which terms stand in the titles of some documents, or in what stands for them, and in one passage of each.

    Args:
        rows: The documents.
        passages: The number of a passage of each.
        numbers: The terms, -1 for one that stands nowhere.
        stream: Term ids of all documents.
        pointers: Where each document begins in it.
        field_ends: Where its fields end.
        window: As for ``text_vectors``.
        short: The same.
        lead: The same.

    Returns:
        Two tables of shape (len(rows), len(numbers)).
    """
    in_title, in_passage = np.zeros((2, len(rows), len(numbers)), dtype=bool)
    for one, (row, passage) in enumerate(zip(rows.tolist(), passages.tolist(), strict=True)):
        first, cut, end = int(pointers[row]), int(field_ends[row, 0]), int(field_ends[row, 1])
        start, stop = _passage(passage, first, cut + 1, end, window, short)
        title = stream[first:cut] if cut > first else stream[cut + 1 : min(cut + 1 + lead, end)]
        in_title[one] = (numbers >= 0) & np.isin(numbers, title)
        in_passage[one] = (numbers >= 0) & np.isin(numbers, stream[start:stop])
    return in_title, in_passage


def _passage(passage: int, first: int, body: int, end: int, window: int, short: int) -> tuple[int, int]:
    """Where a passage of a text begins and ends: the first holds the title, and a short last one is made longer."""
    start = body + passage * window
    stop = min(start + window, end)
    if passage == 0:
        return first, stop
    return (max(end - window, body) if stop - start < short else start), stop


def fuse(
    rows: Ints, found: Floats, latent: Floats, standings: Floats, weights: Floats, most: float, ranks: Ints, need: int
) -> tuple[Ints, Floats, Floats]:
    """The first of some documents by the weighted sum of what ranks them.

    Args:
        rows: The documents.
        found: What ``features`` filled, shape (len(rows), 5).
        latent: Products in the latent space, shape (len(rows),).
        standings: What readers made of each document, in [-1, 1], shape (N,).
        weights: Of the sum, in the order of ``Ranking``; the last is that of the standing.
        most: What sums are divided by; times 1 + weight × standing, they are then cut to [0, 1].
        ranks: The order of documents of equal score, shape (N,).
        need: How many, at most.

    Returns:
        Documents, scores and BM25F's part of each, best first.
    """
    total = (
        found[:, 0]
        + weights[0] * latent
        + weights[1] * found[:, 4]
        + weights[3] * np.maximum(found[:, 2], found[:, 3])
        + weights[4] * found[:, 1]
        + weights[5] * found[:, 2]
    ) / np.float32(most)
    total = np.clip(total * (1 + weights[6] * standings[rows]), 0, 1).astype(np.float32)
    order = np.lexsort((ranks[rows], -total))[:need]
    return rows[order], total[order], found[order, 0]


def rerank(
    rows: Ints,
    numbers: Ints,
    units: Floats,
    full: float,
    term_ptr: Longs,
    bit_of: Ints,
    docs: Ints,
    impacts: NDArray[np.uint16],
    fields: Bytes,
    bits: NDArray[np.uint64],
    stream: Ints,
    pointers: Longs,
    field_ends: Longs,
    titles: NDArray[np.int8],
    title_scales: Floats,
    notes: NDArray[np.int8],
    note_scales: Floats,
    passages: NDArray[np.int8],
    passage_scales: Floats,
    passage_ptr: Longs,
    query: Floats,
    latents: NDArray[np.int8],
    latent_scales: Floats,
    latent_query: Floats,
    standings: Floats,
    weights: Floats,
    most: float,
    ranks: Ints,
    window: int,
    short: int,
    lead: int,
    need: int,
) -> tuple[Ints, Floats, Floats, Ints]:
    """``dots`` in the latent space, ``features`` and ``fuse``, in one go.

    Args:
        rows: The documents.
        numbers: The query's terms.
        units: What a unit of the impact of each is worth.
        full: The impact of a whole saturation.
        term_ptr: Where the run of each term begins, and the last one ends.
        bit_of: The row in ``bits`` of each term, -1 for none, shape (T,).
        docs: What follows, as for ``features``.
        impacts: The same.
        fields: The same.
        bits: The same.
        stream: The same.
        pointers: The same.
        field_ends: The same.
        titles: The same.
        title_scales: The same.
        notes: The same.
        note_scales: The same.
        passages: The same.
        passage_scales: The same.
        passage_ptr: The same.
        query: The same.
        latents: Places in the latent space, shape (N, L); (0, 0) for none.
        latent_scales: Their scales, shape (N,); (0,) for none.
        latent_query: The query's, shape (L,); (0,) for none.
        standings: As for ``features``.
        weights: The same.
        most: As for ``fuse``.
        ranks: The same.
        window: As for ``text_vectors``.
        short: The same.
        lead: The same.
        need: How many of the first are wanted.

    Returns:
        Documents, scores and BM25F's part of each, best first; and which of all rows hold none of the terms.
    """
    latent = np.zeros(len(rows), dtype=np.float32)
    if len(latent_query) and len(latent_scales):
        dots(latents, latent_scales, rows, latent_query, latent)
    found, best_passages = np.empty((len(rows), 5), dtype=np.float32), np.empty(len(rows), dtype=np.int32)
    features(
        rows, docs, impacts, fields, bits, term_ptr[numbers], term_ptr[numbers + 1], bit_of[numbers], numbers, units,
        units * np.float32(full), stream, pointers, field_ends, titles, title_scales, notes, note_scales, passages,
        passage_scales, passage_ptr, query, latent, standings, weights, window, short, lead, need, found,
        best_passages,
    )  # fmt: skip
    return *fuse(rows, found, latent, standings, weights, most, ranks, need), rows[found[:, 0] == 0]


def joined(first: Ints, second: Ints) -> Ints:
    """The numbers of ``first``, then those of ``second`` that are not among them; both short, in their order."""
    return np.concatenate([first, second[~np.isin(second, first)]]).astype(np.int32)


def probe(codes: NDArray[np.int8], scales: Floats, vector: Floats, count: int) -> Ints:
    """The ``count`` centroids, in eight bits with their scales, nearest to a vector, ascending; ties by number."""
    return np.sort(np.argsort(-(_product(codes, vector) * scales), kind="stable")[:count]).astype(np.int32)


def described(
    row: int,
    row_ptr: Longs,
    row_terms: Ints,
    row_impacts: Bytes,
    idf: Floats,
    term_vectors: Ints,
    codes: NDArray[np.int8],
    scales: Floats,
    mean: Floats,
    latents: NDArray[np.int8],
    topics: int,
) -> tuple[Ints, Floats, Floats, Longs, Floats, Floats]:
    """What other documents are compared with, of one document.

    Args:
        row: The document.
        row_ptr: Start of each document's terms.
        row_terms: Terms by document.
        row_impacts: The impact of each.
        idf: The inverse document frequency of each term, shape (T,).
        term_vectors: The row of each term's word vector, -1 for none, shape (T,).
        codes: Vectors of the documents in eight bits, shape (N, D).
        scales: Their scales, 0 for a document without a vector, shape (N,).
        mean: The mean of the vectors, shape (D,); (0,) to do without.
        latents: Places in the latent space, shape (N, L); (0, 0) for none.
        topics: How many of its components count.

    Returns:
        Its terms, their tf-idf weights as a vector of length 1, their idf, the rows of their word vectors; its vector
        less the mean, of length 1, (0,) for none; its place in the latent space, of length 1 over the topics and 0
        beyond, shape (L,).
    """
    run = slice(int(row_ptr[row]), int(row_ptr[row + 1]))
    numbers = row_terms[run]
    vector, about = np.zeros(0, dtype=np.float32), np.zeros(latents.shape[1], dtype=np.float32)
    if len(mean) and scales[row] > 0:
        vector = _as_unit(codes[row].astype(np.float32) * scales[row] - mean)
    if len(about):
        about[:topics] = latents[row, :topics]
    weights = _as_unit(idf[numbers] * row_impacts[run].astype(np.float32))
    return numbers.copy(), weights, idf[numbers], term_vectors[numbers].astype(np.int64), vector, _as_unit(about)


def _as_unit(vector: Floats) -> Floats:
    length = np.sqrt(vector @ vector)
    return (vector / length).astype(np.float32) if length > 0 else vector


def compare(
    rows: Ints,
    row_ptr: Longs,
    row_terms: Ints,
    row_impacts: Bytes,
    norms: Floats,
    idf: Floats,
    codes: NDArray[np.int8],
    scales: Floats,
    centred: Floats,
    latents: NDArray[np.int8],
    topic_scales: Floats,
    numbers: Ints,
    weights: Floats,
    of_terms: float,
    vector: Floats,
    mean: Floats,
    of_vectors: float,
    topics: Floats,
    of_topics: float,
) -> tuple[Floats, Floats, Floats]:
    """The likeness of some documents to what is asked.

    Args:
        rows: The documents.
        row_ptr: Start of each document's terms.
        row_terms: Terms by document.
        row_impacts: The impact of each.
        norms: What a document's sum is multiplied by, shape (N,).
        idf: The inverse document frequency of each term, shape (T,).
        codes: Vectors of the documents in eight bits, shape (N, D).
        scales: Their scales, shape (N,).
        centred: What a product is multiplied by once the mean is taken away, shape (N,).
        latents: Places in the latent space, shape (N, L).
        topic_scales: Their scales over the topics, shape (N,); (0,) for none.
        numbers: The terms asked, -1 for those that are not here, shape (n,).
        weights: The tf-idf weight of each, shape (n,).
        of_terms: What a unit of an impact counts for.
        vector: What is asked, shape (D,); (0,) for none.
        mean: The mean of the vectors, shape (D,).
        of_vectors: What vectors count for.
        topics: What is asked, in the latent space, shape (L,); (0,) for none.
        of_topics: What topics count for.

    Returns:
        Their likeness, in [0, 1]; the part of terms in it; that of meaning. Each has the shape (len(rows),).
    """
    here = numbers >= 0
    known = numbers[here]
    order, worths = np.argsort(known), weights[here] * idf[known] * np.float32(of_terms)
    by_terms, by_meaning = np.zeros((2, len(rows)), dtype=np.float32)
    for number, row in enumerate(rows.tolist()):
        run = slice(int(row_ptr[row]), int(row_ptr[row + 1]))
        places, held = _among(row_terms[run], known, order)
        total = (worths[places] * row_impacts[run][held]).sum(dtype=np.float32)
        by_terms[number] = total * norms[row]
    if len(vector):
        near = _product(codes[rows], vector) * scales[rows]
        by_meaning[:] = (near - mean @ vector) * centred[rows] * np.float32(of_vectors)
    if len(topics) and len(topic_scales):
        by_meaning += _product(latents[rows], topics) * topic_scales[rows] * np.float32(of_topics)
    return np.clip(by_terms + by_meaning, 0, 1), by_terms, by_meaning


def _among(terms: Ints, numbers: Ints, order: Longs) -> tuple[Longs, Bools]:
    """The places among some numbers of the terms that are there, and which these are."""
    if not len(numbers):
        return order, np.zeros(len(terms), dtype=bool)
    at = order[np.minimum(np.searchsorted(numbers, terms, sorter=order), len(numbers) - 1)]
    held = numbers[at] == terms
    return at[held], held


def bring(
    rows: Ints,
    row_ptr: Longs,
    row_terms: Ints,
    row_impacts: Bytes,
    idf: Floats,
    numbers: Ints,
    weights: Floats,
    by_terms: Floats,
    codes: NDArray[np.int8],
    scales: Floats,
    mean: Floats,
    table: Floats,
    word_rows: Longs,
    by_meaning: Floats,
    found: Floats,
) -> None:
    """Fill what each of some terms brings to the likeness of some documents.

    Args:
        rows: The documents.
        row_ptr: Start of each document's terms.
        row_terms: Terms by document.
        row_impacts: The impact of each.
        idf: The inverse document frequency of each term, shape (T,).
        numbers: The terms asked, -1 for those that are not here, shape (n,).
        weights: The tf-idf weight of each, by which the nearness of its word counts too, shape (n,).
        by_terms: What they bring in all to each document, shape (len(rows),).
        codes: Vectors of the documents in eight bits, shape (N, D).
        scales: Their scales, shape (N,).
        mean: The mean of the vectors, shape (D,); (0,) when vectors bring nothing.
        table: Vectors of words, shape (W, D).
        word_rows: That of each term asked, -1 for none, shape (n,).
        by_meaning: What they bring in all to each document, shape (len(rows),).
        found: Zeros, shape (len(rows), n); filled: rows sum to ``by_terms + max(by_meaning, 0)``, or less where no
            term has a part in one of the two.
    """
    here = np.flatnonzero(numbers >= 0)
    known = numbers[here]
    order = np.argsort(known)
    for one, row in enumerate(rows.tolist()):
        run = slice(int(row_ptr[row]), int(row_ptr[row + 1]))
        places, held = _among(row_terms[run], known, order)
        asked = here[places]
        found[one, asked] = weights[asked] * idf[numbers[asked]] * row_impacts[run][held]
        found[one] = _spread(found[one], by_terms[one])
        if len(mean) and by_meaning[one] > 0:
            document = codes[row] * scales[row] - mean
            near = np.where(word_rows >= 0, np.maximum(table[word_rows] @ document, 0) * weights, 0)
            found[one] += _spread(near.astype(np.float32), by_meaning[one])


def _spread(parts: Floats, total: np.float32) -> Floats:
    """Parts made to sum to a total; zeros stay so."""
    whole = parts.sum(dtype=np.float32)
    return parts * (total / whole) if whole > 0 else np.zeros_like(parts)


def nearby(
    numbers: Ints,
    weights: Floats,
    idfs: Floats,
    most_keys: int,
    full: float,
    depth: int,
    most_by_terms: int,
    docs: Ints,
    impacts: NDArray[np.uint16],
    pointers: Longs,
    term_bars: NDArray[np.uint16],
    bit_of: Ints,
    bits: NDArray[np.uint64],
    allowed: Bools,
    dead: Ints,
    ranks: Ints,
    centroids: NDArray[np.int8],
    centroid_scales: Floats,
    count: int,
    codes: NDArray[np.int8],
    scales: Floats,
    members: Ints,
    cluster_ptr: Longs,
    vector: Floats,
    most_by_vectors: int,
) -> tuple[Ints, Floats, Ints, Floats, Ints]:
    """The documents that may be near to what is asked: ``find`` the terms that tell most, and ``nearest``.

    Args:
        numbers: The terms asked, -1 for those that are not here, shape (n,).
        weights: The tf-idf weight of each, shape (n,).
        idfs: The inverse document frequency of each, shape (n,).
        most_keys: How many of the terms that weigh most are looked for.
        full: The highest impact.
        depth: The column of ``term_bars`` for as many documents, as those after it an argument of ``find``.
        most_by_terms: How many documents are looked for by their terms.
        docs: Documents of all postings.
        impacts: Their impacts.
        pointers: Where each term's run begins.
        term_bars: Impacts that each term's n-th best posting has.
        bit_of: The row in ``bits`` of each term.
        bits: Sets of documents.
        allowed: Which documents may be returned.
        dead: Documents that do not count.
        ranks: The order of equal documents.
        centroids: Those of clusters, as those after it an argument of ``nearest``.
        centroid_scales: Their scales.
        count: How many clusters are read.
        codes: Vectors in eight bits, by cluster.
        scales: Their scales.
        members: Their documents.
        cluster_ptr: Where each cluster begins.
        vector: What is compared.
        most_by_vectors: How many documents are looked for by their vectors.

    Returns:
        Documents that have the terms, their scores, documents of the nearest vectors, how near, all of them once.
    """
    keys = np.argsort(-weights, kind="stable")[:most_keys]
    worths, total = weights[keys] * idfs[keys], np.float32(0)
    for worth in worths:  # one by one, as the other loops do
        total += worth
    kept = (worths > 0) & (numbers[keys] >= 0)
    units = worths[kept] / (total * np.float32(full)) if kept.any() else worths[:0]
    found, scores, _ = find(
        numbers[keys[kept]], units, depth, most_by_terms, docs, impacts, pointers, term_bars, bit_of, bits, allowed,
        dead, ranks, np.zeros(0, dtype=bool), False,
    )  # fmt: skip
    others = nearest(
        centroids, centroid_scales, count, codes, scales, members, cluster_ptr, allowed, ranks, vector, 0.0,
        most_by_vectors, found,
    )  # fmt: skip
    return found, scores, *others


def closest(
    rows: Ints, totals: Floats, by_terms: Floats, without: int, floor: float, limit: int, ranks: Ints
) -> tuple[Ints, Floats, Floats]:
    """The nearest of some documents.

    Args:
        rows: The documents.
        totals: The likeness of each.
        by_terms: The part of terms in it.
        without: A document to leave out, -1 for none.
        floor: The least likeness.
        limit: How many, at most.
        ranks: The order of documents that are equally near, shape (N,).

    Returns:
        Documents, their likeness and the part of terms in it, the nearest first.
    """
    some = np.flatnonzero((totals >= np.float32(floor)) & (rows != without))
    some = some[np.lexsort((ranks[rows[some]], -totals[some]))][:limit]
    return rows[some], totals[some], by_terms[some]


def explain(
    rows: Ints,
    owners: Longs,
    worths: Floats,
    row_ptr: Longs,
    row_terms: Ints,
    row_impacts: Bytes,
    idf: Floats,
    numbers: Ints,
    weights: Floats,
    by_terms: Floats,
    codes: NDArray[np.int8],
    scales: Floats,
    mean: Floats,
    table: Floats,
    word_rows: Longs,
    by_meaning: Floats,
    totals: Floats,
) -> None:
    """Add what each term brings to some documents to what it brings to their owners.

    Args:
        rows: The documents.
        owners: Whose each of them is, shape (len(rows),).
        worths: What all terms together bring to its owner through each, shape (len(rows),).
        row_ptr: As those after it, an argument of ``bring``.
        row_terms: Terms by document.
        row_impacts: The impact of each.
        idf: The inverse document frequency of each term.
        numbers: The terms asked, -1 for those that are not here.
        weights: The tf-idf weight of each.
        by_terms: What they bring in all to each document.
        codes: Vectors of the documents.
        scales: Their scales.
        mean: The mean of the vectors.
        table: Vectors of words.
        word_rows: That of each term asked.
        by_meaning: What vectors bring in all to each document.
        totals: Added to, shape (owners, n).
    """
    found = np.zeros((len(rows), totals.shape[1]), dtype=np.float32)
    bring(
        rows, row_ptr, row_terms, row_impacts, idf, numbers, weights, by_terms, codes, scales, mean, table, word_rows,
        by_meaning, found,
    )  # fmt: skip
    for one in range(len(rows)):
        totals[owners[one]] += _spread(found[one], worths[one])


def shares(values: Floats, order: Longs, found: NDArray[np.float64], counts: Longs) -> None:
    """Fill the highest shares of each row's positive numbers in their sum.

    Args:
        values: Numbers, shape (m, n).
        order: Out: the places of the highest, shape (m, limit), limit ≤ n; ties by place.
        found: Out: their shares, shape (m, limit); what is beyond the positive ones is left.
        counts: Out: how many are positive, shape (m,).
    """
    positive = np.maximum(values.astype(np.float64), 0)
    order[:] = np.argsort(-positive, axis=1, kind="stable")[:, : order.shape[1]]
    totals = positive.sum(axis=1, keepdims=True)
    found[:] = np.take_along_axis(positive, order, axis=1) / np.where(totals > 0, totals, 1)
    counts[:] = np.count_nonzero(positive, axis=1)


def originals(
    rows: Ints,
    row_ptr: Longs,
    row_terms: Ints,
    row_impacts: Bytes,
    weights: Floats,
    codes: NDArray[np.int8],
    scales: Floats,
    bar: float,
    limit: int,
) -> Longs:
    """Which of some documents are nearly the same text as one before them: by their vectors, then by their terms.

    Args:
        rows: The documents.
        row_ptr: Start of each document's terms.
        row_terms: Terms by document.
        row_impacts: The impact of each.
        weights: What its impact is multiplied by, shape (T,).
        codes: Vectors in eight bits, shape (N, D); (0, 0) to look at terms only.
        scales: Their scales.
        bar: The least cosine of two texts that are nearly the same, positive.
        limit: How many different texts are told, at most.

    Returns:
        For each document, its own place for a new text, that of the first new text it is nearly the same as, or -1
        when it is one more than ``limit``.
    """
    found = np.ones((len(rows), len(rows)), dtype=bool)
    if codes.shape[1]:
        vectors = codes[rows].astype(np.float32) * scales[rows, None]
        found = vectors @ vectors.T >= bar
    np.fill_diagonal(found, False)
    some = np.flatnonzero(found.any(axis=1))
    bags = np.zeros((len(some), len(weights)), dtype=np.float32)
    for number, row in enumerate(rows[some].tolist()):
        run = slice(int(row_ptr[row]), int(row_ptr[row + 1]))
        bags[number, row_terms[run]] = weights[row_terms[run]] * row_impacts[run]
    lengths = np.maximum(np.linalg.norm(bags, axis=1), np.float32(1e-15))
    found[np.ix_(some, some)] &= bags @ bags.T / lengths[:, None] / lengths >= bar
    firsts: list[int] = []
    places = np.full(len(rows), -1, dtype=np.int64)
    for one in range(len(rows)):
        before = next((first for first in firsts if found[one, first]), -1)
        if before < 0 and len(firsts) < limit:
            firsts.append(one)
            before = one
        places[one] = before
    return places


def linked(
    rows: Ints,
    standings: Floats,
    of_standing: float,
    fresh: Floats,
    link_ptr: Longs,
    link_entities: Ints,
    link_groups: Bytes,
    link_weights: Floats,
    names: Longs,
    away: Longs,
) -> tuple[Ints, Longs, Longs, Bytes, Floats]:
    """The links of some documents.

    Args:
        rows: The documents.
        standings: What readers made of each document, shape (N,).
        of_standing: It multiplies the worth of a document by 1 ± this at most.
        fresh: What age leaves of the worth of each of these, shape (len(rows),); (0,) when it does not count.
        link_ptr: Where each document's links begin, shape (N + 1,).
        link_entities: The entity of each link.
        link_groups: The group of each.
        link_weights: The weight of each.
        names: What to call each entity, a number.
        away: Entities whose links do not count.

    Returns:
        The documents that have links that count, shape (d,); and of each such link, in the order of documents: its
        document's place among them, its entity's name, its group, its weight × what its document is worth.
    """
    counts = link_ptr[rows + 1] - link_ptr[rows]
    runs = [np.arange(link_ptr[row], link_ptr[row + 1]) for row in rows.tolist()]
    links = np.concatenate([link_ptr[:0], *runs])
    owners = np.repeat(np.arange(len(rows)), counts)
    kept = ~np.isin(link_entities[links], away)
    links, owners = links[kept], owners[kept]
    having, places = np.unique(owners, return_inverse=True)
    worths = np.float32(1) + np.float32(of_standing) * standings[rows]
    weights = link_weights[links] * (worths * fresh if len(fresh) else worths)[owners]
    return rows[having], places.astype(np.int64), names[link_entities[links]], link_groups[links], weights


def heard(
    places: Longs, entities: Longs, groups: Bytes, weights: Floats, totals: Floats, each: int, most: int
) -> Floats:
    """What each link is worth, when only the documents that are nearest are heard.

    Documents are heard from the nearest on; one does not count when it is not among the first of any that lived it.

    Args:
        places: The document of each link, ascending, each document having one.
        entities: Who lived it.
        groups: The group of the link, 0 or 1.
        weights: The weight of the link.
        totals: The likeness of each document.
        each: How many documents of an entity, in a group, count.
        most: How many documents are heard; more when they are equally near.

    Returns:
        Likeness × weight; 0 when the document is not heard.
    """
    spoke: dict[tuple[int, int], int] = {}
    speaking, bar = 0, np.float32(0)
    for place in np.argsort(-totals, kind="stable").tolist():
        links = range(*np.searchsorted(places, (place, place + 1)).tolist())
        keys = [(int(entities[link]), int(groups[link])) for link in links]
        speaking += any(spoke.get(key, 0) < each for key in keys)
        for key in keys:
            spoke[key] = spoke.get(key, 0) + 1
        if speaking == most:
            bar = totals[place]
            break
    return np.where(totals[places] >= bar, totals[places] * weights, np.float32(0)).astype(np.float32)


def proposed(
    entities: Longs,
    groups: Bytes,
    values: Floats,
    group: int,
    floor: float,
    discounts: NDArray[np.float64],
    limit: int,
) -> tuple[Longs, NDArray[np.float64], Longs, NDArray[np.float64]]:
    """The entities whose best links of a group are worth most.

    Args:
        entities: The entity of each link, 0 or more, shape (L,).
        groups: Its group, shape (L,).
        values: What it is worth, shape (L,).
        group: The group that counts.
        floor: The least value of a link that counts.
        discounts: What the best link of an entity counts for, the second best…
        limit: How many entities, at most, but for those that come last together.

    Returns:
        In no particular order, entities; the positive sum of values × discounts of each; its links, best first,
        equal ones in their order, -1 for none, shape (k, len(discounts)); and what each of these brings, 0 for none.
    """
    some = np.flatnonzero((groups == group) & (values >= np.float32(floor)))
    order = some[np.lexsort((some, -values[some], entities[some]))]
    found, starts, counts = np.unique(entities[order], return_index=True, return_counts=True)
    links = np.full((len(found), len(discounts)), -1, dtype=np.int64)
    for at in range(len(discounts)):
        has = counts > at
        links[has, at] = order[starts[has] + at]
    worths = np.where(links >= 0, values[links] if len(values) else 0.0, 0).astype(np.float64) * discounts
    totals = worths.sum(axis=1)
    bar = np.sort(totals)[len(totals) - limit] if 0 < limit < len(totals) else 0.0
    kept = (totals > 0) & (totals >= bar) & (limit > 0)
    return found[kept], totals[kept], links[kept], worths[kept]
