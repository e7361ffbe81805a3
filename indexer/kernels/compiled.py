"""The loops that numba compiles. Each has its twin of the same name in ``vectorised``, which says what it does.

Plain loops over plain arrays: no allocation in the hot ones, no exception, the interpreter's lock released. Callers
have checked every pointer and id (``segment.check``), since nothing here looks at bounds.
"""

# mypy: disable-error-code="no-any-return, return-value, arg-type"
# numba's types are those of machine words, which its stubs do not tell from Python's.

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from indexer.kernels.fetching import fetch

BLOCK = 4096
"""Documents scored at once: their sums stay in the nearest cache, however many documents there are."""

SCAN_GAIN = 16
"""A look-up by halving costs about as much as reading this many postings in a row."""

LOOK_UP_COST, RANK_COST = 8, 2
"""Looking a document up in a run costs about as much as reading so many of its postings; less where it has bits."""

_AT_ONCE = 32
"""Impacts compared with a bar at once."""

_STRIDE = 8
"""Words of a set of bits that are counted together."""

_BINS = 256
"""Steps between the floor and 1 in which closenesses are counted."""

_AHEAD = 4
"""Documents whose memory is asked for before they are read; where it is, for twice as many."""

_FAR_AHEAD = 16
"""The same where a document is soon read."""

_MOST_PLACES = 65_535
"""Terms that sixteen bits can tell apart."""

_FEW = 256
"""Under so many postings in a block, sums are set to 0 one by one."""

_SLACK = np.float32(1 + 1e-5)
"""What single precision may take from a sum."""

_LEAST = np.float32(1e-30)
"""Under every score."""

_SHORT = 16_384
"""The largest number of a vector in sixteen bits: a power of two; 1,024 products with eight bits sum within 32."""

_GOLDEN = 2_654_435_769
"""2³² over the golden ratio: its products scatter numbers that follow one another (Knuth, vol. 3, 6.4)."""

_FNV, _FNV_PRIME = np.uint64(14_695_981_039_346_656_037), np.uint64(1_099_511_628_211)
"""Where the hash FNV-1a of 64 bits begins, and what it multiplies by (Fowler, Noll and Vo, 1991)."""

_jit = numba.njit(cache=True, nogil=True)
_fast = numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
"""For sums of products, whose terms may be added in any order."""


@_jit
def scatter(
    mask: NDArray[np.bool_], docs: NDArray[np.int32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> None:
    for one in range(len(starts)):
        for place in range(starts[one], ends[one]):
            mask[docs[place]] = True


@_jit
def scatter_field(
    mask: NDArray[np.bool_],
    docs: NDArray[np.int32],
    fields: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    bit: int,
) -> None:
    for one in range(len(starts)):
        for place in range(starts[one], ends[one]):
            if fields[place] & bit:
                mask[docs[place]] = True


@_jit
def intersect(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int32]:
    found = np.empty(len(first), dtype=np.int32)
    count = 0
    low, high = 0, len(second)
    if len(second) > SCAN_GAIN * len(first):
        for doc in first:
            left, right = low, high
            while left < right:
                middle = (left + right) >> 1
                if second[middle] < doc:
                    left = middle + 1
                else:
                    right = middle
            low = left
            if left < high and second[left] == doc:
                found[count] = doc
                count += 1
        return found[:count]
    for doc in first:
        while low < high and second[low] < doc:
            low += 1
        if low < high and second[low] == doc:
            found[count] = doc
            count += 1
    return found[:count]


@_jit
def _place(docs: NDArray[np.int32], start: int, end: int, doc: int) -> int:
    """The place of a document in a sorted run, -1 when it is not there."""
    left, right = start, end
    while left < right:
        middle = (left + right) >> 1
        if docs[middle] < doc:
            left = middle + 1
        else:
            right = middle
    return left if left < end and docs[left] == doc else -1


@_jit
def _before(
    data: NDArray[np.uint8], start: int, end: int, others: NDArray[np.uint8], first: int, last: int
) -> tuple[bool, bool]:
    """Whether a text comes before another, byte by byte, and whether they are the same."""
    common = min(end - start, last - first)
    for one in range(common):
        byte, other = data[start + one], others[first + one]
        if byte != other:
            return byte < other, False
    return end - start < last - first, end - start == last - first


@_jit
def places(
    data: NDArray[np.uint8],
    ends: NDArray[np.int64],
    wanted: NDArray[np.uint8],
    wanted_ends: NDArray[np.int64],
    found: NDArray[np.int64],
) -> None:
    left, first = 0, 0
    for number in range(len(wanted_ends)):
        last, right = wanted_ends[number], len(ends)
        found[number] = -1
        while left < right:
            middle = (left + right) >> 1
            start = ends[middle - 1] if middle else 0
            before, same = _before(data, start, ends[middle], wanted, first, last)
            if same:
                found[number] = left = middle
                break
            if before:
                left = middle + 1
            else:
                right = middle
        first = last


@_jit
def text_place(
    data: NDArray[np.uint8], ends: NDArray[np.int64], order: NDArray[np.int32], wanted: NDArray[np.uint8]
) -> int:
    left, right = 0, len(ends)
    while left < right:
        middle = (left + right) >> 1
        place = np.int64(order[middle]) if len(order) > 0 else middle
        start = ends[place - 1] if place else 0
        before, same = _before(data, start, ends[place], wanted, 0, len(wanted))
        if same:
            return place
        if before:
            left = middle + 1
        else:
            right = middle
    return -1


@_jit
def look_up(
    docs: NDArray[np.int32],
    values: NDArray[Any],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    rows: NDArray[np.int32],
    found: NDArray[np.float32],
) -> None:
    for one in range(len(starts)):
        start, end = starts[one], ends[one]
        for number in range(len(rows)):
            place = _place(docs, start, end, rows[number])
            found[one, number] = values[place] if place >= 0 else np.float32(0.0)


@_jit
def _sift(scores: NDArray[np.float32], rows: NDArray[np.int32], ranks: NDArray[np.int32], size: int) -> None:
    """Move the first of a heap (worst first) to its place."""
    here = 0
    score, row = scores[0], rows[0]
    while True:
        child = 2 * here + 1
        if child >= size:
            break
        other = child + 1
        if other < size and (
            scores[other] < scores[child]
            or (scores[other] == scores[child] and ranks[rows[other]] > ranks[rows[child]])
        ):
            child = other
        if scores[child] < score or (scores[child] == score and ranks[rows[child]] > ranks[row]):
            scores[here], rows[here] = scores[child], rows[child]
            here = child
        else:
            break
    scores[here], rows[here] = score, row


@_jit
def _keep(
    scores: NDArray[np.float32],
    rows: NDArray[np.int32],
    ranks: NDArray[np.int32],
    size: int,
    limit: int,
    score: Any,
    row: int,
) -> int:
    """Offer a document to a heap of the best ``limit``; returns its size."""
    if size < limit:
        here = size
        while here > 0:
            parent = (here - 1) >> 1
            worse = score < scores[parent] or (score == scores[parent] and ranks[row] > ranks[rows[parent]])
            if not worse:
                break
            scores[here], rows[here] = scores[parent], rows[parent]
            here = parent
        scores[here], rows[here] = score, row
        return size + 1
    if score > scores[0] or (score == scores[0] and ranks[row] < ranks[rows[0]]):
        scores[0], rows[0] = score, row
        _sift(scores, rows, ranks, size)
    return size


@_jit
def _unheap(scores: NDArray[np.float32], rows: NDArray[np.int32], ranks: NDArray[np.int32], size: int) -> None:
    """Turn a heap, worst first, into a list, best first."""
    for last in range(size - 1, 0, -1):
        scores[0], scores[last] = scores[last], scores[0]
        rows[0], rows[last] = rows[last], rows[0]
        _sift(scores, rows, ranks, last)


@_jit
def _end_of_block(docs: NDArray[np.int32], first: int, last: int, bound: int) -> int:
    """Where documents under ``bound`` end in a run: found by strides, then by halving."""
    low, stride = first, 32
    while low + stride < last and docs[low + stride] < bound:
        low += stride
        stride *= 2
    high = min(low + stride, last)
    while low < high:
        middle = (low + high) >> 1
        if docs[middle] < bound:
            low = middle + 1
        else:
            high = middle
    return low


@_jit
def _ones(word: Any) -> Any:
    """How many bits of a word are set: what compilers turn into one instruction."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@_jit
def _has(bits: NDArray[np.uint64], doc: int) -> bool:
    return (bits[doc >> 6] >> np.uint64(doc & 63)) & np.uint64(1) != 0


@_jit
def union(
    docs: NDArray[np.int32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    bits: NDArray[np.uint64],
    bit_rows: NDArray[np.int32],
    dead: NDArray[np.int32],
    mask: NDArray[np.bool_],
    size: int,
) -> int:
    found = np.zeros((size + 63) >> 6, dtype=np.uint64)
    for one in range(len(starts)):
        if bit_rows[one] >= 0:
            row = bits[bit_rows[one]]
            for word in range(len(found)):
                found[word] |= row[word]
        else:
            for place in range(starts[one], ends[one]):
                doc = docs[place]
                found[doc >> 6] |= np.uint64(1) << np.uint64(doc & 63)
    for doc in dead:
        found[doc >> 6] &= ~(np.uint64(1) << np.uint64(doc & 63))
    total = np.uint64(0)
    for word in range(len(found)):
        total += _ones(found[word])
    for doc in range(len(mask)):
        mask[doc] = _has(found, doc)
    return np.int64(total)


@_jit
def best(
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    worths: NDArray[np.float32],
    bounds: NDArray[np.float32],
    bits: NDArray[np.uint64],
    bit_rows: NDArray[np.int32],
    alive: NDArray[np.bool_],
    ranks: NDArray[np.int32],
    bar: float,
    limit: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    rows = np.empty(limit, dtype=np.int32)
    scores = np.empty(limit, dtype=np.float32)
    if limit == 0:
        return rows, scores
    # Terms that together cannot reach the bar are not read, only looked up, unless reading is quicker.
    count = len(starts)
    rest = np.zeros(count + 1, dtype=np.float32)
    for one in range(count - 1, -1, -1):
        rest[one] = rest[one + 1] + bounds[one] * _SLACK
    read, size = 0, 0
    while read < count:
        cost = RANK_COST if bit_rows[read] >= 0 else LOOK_UP_COST
        if rest[read] < bar and size * cost <= ends[read] - starts[read]:
            break
        size += ends[read] - starts[read]
        read += 1
    sums = np.zeros(BLOCK, dtype=np.float32)
    hopeful = np.empty(BLOCK, dtype=np.int32)
    after, before_block = starts.copy(), starts.copy()
    before_word = np.empty((count, BLOCK >> 6), dtype=np.int64)
    lowest = np.float32(bar)
    kept = 0
    for base in range(0, len(ranks), BLOCK):
        # A document is hopeful once its sum reaches what can still become the bar, which sums do once a block.
        bound, met, postings = base + BLOCK, 0, 0
        reach = max(lowest - rest[read], _LEAST)
        for one in range(read):
            first, worth = after[one], worths[one]
            last = _end_of_block(docs, first, ends[one], bound)
            before_block[one], after[one] = first, last
            postings += last - first
            if read == 1:
                met = _reaching(docs, impacts, first, last, worth, reach, base, sums, hopeful)
                break
            for place in range(np.uint64(first), np.uint64(last)):  # else numba asks of each whether it is negative
                doc = docs[place]
                here = np.uint64(doc - base)
                before = sums[here]
                score = before + worth * np.float32(impacts[place])
                sums[here] = score
                if score >= reach:  # rare: the other half of the test waits for it
                    if before < reach:
                        hopeful[met] = doc
                        met += 1
        for one in range(read, count if met else 0):
            before_block[one] = -1  # where its run enters the block is not known yet
        for number in range(met):
            doc = hopeful[number]
            if not alive[doc]:
                continue
            score = sums[doc - base]
            for one in range(read, count):
                if score + rest[one] < lowest:
                    break
                row = bit_rows[one]
                if row >= 0 and not _has(bits[row], doc):
                    continue
                if before_block[one] < 0:
                    before_block[one] = _end_of_block(docs, after[one], ends[one], base)
                    after[one] = _end_of_block(docs, before_block[one], ends[one], bound)
                    if row >= 0:
                        _count_before(bits[row], base, before_block[one], before_word[one])
                if row >= 0:
                    below = bits[row, doc >> 6] & ((np.uint64(1) << np.uint64(doc & 63)) - np.uint64(1))
                    place = before_word[one, (doc - base) >> 6] + np.int64(_ones(below))
                else:
                    place = _place(docs, before_block[one], after[one], doc)
                if place >= 0:
                    score += worths[one] * np.float32(impacts[place])
            if score >= lowest:
                kept = _keep(scores, rows, ranks, kept, limit, score, doc)
                if kept == limit and scores[0] > lowest:
                    lowest = scores[0]
        if read == 1:
            continue  # sums were set, not added to
        if postings > _FEW:
            sums[:] = 0
        elif postings > 0:
            for one in range(read):
                for place in range(before_block[one], after[one]):
                    sums[docs[place] - base] = np.float32(0.0)
    _unheap(scores, rows, ranks, kept)
    return rows[:kept], scores[:kept]


@_jit
def _reaching(
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    first: int,
    last: int,
    worth: Any,
    reach: Any,
    base: int,
    sums: NDArray[np.float32],
    hopeful: NDArray[np.int32],
) -> int:
    """The documents of a part of a run that reach a score by this term alone; returns how many.

    Processors compare many impacts at once: only the runs where one is high enough are looked at one by one.
    """
    least = np.uint16(min(np.floor(reach / worth / _SLACK), np.float32(65_535)))
    met, place = 0, first
    while place < last:
        stop, some = min(place + _AT_ONCE, last), False
        for one in range(place, stop):
            some |= impacts[one] >= least
        if some:
            for one in range(place, stop):
                score = worth * np.float32(impacts[one])
                if score >= reach:
                    sums[docs[one] - base] = score
                    hopeful[met] = docs[one]
                    met += 1
        place = stop
    return met


@_jit
def _count_before(bits: NDArray[np.uint64], base: int, start: Any, found: NDArray[np.int64]) -> None:
    """For each word of a block of a set, the place in its run of the first document from this word on."""
    first, place = base >> 6, start
    for word in range(min(len(found), len(bits) - first)):
        found[word] = place
        place += np.int64(_ones(bits[first + word]))


@_jit
def find(
    numbers: NDArray[np.int32],
    units: NDArray[np.float32],
    depth: int,
    limit: int,
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    pointers: NDArray[np.int64],
    term_bars: NDArray[np.uint16],
    bit_of: NDArray[np.int32],
    bits: NDArray[np.uint64],
    allowed: NDArray[np.bool_],
    dead: NDArray[np.int32],
    ranks: NDArray[np.int32],
    mask: NDArray[np.bool_],
    counted: bool,
) -> tuple[NDArray[np.int32], NDArray[np.float32], int]:
    count = len(numbers)
    starts, ends = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    worths, bounds = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.float32)
    bit_rows = np.empty(count, dtype=np.int32)
    bar = _LEAST
    for number in range(count):
        term, unit = numbers[number], units[number]
        bound = unit * np.float32(term_bars[term, 0])
        at = number
        while at > 0 and bounds[at - 1] < bound:
            starts[at], ends[at], bit_rows[at] = starts[at - 1], ends[at - 1], bit_rows[at - 1]
            worths[at], bounds[at] = worths[at - 1], bounds[at - 1]
            at -= 1
        starts[at], ends[at], bit_rows[at] = pointers[term], pointers[term + 1], bit_of[term]
        worths[at], bounds[at] = unit, bound
        if 0 <= depth < term_bars.shape[1]:
            bar = max(bar, unit * np.float32(term_bars[term, depth]) / _SLACK)
    total = np.int64(0)
    if not counted:
        pass
    elif count == 1 and len(mask) == 0 and len(dead) == 0:
        total += ends[0] - starts[0]
    else:
        total += union(docs, starts, ends, bits, bit_rows, dead, mask, len(ranks))
    rows, scores = best(
        docs, impacts, starts, ends, worths, bounds, bits, bit_rows, allowed, ranks, bar, min(limit, len(ranks))
    )
    return rows, scores, total


@_jit
def best_of(
    rows: NDArray[np.int32], scores: NDArray[np.float32], ranks: NDArray[np.int32], limit: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    found = np.empty(limit, dtype=np.int32)
    values = np.empty(limit, dtype=np.float32)
    if limit == 0:
        return found, values
    kept = 0
    for number in range(len(rows)):
        kept = _keep(values, found, ranks, kept, limit, scores[number], rows[number])
    _unheap(values, found, ranks, kept)
    return found[:kept], values[:kept]


@_jit
def best_among(
    rows: NDArray[np.int32],
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    worths: NDArray[np.float32],
    full: float,
    ranks: NDArray[np.int32],
    limit: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    scores = np.zeros(len(rows), dtype=np.float32)
    for one in range(len(starts)):
        for number in range(len(rows)):
            place = _place(docs, starts[one], ends[one], rows[number])
            if place >= 0:
                scores[number] += np.float32(impacts[place]) / np.float32(full) * worths[one]
    return best_of(rows, scores, ranks, limit)


@_jit
def set_bits(docs: NDArray[np.int32], bits: NDArray[np.uint64]) -> None:
    for doc in docs:
        bits[doc >> 6] |= np.uint64(1) << np.uint64(doc & 63)


@_jit
def bars(
    pointers: NDArray[np.int64], impacts: NDArray[np.uint16], depths: NDArray[np.int64], found: NDArray[np.uint16]
) -> None:
    for term in range(len(pointers) - 1):
        run = impacts[pointers[term] : pointers[term + 1]]
        if len(run) >= depths[0]:
            ordered = np.sort(run)
            for one in range(len(depths)):
                if len(run) >= depths[one]:
                    found[term, one] = ordered[len(run) - depths[one]]


@_jit
def count_facets(
    mask: NDArray[np.bool_], pointers: NDArray[np.int64], values: NDArray[np.int32], counts: NDArray[np.int64]
) -> None:
    docs, size = np.empty(len(mask), dtype=np.int32), 0
    for doc in range(len(mask)):  # no branch: which documents match is anybody's guess
        docs[size] = doc
        size += mask[doc]
    for one in range(size):
        if one + _FAR_AHEAD < size:
            fetch(values, pointers[docs[one + _FAR_AHEAD]], 0)
        for place in range(np.uint64(pointers[docs[one]]), np.uint64(pointers[docs[one] + 1])):
            counts[np.uint64(values[place])] += 1


@_jit
def phrase_rows(
    stream: NDArray[np.int32],
    pointers: NDArray[np.int64],
    field_ends: NDArray[np.int64],
    rows: NDArray[np.int32],
    wanted: NDArray[np.int32],
    field: int,
) -> NDArray[np.int32]:
    length = len(wanted)
    found = np.empty(len(rows), dtype=np.int32)
    count = 0
    first = wanted[0]
    for row in rows:
        start, end = pointers[row], pointers[row + 1]
        if field >= 0:
            end = field_ends[row, field]
            if field > 0:
                start = field_ends[row, field - 1]
        for place in range(start, end - length + 1):
            if stream[place] != first:
                continue
            same = True
            for offset in range(1, length):
                token = stream[place + offset]
                other = wanted[offset]
                if (other >= 0 and token != other) or (other < 0 and token == -2):
                    same = False
                    break
            if same:
                found[count] = row
                count += 1
                break
    return found[:count]


@_jit
def distinct_words(
    data: NDArray[np.uint8], letters: NDArray[np.bool_], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    most = len(data) // 2 + 1 + len(ends)  # words may touch where one text ends and the next begins
    numbers, word_ends = np.empty(most, dtype=np.int32), np.empty(len(ends), dtype=np.int64)
    starts, stops = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    size = 64
    while size < 2 * most:
        size *= 2
    slots, mask = np.full(size, -1, dtype=np.int32), np.uint64(size - 1)
    words, known, place = 0, 0, 0
    for text in range(len(ends)):
        end = ends[text]
        while place < end:
            if not letters[data[place]]:
                place += 1
                continue
            start, key = place, _FNV
            while place < end and letters[data[place]]:
                key = (key ^ np.uint64(data[place])) * _FNV_PRIME
                place += 1
            slot = (key ^ (key >> np.uint64(32))) & mask
            while True:
                number = slots[slot]
                if number < 0:
                    slots[slot] = number = known
                    starts[known], stops[known] = start, place
                    known += 1
                    break
                if _before(data, starts[number], stops[number], data, start, place)[1]:
                    break
                slot = (slot + np.uint64(1)) & mask
            numbers[words] = number
            words += 1
        word_ends[text] = words
    return numbers[:words], word_ends, starts[:known], stops[:known]


@_jit
def count_terms(
    numbers: NDArray[np.int32], term_of: NDArray[np.int32], pointers: NDArray[np.int64], terms: int
) -> NDArray[np.int64]:
    frequencies = np.zeros(terms, dtype=np.int64)
    last = np.full(terms, -1, dtype=np.int32)
    for doc in range(len(pointers) - 1):
        for place in range(pointers[doc], pointers[doc + 1]):
            number = numbers[place]
            if number >= 0:
                term = term_of[number]
                if term >= 0 and last[term] != doc:
                    last[term] = doc
                    frequencies[term] += 1
    return frequencies


@_jit
def fill_terms(
    numbers: NDArray[np.int32],
    term_of: NDArray[np.int32],
    pointers: NDArray[np.int64],
    gains: NDArray[np.float64],
    term_ptr: NDArray[np.int64],
    docs: NDArray[np.int32],
    normed: NDArray[np.float64],
    fields: NDArray[np.uint8],
    row_terms: NDArray[np.int32],
    row_places: NDArray[np.int64],
    row_ptr: NDArray[np.int64],
) -> None:
    terms = len(term_ptr) - 1
    cursor = term_ptr[:terms].copy()
    last = np.full(terms, -1, dtype=np.int32)
    row_place = 0
    for doc in range(len(pointers) - 1):
        row_ptr[doc] = row_place
        field = 0
        for place in range(pointers[doc], pointers[doc + 1]):
            number = numbers[place]
            if number == -2:
                field += 1
                continue
            term = term_of[number]
            if term < 0:
                continue
            if last[term] != doc:
                last[term] = doc
                at = cursor[term]
                cursor[term] += 1
                docs[at] = doc
                normed[at] = 0.0
                fields[at] = 0
                row_terms[row_place] = term
                row_places[row_place] = at
                row_place += 1
            at = cursor[term] - 1
            normed[at] += gains[doc, field]
            fields[at] |= 1 << field
    row_ptr[len(pointers) - 1] = row_place


@_jit
def fill_words(
    numbers: NDArray[np.int32],
    word_of: NDArray[np.int32],
    pointers: NDArray[np.int64],
    word_ptr: NDArray[np.int64],
    docs: NDArray[np.int32],
    fields: NDArray[np.uint8],
) -> None:
    words = len(word_ptr) - 1
    cursor = word_ptr[:words].copy()
    last = np.full(words, -1, dtype=np.int32)
    for doc in range(len(pointers) - 1):
        field = 0
        for place in range(pointers[doc], pointers[doc + 1]):
            number = numbers[place]
            if number == -2:
                field += 1
                continue
            word = word_of[number]
            if word < 0:
                continue
            if last[word] != doc:
                last[word] = doc
                at = cursor[word]
                cursor[word] += 1
                docs[at] = doc
                fields[at] = 0
            fields[cursor[word] - 1] |= 1 << field


@_jit
def count_alive(pointers: NDArray[np.int64], docs: NDArray[np.int32], alive: NDArray[np.bool_]) -> NDArray[np.int64]:
    counts = np.zeros(len(pointers) - 1, dtype=np.int64)
    for term in range(len(pointers) - 1):
        for place in range(pointers[term], pointers[term + 1]):
            if alive[docs[place]]:
                counts[term] += 1
    return counts


@_jit
def append_terms(
    pointers: NDArray[np.int64],
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    fields: NDArray[np.uint8],
    new_terms: NDArray[np.int32],
    new_docs: NDArray[np.int32],
    cursor: NDArray[np.int64],
    out_docs: NDArray[np.int32],
    out_impacts: NDArray[np.uint16],
    out_fields: NDArray[np.uint8],
) -> None:
    for term in range(len(pointers) - 1):
        new = new_terms[term]
        if new < 0:
            continue
        at = cursor[new]
        for place in range(pointers[term], pointers[term + 1]):
            doc = new_docs[docs[place]]
            if doc >= 0:
                out_docs[at] = doc
                out_impacts[at] = impacts[place]
                out_fields[at] = fields[place]
                at += 1
        cursor[new] = at


@_jit
def append_words(
    pointers: NDArray[np.int64],
    docs: NDArray[np.int32],
    fields: NDArray[np.uint8],
    new_words: NDArray[np.int32],
    new_docs: NDArray[np.int32],
    cursor: NDArray[np.int64],
    out_docs: NDArray[np.int32],
    out_fields: NDArray[np.uint8],
) -> None:
    for word in range(len(pointers) - 1):
        new = new_words[word]
        if new < 0:
            continue
        at = cursor[new]
        for place in range(pointers[word], pointers[word + 1]):
            doc = new_docs[docs[place]]
            if doc >= 0:
                out_docs[at] = doc
                out_fields[at] = fields[place]
                at += 1
        cursor[new] = at


@_jit
def append_numbers(
    pointers: NDArray[np.int64],
    numbers: NDArray[np.int32],
    new_numbers: NDArray[np.int32],
    alive: NDArray[np.bool_],
    start: int,
    out: NDArray[np.int32],
) -> int:
    at = start
    for doc in range(len(alive)):
        if alive[doc]:
            for place in range(pointers[doc], pointers[doc + 1]):
                number = numbers[place]
                out[at] = new_numbers[number] if number >= 0 else number
                at += 1
    return at


@_jit
def _shorts(vector: NDArray[np.float32]) -> tuple[NDArray[np.int16], np.float32]:
    """A vector in sixteen bits, and what one of its units is worth."""
    codes, highest = np.empty(len(vector), dtype=np.int16), np.float32(0.0)
    for one in range(len(vector)):
        highest = max(highest, abs(vector[one]))
    scale = np.float32(_SHORT) / highest if highest > 0 else np.float32(0.0)
    for one in range(len(vector)):
        codes[one] = np.int16(np.rint(vector[one] * scale))
    return codes, highest / np.float32(_SHORT)


@_jit
def _dot(codes: NDArray[np.int8], place: int, shorts: NDArray[np.int16]) -> np.int32:
    """The product of a row and a vector in whole numbers, which processors multiply and add several at once.

    Each step is cast to 32 bits, since numba would go on in 64.
    """
    total = np.int32(0)
    for one in range(len(shorts)):
        total = np.int32(total + np.int32(np.int32(codes[place, one]) * np.int32(shorts[one])))
    return total


@_fast
def _add(
    numbers: NDArray[np.int32],
    start: int,
    end: int,
    word_rows: NDArray[np.int32],
    weights: NDArray[np.float32],
    table: NDArray[np.float32],
    total: NDArray[np.float32],
) -> None:
    """Add to a vector those of the words at some places."""
    for place in range(start, end):
        number = numbers[place]
        if number >= 0 and word_rows[number] >= 0:
            weight, row = weights[number], table[word_rows[number]]
            for one in range(len(total)):
                total[one] += weight * row[one]


@_fast
def _quantise(vector: NDArray[np.float32], codes: NDArray[np.int8]) -> np.float32:
    length, highest = np.float32(0.0), np.float32(0.0)
    for one in range(len(vector)):
        length += vector[one] * vector[one]
        highest = max(highest, abs(vector[one]))
    if highest == 0:
        codes[:] = 0
        return np.float32(0.0)
    for one in range(len(vector)):
        codes[one] = np.int8(np.rint(vector[one] * (np.float32(127.0) / highest)))
    return highest / np.sqrt(length) / np.float32(127.0)


@_jit
def text_vectors(
    numbers: NDArray[np.int32],
    word_rows: NDArray[np.int32],
    weights: NDArray[np.float32],
    pointers: NDArray[np.int64],
    field_ends: NDArray[np.int64],
    table: NDArray[np.float32],
    passage_ptr: NDArray[np.int64],
    window: int,
    short: int,
    lead: int,
    titles: NDArray[np.int8],
    title_scales: NDArray[np.float32],
    notes: NDArray[np.int8],
    note_scales: NDArray[np.float32],
    passages: NDArray[np.int8],
    passage_scales: NDArray[np.float32],
) -> None:
    size = table.shape[1]
    title, note = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
    passage = np.zeros(size, dtype=np.float32)
    for doc in range(len(pointers) - 1):
        first, body, end = pointers[doc], field_ends[doc, 0] + 1, field_ends[doc, 1]
        title[:] = 0
        _add(numbers, first, field_ends[doc, 0], word_rows, weights, table, title)
        note[:] = title
        for number in range(passage_ptr[doc + 1] - passage_ptr[doc]):
            start = body + number * window
            stop = min(start + window, end)
            passage[:] = 0
            _add(numbers, start, stop, word_rows, weights, table, passage)
            for one in range(size):
                note[one] += passage[one]
            if number == 0:
                for one in range(size):
                    passage[one] += title[one]
            elif stop - start < short:
                _add(numbers, max(end - window, body), start, word_rows, weights, table, passage)
            at = passage_ptr[doc] + number
            passage_scales[at] = _quantise(passage, passages[at])
        if first == field_ends[doc, 0]:
            _add(numbers, body, min(body + lead, end), word_rows, weights, table, title)
        title_scales[doc] = _quantise(title, titles[doc])
        note_scales[doc] = _quantise(note, notes[doc])


@_fast
def _nearest(vector: NDArray[np.float32], centroids: NDArray[np.float32]) -> int:
    best, found = np.float32(-3e38), 0
    for number in range(len(centroids)):
        total = np.float32(0.0)
        for one in range(len(vector)):
            total += vector[one] * centroids[number, one]
        if total > best:
            best, found = total, number
    return found


@_jit
def assign(codes: NDArray[np.int8], centroids: NDArray[np.float32], found: NDArray[np.int32]) -> None:
    vector = np.empty(centroids.shape[1], dtype=np.float32)
    for doc in range(len(codes)):
        for one in range(len(vector)):
            vector[one] = np.float32(codes[doc, one])
        found[doc] = _nearest(vector, centroids)


@_jit
def fold_rows(
    row_ptr: NDArray[np.int64],
    row_terms: NDArray[np.int32],
    row_impacts: NDArray[np.uint8],
    weights: NDArray[np.float32],
    components: NDArray[np.float32],
    topics: int,
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    topic_scales: NDArray[np.float32],
) -> None:
    total = np.empty(components.shape[1], dtype=np.float32)
    for doc in range(len(row_ptr) - 1):
        total[:] = 0
        for place in range(row_ptr[doc], row_ptr[doc + 1]):
            _add_row(total, components[row_terms[place]], weights[row_terms[place]] * np.float32(row_impacts[place]))
        scales[doc] = _quantise(total, codes[doc])
        length = np.float32(0.0)
        for one in range(topics):
            length += np.float32(codes[doc, one]) * np.float32(codes[doc, one])
        topic_scales[doc] = np.float32(1.0) / np.sqrt(length) if length > 0 else np.float32(0.0)


@_fast
def _add_row(total: NDArray[np.float32], row: NDArray[np.float32], weight: Any) -> None:
    for one in range(len(total)):
        total[one] += weight * row[one]


@_fast
def weighted(table: NDArray[np.float32], rows: NDArray[np.int64], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    total = np.zeros(table.shape[1], dtype=np.float32)
    for number in range(len(rows)):
        _add_row(total, table[rows[number]], weights[number])
    length = np.float32(0.0)
    for one in range(len(total)):
        length += total[one] * total[one]
    if length == 0:
        return total[:0]
    scale = np.float32(1.0) / np.sqrt(length)
    for one in range(len(total)):
        total[one] *= scale
    return total


@_jit
def meaning(
    table: NDArray[np.float32],
    components: NDArray[np.float32],
    numbers: NDArray[np.int64],
    weights: NDArray[np.float32],
    first: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return weighted(table, numbers[:first], weights[:first]), weighted(components, numbers[first:], weights[first:])


@_jit
def probe(
    codes: NDArray[np.int8], scales: NDArray[np.float32], vector: NDArray[np.float32], count: int
) -> NDArray[np.int32]:
    shorts, _ = _shorts(vector)
    scores, found = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.int32)
    ranks, kept = np.arange(len(codes)).astype(np.int32), 0
    for number in range(len(codes)):
        score = np.float32(_dot(codes, number, shorts)) * scales[number]
        if kept < count or score > scores[0]:  # a call costs as much as several products
            kept = _keep(scores, found, ranks, kept, count, score, number)
    return np.sort(found[:kept])


@_fast
def _product(table: NDArray[np.float32], place: int, vector: NDArray[np.float32]) -> np.float32:
    total = np.float32(0.0)
    for one in range(len(vector)):
        total += table[place, one] * vector[one]
    return total


@_jit
def joined(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int32]:
    found, size = np.empty(len(first) + len(second), dtype=np.int32), len(first)
    found[:size] = first
    for number in range(len(second)):
        known = False
        for place in range(len(first)):
            if first[place] == second[number]:
                known = True
                break
        if not known:
            found[size] = second[number]
            size += 1
    return found[:size]


@_jit
def near(
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    members: NDArray[np.int32],
    clusters: NDArray[np.int32],
    pointers: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    ranks: NDArray[np.int32],
    vector: NDArray[np.float32],
    floor: float,
    limit: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    rows = np.empty(limit, dtype=np.int32)
    scores = np.empty(limit, dtype=np.float32)
    shorts, unit = _shorts(vector)
    size, at, kept = 0, 0, 0
    for cluster in clusters:
        size += pointers[cluster + 1] - pointers[cluster]
    close = np.empty(size, dtype=np.float32)
    for cluster in clusters:
        for place in range(pointers[cluster], pointers[cluster + 1]):
            close[at] = np.float32(_dot(codes, place, shorts)) * unit * scales[place]
            at += 1
    # Nearly all that are offered to a heap in the order they come would leave it again.
    least = np.float32(floor)
    bar = _bar(close, least, limit)
    while limit > 0:
        at, kept = 0, 0
        for cluster in clusters:
            for place in range(pointers[cluster], pointers[cluster + 1]):
                if close[at] >= bar and allowed[members[place]]:
                    kept = _keep(scores, rows, ranks, kept, limit, close[at], members[place])
                at += 1
        if kept == limit or bar <= least:
            break
        bar = least  # many of those were not allowed
    _unheap(scores, rows, ranks, kept)
    return rows[:kept], scores[:kept]


@_jit
def nearest(
    centroids: NDArray[np.int8],
    centroid_scales: NDArray[np.float32],
    count: int,
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    members: NDArray[np.int32],
    pointers: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    ranks: NDArray[np.int32],
    vector: NDArray[np.float32],
    floor: float,
    limit: int,
    before: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    clusters = np.zeros(1, dtype=np.int32)
    if len(vector) == 0 or len(pointers) < 2:
        clusters = clusters[:0]
    elif len(pointers) > 2:
        clusters = probe(centroids, centroid_scales, vector, count)
    rows, close = near(
        codes, scales, members, clusters, pointers, allowed, ranks, vector, floor, min(limit, len(ranks))
    )
    return rows, close, joined(before, rows)


@_jit
def _bar(close: NDArray[np.float32], floor: Any, limit: int) -> np.float32:
    """A closeness, the floor or more, that ``limit`` of some reach when as many reach the floor."""
    step = np.float32(_BINS) / max(np.float32(1.0) - floor, _LEAST)
    bins = np.zeros(_BINS, dtype=np.int64)
    for one in range(len(close)):
        bins[np.uint64(min(max((close[one] - floor) * step, np.float32(0.0)), np.float32(_BINS - 1)))] += 1
    lowest, reached = _BINS - 1, bins[_BINS - 1]
    while lowest > 0 and reached < limit:
        lowest -= 1
        reached += bins[lowest]
    return floor + np.float32(lowest) / step


@_jit
def dots(
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    rows: NDArray[np.int32],
    vector: NDArray[np.float32],
    found: NDArray[np.float32],
) -> None:
    shorts, unit = _shorts(vector)
    for number in range(len(rows)):
        if number + _AHEAD < len(rows):
            fetch(scales, rows[number + _AHEAD], 0)
            for line in range((len(vector) + 63) >> 6):
                fetch(codes, rows[number + _AHEAD], line)
        found[number] = np.float32(_dot(codes, rows[number], shorts)) * unit * scales[rows[number]]


@_jit
def _count_by_strides(bits: NDArray[np.uint64], start: Any, found: NDArray[np.int64]) -> None:
    """For each stride of a set, the place in its run of the first document from there on."""
    place = start
    for stride in range(len(found)):
        found[stride] = place
        for word in range(stride * _STRIDE, min((stride + 1) * _STRIDE, len(bits))):
            place += np.int64(_ones(bits[word]))


@_jit
def _rank(bits: NDArray[np.uint64], doc: int, counts: NDArray[np.int64]) -> Any:
    """The place in its run of a document of a set."""
    last = doc >> 6
    place = counts[last // _STRIDE] + np.int64(
        _ones(bits[last] & ((np.uint64(1) << np.uint64(doc & 63)) - np.uint64(1)))
    )
    for word in range(last // _STRIDE * _STRIDE, last):
        place += np.int64(_ones(bits[word]))
    return place


@_jit
def features(
    rows: NDArray[np.int32],
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    fields: NDArray[np.uint8],
    bits: NDArray[np.uint64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    bit_rows: NDArray[np.int32],
    terms: NDArray[np.int32],
    worths: NDArray[np.float32],
    shares: NDArray[np.float32],
    stream: NDArray[np.int32],
    pointers: NDArray[np.int64],
    field_ends: NDArray[np.int64],
    titles: NDArray[np.int8],
    title_scales: NDArray[np.float32],
    notes: NDArray[np.int8],
    note_scales: NDArray[np.float32],
    passages: NDArray[np.int8],
    passage_scales: NDArray[np.float32],
    passage_ptr: NDArray[np.int64],
    query: NDArray[np.float32],
    latent: NDArray[np.float32],
    standings: NDArray[np.float32],
    weights: NDArray[np.float32],
    window: int,
    short: int,
    lead: int,
    need: int,
    found: NDArray[np.float32],
    best_passages: NDArray[np.int32],
) -> None:
    count, size = min(len(starts), 64), len(rows)
    wanted, wanted_shares = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.float32)
    held_terms, bases = np.zeros(size, dtype=np.uint64), np.empty(size, dtype=np.float32)
    bounds, factors = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.float32)
    of_passage, inside = weights[1], weights[2]
    shorts, unit = _shorts(query)
    sets = 0
    for one in range(count):
        sets += bit_rows[one] >= 0
    counts, at = (
        np.empty((sets, (bits.shape[1] + _STRIDE - 1) // _STRIDE), dtype=np.int64),
        np.empty(count, dtype=np.int64),
    )
    sets = 0
    for one in range(count):
        at[one] = sets
        if bit_rows[one] >= 0:
            _count_by_strides(bits[bit_rows[one]], starts[one], counts[sets])
            sets += 1
    for number in range(size):
        if number + _AHEAD < size:
            row = rows[number + _AHEAD]
            fetch(pointers, row, 0)
            fetch(field_ends, row, 0)
            fetch(passage_ptr, row, 0)
            fetch(standings, row, 0)
            for line in range((len(query) + 63) >> 6):
                fetch(titles, row, line)
                fetch(notes, row, line)
            if len(query) > 0:
                fetch(title_scales, row, 0)
                fetch(note_scales, row, 0)
        row = rows[number]
        first, body, end = pointers[row], field_ends[row, 0] + 1, field_ends[row, 1]
        score, in_title, share, held = np.float32(0.0), np.float32(0.0), np.float32(0.0), 0
        bloom, mine = np.uint64(0), np.uint64(0)
        for one in range(count):
            if bit_rows[one] < 0:
                place = _place(docs, starts[one], ends[one], row)
            elif _has(bits[bit_rows[one]], row):
                place = _rank(bits[bit_rows[one]], row, counts[at[one]])
            else:
                continue
            if place >= 0:
                score += worths[one] * np.float32(impacts[place])
                if fields[place] & 1:
                    in_title += shares[one]
                if fields[place] & 3:
                    wanted[held], wanted_shares[held] = terms[one], shares[one]
                    bloom |= np.uint64(1) << np.uint64(terms[one] & 63)
                    mine |= np.uint64(1) << np.uint64(one)
                    share += shares[one]
                    held += 1
        if first == field_ends[row, 0]:
            in_title = _share_at(stream, body, min(body + lead, end), wanted, wanted_shares, held, bloom)
        title, note = np.float32(0.0), np.float32(0.0)
        if len(query) > 0:
            title = np.float32(_dot(titles, row, shorts)) * unit * title_scales[row]
            note = np.float32(_dot(notes, row, shorts)) * unit * note_scales[row]
        found[number, 0], found[number, 1], found[number, 2], found[number, 3] = score, in_title, title, note
        held_terms[number] = mine
        bases[number] = (
            score
            + weights[0] * latent[number]
            + weights[3] * max(title, note)
            + weights[4] * in_title
            + weights[5] * title
        )
        factors[number] = np.float32(1.0) + weights[6] * standings[row]
        bounds[number] = (bases[number] + of_passage * (share + inside)) * _SLACK * factors[number]
    # Passages are long to read: only of documents that can still be among the first ``need``.
    heap, kept, most = np.empty(need, dtype=np.float32), 0, 0
    for row in rows:
        most = max(most, passage_ptr[row + 1] - passage_ptr[row])
    closeness = np.zeros(most, dtype=np.float32)
    order = np.argsort(-bounds)
    for turn in range(size):
        number = order[turn]
        if kept == need and bounds[number] < heap[0]:
            found[number, 4] = np.float32(-1.0)
            continue
        if turn + _AHEAD < size:
            row = rows[order[turn + _AHEAD]]
            if len(query) > 0:
                fetch(passage_scales, passage_ptr[row], 0)
                for line in range(((passage_ptr[row + 1] - passage_ptr[row]) * len(query) + 63) >> 6):
                    fetch(passages, passage_ptr[row], line)
        row = rows[number]
        # Their vectors first, which are short: they say for many that their words need not be read.
        if len(query) > 0:
            closest = np.float32(-1.0)
            for passage in range(passage_ptr[row + 1] - passage_ptr[row]):
                at = passage_ptr[row] + passage
                value = np.float32(_dot(passages, at, shorts)) * unit * passage_scales[at]
                closeness[passage] = inside * value
                closest = max(closest, value)
            share = np.float32(0.0)
            for one in range(count):
                if (held_terms[number] >> np.uint64(one)) & np.uint64(1):
                    share += shares[one]
            bound = (bases[number] + of_passage * (share + inside * closest)) * _SLACK * factors[number]
            if kept == need and bound < heap[0]:
                found[number, 4] = np.float32(-1.0)
                continue
        first, body, end = pointers[row], field_ends[row, 0] + 1, field_ends[row, 1]
        held, bloom = 0, np.uint64(0)
        for one in range(count):
            if (held_terms[number] >> np.uint64(one)) & np.uint64(1):
                wanted[held], wanted_shares[held] = terms[one], shares[one]
                bloom |= np.uint64(1) << np.uint64(terms[one] & 63)
                held += 1
        highest, chosen = np.float32(-2.0), 0
        for passage in range(passage_ptr[row + 1] - passage_ptr[row]):
            value = closeness[passage]
            if held > 0:
                start, stop = _passage(passage, first, body, end, window, short)
                value += _share_at(stream, start, stop, wanted, wanted_shares, held, bloom)
            if value > highest:
                highest, chosen = value, passage
        found[number, 4] = highest
        best_passages[number] = chosen
        kept = _keep_score(heap, kept, need, (bases[number] + of_passage * highest) * factors[number])


@_jit
def mentions(
    rows: NDArray[np.int32],
    passages: NDArray[np.int32],
    numbers: NDArray[np.int32],
    stream: NDArray[np.int32],
    pointers: NDArray[np.int64],
    field_ends: NDArray[np.int64],
    window: int,
    short: int,
    lead: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    in_title = np.zeros((len(rows), len(numbers)), dtype=np.bool_)
    in_passage = np.zeros((len(rows), len(numbers)), dtype=np.bool_)
    for one in range(len(rows)):
        row = rows[one]
        first, cut, end = pointers[row], field_ends[row, 0], field_ends[row, 1]
        start, stop = _passage(passages[one], first, cut + 1, end, window, short)
        _mention(stream, start, stop, numbers, in_passage[one])
        if cut > first:
            _mention(stream, first, cut, numbers, in_title[one])
        else:
            _mention(stream, cut + 1, min(cut + 1 + lead, end), numbers, in_title[one])
    return in_title, in_passage


@_jit
def _passage(passage: int, first: int, body: int, end: int, window: int, short: int) -> tuple[int, int]:
    """Where a passage of a text begins and ends: the first holds the title, and a short last one is made longer."""
    start = body + passage * window
    stop = min(start + window, end)
    if passage == 0:
        return first, stop
    return (max(end - window, body) if stop - start < short else start), stop


@_jit
def _mention(
    stream: NDArray[np.int32], start: int, stop: int, numbers: NDArray[np.int32], found: NDArray[np.bool_]
) -> None:
    """Tell which terms, but those of -1, stand between two places."""
    for place in range(start, stop):
        for one in range(len(numbers)):
            found[one] |= numbers[one] >= 0 and stream[place] == numbers[one]


@_jit
def fuse(
    rows: NDArray[np.int32],
    found: NDArray[np.float32],
    latent: NDArray[np.float32],
    standings: NDArray[np.float32],
    weights: NDArray[np.float32],
    most: float,
    ranks: NDArray[np.int32],
    need: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    order = np.empty(need, dtype=np.int32)
    scores, words = np.empty(need, dtype=np.float32), np.empty(need, dtype=np.float32)
    own, kept = np.empty(len(rows), dtype=np.int32), 0
    for number in range(len(rows)):
        own[number] = ranks[rows[number]]
        total = (
            found[number, 0]
            + weights[0] * latent[number]
            + weights[1] * found[number, 4]
            + weights[3] * max(found[number, 2], found[number, 3])
            + weights[4] * found[number, 1]
            + weights[5] * found[number, 2]
        ) / np.float32(most)
        total *= np.float32(1.0) + weights[6] * standings[rows[number]]
        total = min(max(total, np.float32(0.0)), np.float32(1.0))
        if kept < need or total >= scores[0]:
            kept = _keep(scores, order, own, kept, need, total, number)
    _unheap(scores, order, own, kept)
    for place in range(kept):
        words[place] = found[order[place], 0]
    return rows[order[:kept]], scores[:kept], words[:kept]


@_jit
def rerank(
    rows: NDArray[np.int32],
    numbers: NDArray[np.int32],
    units: NDArray[np.float32],
    full: float,
    term_ptr: NDArray[np.int64],
    bit_of: NDArray[np.int32],
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    fields: NDArray[np.uint8],
    bits: NDArray[np.uint64],
    stream: NDArray[np.int32],
    pointers: NDArray[np.int64],
    field_ends: NDArray[np.int64],
    titles: NDArray[np.int8],
    title_scales: NDArray[np.float32],
    notes: NDArray[np.int8],
    note_scales: NDArray[np.float32],
    passages: NDArray[np.int8],
    passage_scales: NDArray[np.float32],
    passage_ptr: NDArray[np.int64],
    query: NDArray[np.float32],
    latents: NDArray[np.int8],
    latent_scales: NDArray[np.float32],
    latent_query: NDArray[np.float32],
    standings: NDArray[np.float32],
    weights: NDArray[np.float32],
    most: float,
    ranks: NDArray[np.int32],
    window: int,
    short: int,
    lead: int,
    need: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], NDArray[np.int32]]:
    count = len(numbers)
    starts, ends = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    shares = np.empty(count, dtype=np.float32)
    for one in range(count):
        starts[one], ends[one] = term_ptr[numbers[one]], term_ptr[numbers[one] + 1]
        shares[one] = units[one] * np.float32(full)
    latent = np.zeros(len(rows), dtype=np.float32)
    if len(latent_query) > 0 and len(latent_scales) > 0:
        dots(latents, latent_scales, rows, latent_query, latent)
    found, best_passages = np.empty((len(rows), 5), dtype=np.float32), np.empty(len(rows), dtype=np.int32)
    features(
        rows, docs, impacts, fields, bits, starts, ends, bit_of[numbers], numbers, units, shares, stream, pointers,
        field_ends, titles, title_scales, notes, note_scales, passages, passage_scales, passage_ptr, query, latent,
        standings, weights, window, short, lead, need, found, best_passages,
    )  # fmt: skip
    kept, scores, words = fuse(rows, found, latent, standings, weights, most, ranks, need)
    alone, size = np.empty(len(rows), dtype=np.int32), 0
    for number in range(len(rows)):
        if found[number, 0] == 0:
            alone[size] = rows[number]
            size += 1
    return kept, scores, words, alone[:size]


@_jit
def _keep_score(heap: NDArray[np.float32], kept: int, limit: int, score: Any) -> int:
    """Offer a score to a heap, lowest first, of the best ``limit``; returns its size."""
    if kept < limit:
        here = kept
        while here > 0 and score < heap[(here - 1) >> 1]:
            heap[here] = heap[(here - 1) >> 1]
            here = (here - 1) >> 1
        heap[here] = score
        return kept + 1
    if score > heap[0]:
        here = 0
        while 2 * here + 1 < kept:
            child = 2 * here + 1
            if child + 1 < kept and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= score:
                break
            heap[here] = heap[child]
            here = child
        heap[here] = score
    return kept


@_jit
def _share_at(
    stream: NDArray[np.int32],
    start: int,
    end: int,
    wanted: NDArray[np.int32],
    shares: NDArray[np.float32],
    held: int,
    bloom: Any,
) -> np.float32:
    """The shares of the terms wanted that stand between two places; ``bloom`` has a bit for each of them."""
    total = np.float32(0.0)
    seen = np.uint64(0)
    for place in range(start, end):
        token = stream[place]
        if (bloom >> np.uint64(token & 63)) & np.uint64(1):
            for one in range(held):
                bit = np.uint64(1) << np.uint64(one)
                if token == wanted[one] and not seen & bit:
                    seen |= bit
                    total += shares[one]
    return total


@_jit
def _places_of(numbers: NDArray[np.int32]) -> NDArray[np.uint16]:
    """For each term up to the highest of some, its place among them plus 1, or 0; last, the 0 of all higher ones.

    Nearly all the terms of a document are not asked, and which are is anybody's guess: a table has no branch. More
    than 65,535 terms are not told apart from none.
    """
    highest = np.int32(0)
    for number in numbers:
        highest = max(highest, number)
    found = np.zeros(highest + 2, dtype=np.uint16)
    for place in range(min(len(numbers), _MOST_PLACES)):
        if numbers[place] >= 0:
            found[numbers[place]] = place + 1
    return found


@_jit
def _fetch_run(values: Any, start: int, end: int) -> None:
    """Ask for the memory of some values that follow one another."""
    for line in range(((end - start) * values.itemsize + 63) >> 6):
        fetch(values, start, line)


@_jit
def _made_unit(vector: NDArray[np.float32]) -> None:
    """Give a vector the length 1; zeros stay so."""
    length = np.float32(0.0)
    for one in range(len(vector)):
        length += vector[one] * vector[one]
    if length > 0:
        scale = np.float32(1.0) / np.sqrt(length)
        for one in range(len(vector)):
            vector[one] *= scale


@_jit
def described(
    row: int,
    row_ptr: NDArray[np.int64],
    row_terms: NDArray[np.int32],
    row_impacts: NDArray[np.uint8],
    idf: NDArray[np.float32],
    term_vectors: NDArray[np.int32],
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    mean: NDArray[np.float32],
    latents: NDArray[np.int8],
    topics: int,
) -> tuple[
    NDArray[np.int32],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.int64],
    NDArray[np.float32],
    NDArray[np.float32],
]:
    first, count = row_ptr[row], row_ptr[row + 1] - row_ptr[row]
    numbers, word_rows = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int64)
    weights, idfs = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.float32)
    for one in range(count):
        term = row_terms[first + one]
        numbers[one], word_rows[one], idfs[one] = term, term_vectors[term], idf[term]
        weights[one] = idf[term] * np.float32(row_impacts[first + one])
    _made_unit(weights)
    vector = np.empty(len(mean) if scales[row] > 0 else 0, dtype=np.float32)
    for one in range(len(vector)):
        vector[one] = np.float32(codes[row, one]) * scales[row] - mean[one]
    _made_unit(vector)
    about = np.zeros(latents.shape[1], dtype=np.float32)
    for one in range(min(topics, len(about))):
        about[one] = np.float32(latents[row, one])
    _made_unit(about)
    return numbers, weights, idfs, word_rows, vector, about


@_jit
def compare(
    rows: NDArray[np.int32],
    row_ptr: NDArray[np.int64],
    row_terms: NDArray[np.int32],
    row_impacts: NDArray[np.uint8],
    norms: NDArray[np.float32],
    idf: NDArray[np.float32],
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    centred: NDArray[np.float32],
    latents: NDArray[np.int8],
    topic_scales: NDArray[np.float32],
    numbers: NDArray[np.int32],
    weights: NDArray[np.float32],
    of_terms: float,
    vector: NDArray[np.float32],
    mean: NDArray[np.float32],
    of_vectors: float,
    topics: NDArray[np.float32],
    of_topics: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    totals = np.empty(len(rows), dtype=np.float32)
    by_terms, by_meaning = np.empty(len(rows), dtype=np.float32), np.empty(len(rows), dtype=np.float32)
    places = _places_of(numbers)
    last = np.uint32(len(places) - 1)
    values = np.zeros(len(numbers) + 1, dtype=np.float32)
    for one in range(len(numbers)):
        if numbers[one] >= 0:
            values[one + 1] = weights[one] * idf[numbers[one]] * np.float32(of_terms)
    shorts, unit = _shorts(vector)
    topic_shorts, topic_unit = _shorts(topics)
    offset = np.float32(0.0)
    for one in range(len(vector)):
        offset += mean[one] * vector[one]
    for number in range(len(rows)):
        if number + 2 * _AHEAD < len(rows):
            row = rows[number + 2 * _AHEAD]
            fetch(row_ptr, row, 0)
            fetch(norms, row, 0)
            fetch(scales, row, 0)
            fetch(centred, row, 0)
            if len(topic_scales) > 0:
                fetch(topic_scales, row, 0)
                fetch(latents, row, 0)
        if number + _AHEAD < len(rows):
            row = rows[number + _AHEAD]
            _fetch_run(row_terms, row_ptr[row], row_ptr[row + 1])
            _fetch_run(row_impacts, row_ptr[row], row_ptr[row + 1])
            for line in range((len(vector) + 63) >> 6):
                fetch(codes, row, line)
        row = rows[number]
        total, meaning = np.float32(0.0), np.float32(0.0)
        terms = row_terms[row_ptr[row] : row_ptr[row + 1]]
        impacts = row_impacts[row_ptr[row] : row_ptr[row + 1]]
        for place in range(len(terms)):
            total += values[places[min(np.uint32(terms[place]), last)]] * np.float32(impacts[place])
        if len(vector) > 0:
            near = np.float32(_dot(codes, row, shorts)) * unit * scales[row]
            meaning = (near - offset) * centred[row] * np.float32(of_vectors)
        if len(topics) > 0 and len(topic_scales) > 0:
            near = np.float32(_dot(latents, row, topic_shorts)) * topic_unit * topic_scales[row]
            meaning += near * np.float32(of_topics)
        by_terms[number], by_meaning[number] = total * norms[row], meaning
        totals[number] = min(max(by_terms[number] + meaning, np.float32(0.0)), np.float32(1.0))
    return totals, by_terms, by_meaning


@_jit
def bring(
    rows: NDArray[np.int32],
    row_ptr: NDArray[np.int64],
    row_terms: NDArray[np.int32],
    row_impacts: NDArray[np.uint8],
    idf: NDArray[np.float32],
    numbers: NDArray[np.int32],
    weights: NDArray[np.float32],
    by_terms: NDArray[np.float32],
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    mean: NDArray[np.float32],
    table: NDArray[np.float32],
    word_rows: NDArray[np.int64],
    by_meaning: NDArray[np.float32],
    found: NDArray[np.float32],
) -> None:
    places = _places_of(numbers)
    last = np.uint32(len(places) - 1)
    document, near = np.empty(len(mean), dtype=np.float32), np.empty(len(word_rows), dtype=np.float32)
    for one in range(len(rows)):
        row, total = rows[one], np.float32(0.0)
        for place in range(row_ptr[row], row_ptr[row + 1]):
            term = row_terms[place]
            asked = np.int64(places[min(np.uint32(term), last)]) - 1
            if asked >= 0:
                found[one, asked] = weights[asked] * idf[term] * np.float32(row_impacts[place])
                total += found[one, asked]
        factor = by_terms[one] / total if total > 0 else np.float32(0.0)
        for place in range(len(weights)):
            found[one, place] *= factor
        if len(mean) == 0 or by_meaning[one] <= 0:
            continue
        for at in range(len(mean)):
            document[at] = np.float32(codes[row, at]) * scales[row] - mean[at]
        total = np.float32(0.0)
        for place in range(len(word_rows)):
            near[place] = np.float32(0.0)
            if word_rows[place] >= 0:
                near[place] = max(_product(table, word_rows[place], document), np.float32(0.0)) * weights[place]
                total += near[place]
        factor = by_meaning[one] / total if total > 0 else np.float32(0.0)
        for place in range(len(word_rows)):
            found[one, place] += near[place] * factor


@_jit
def nearby(
    numbers: NDArray[np.int32],
    weights: NDArray[np.float32],
    idfs: NDArray[np.float32],
    most_keys: int,
    full: float,
    depth: int,
    most_by_terms: int,
    docs: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    pointers: NDArray[np.int64],
    term_bars: NDArray[np.uint16],
    bit_of: NDArray[np.int32],
    bits: NDArray[np.uint64],
    allowed: NDArray[np.bool_],
    dead: NDArray[np.int32],
    ranks: NDArray[np.int32],
    centroids: NDArray[np.int8],
    centroid_scales: NDArray[np.float32],
    count: int,
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    members: NDArray[np.int32],
    cluster_ptr: NDArray[np.int64],
    vector: NDArray[np.float32],
    most_by_vectors: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    keys, units = _telling(numbers, weights, idfs, most_keys, full)
    nobody = np.zeros(0, dtype=np.bool_)
    first, scores, _ = find(
        keys, units, depth, most_by_terms, docs, impacts, pointers, term_bars, bit_of, bits, allowed, dead, ranks,
        nobody, False,
    )  # fmt: skip
    second, close, both = nearest(
        centroids, centroid_scales, count, codes, scales, members, cluster_ptr, allowed, ranks, vector, 0.0,
        most_by_vectors, first,
    )  # fmt: skip
    return first, scores, second, close, both


@_jit
def _telling(
    numbers: NDArray[np.int32],
    weights: NDArray[np.float32],
    idfs: NDArray[np.float32],
    most: int,
    full: float,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The terms asked that weigh most, those that are there, and what a unit of the impact of each is worth."""
    order, kept = np.empty(most, dtype=np.int64), 0
    for one in range(len(weights)):
        at = min(kept, most)
        while at > 0 and weights[order[at - 1]] < weights[one]:
            if at < most:
                order[at] = order[at - 1]
            at -= 1
        if at < most:
            order[at] = one
            kept = min(kept + 1, most)
    total, size = np.float32(0.0), 0
    for at in range(kept):
        total += weights[order[at]] * idfs[order[at]]
    keys, units = np.empty(kept, dtype=np.int32), np.empty(kept, dtype=np.float32)
    for at in range(kept):
        worth = weights[order[at]] * idfs[order[at]]
        if worth > 0 and numbers[order[at]] >= 0:
            keys[size], units[size] = numbers[order[at]], worth / (total * np.float32(full))
            size += 1
    return keys[:size], units[:size]


@_jit
def closest(
    rows: NDArray[np.int32],
    totals: NDArray[np.float32],
    by_terms: NDArray[np.float32],
    without: int,
    floor: float,
    limit: int,
    ranks: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    size = min(limit, len(rows))
    scores, order = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.int32)
    own, kept = np.empty(len(rows), dtype=np.int32), 0
    for number in range(len(rows)):
        own[number] = ranks[rows[number]]
        if size > 0 and rows[number] != without and totals[number] >= np.float32(floor):
            kept = _keep(scores, order, own, kept, size, totals[number], number)
    _unheap(scores, order, own, kept)
    return rows[order[:kept]], scores[:kept], by_terms[order[:kept]]


@_jit
def explain(
    rows: NDArray[np.int32],
    owners: NDArray[np.int64],
    worths: NDArray[np.float32],
    row_ptr: NDArray[np.int64],
    row_terms: NDArray[np.int32],
    row_impacts: NDArray[np.uint8],
    idf: NDArray[np.float32],
    numbers: NDArray[np.int32],
    weights: NDArray[np.float32],
    by_terms: NDArray[np.float32],
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    mean: NDArray[np.float32],
    table: NDArray[np.float32],
    word_rows: NDArray[np.int64],
    by_meaning: NDArray[np.float32],
    totals: NDArray[np.float32],
) -> None:
    found = np.zeros((len(rows), totals.shape[1]), dtype=np.float32)
    bring(
        rows, row_ptr, row_terms, row_impacts, idf, numbers, weights, by_terms, codes, scales, mean, table, word_rows,
        by_meaning, found,
    )  # fmt: skip
    for one in range(len(rows)):
        total = np.float32(0.0)
        for place in range(found.shape[1]):
            total += found[one, place]
        factor = worths[one] / total if total > 0 else np.float32(0.0)
        for place in range(found.shape[1]):
            totals[owners[one], place] += found[one, place] * factor


@_jit
def shares(
    values: NDArray[np.float32], order: NDArray[np.int64], found: NDArray[np.float64], counts: NDArray[np.int64]
) -> None:
    limit = order.shape[1]
    for one in range(len(values)):
        total, kept = 0.0, 0
        counts[one] = 0
        for place in range(values.shape[1]):
            value = np.float64(values[one, place])
            if value > 0:
                total += value
                counts[one] += 1
                at = min(kept, limit)
                while at > 0 and found[one, at - 1] < value:
                    if at < limit:
                        found[one, at], order[one, at] = found[one, at - 1], order[one, at - 1]
                    at -= 1
                if at < limit:
                    found[one, at], order[one, at] = value, place
                    kept = min(kept + 1, limit)
        for at in range(kept):
            found[one, at] /= total


@_jit
def originals(
    rows: NDArray[np.int32],
    row_ptr: NDArray[np.int64],
    row_terms: NDArray[np.int32],
    row_impacts: NDArray[np.uint8],
    weights: NDArray[np.float32],
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    bar: float,
    limit: int,
) -> NDArray[np.int64]:
    found, kept, count = np.full(len(rows), -1, dtype=np.int64), np.empty(limit, dtype=np.int64), 0
    shorts = np.empty(codes.shape[1], dtype=np.int16)
    for row in rows:
        for line in range((len(shorts) + 63) >> 6):
            fetch(codes, row, line)
    for one in range(len(rows)):
        start, end, own = row_ptr[rows[one]], row_ptr[rows[one] + 1], np.float32(-1.0)
        for at in range(len(shorts)):
            shorts[at] = codes[rows[one], at]
        for number in range(count):
            other = rows[kept[number]]
            if len(shorts) > 0:
                near = np.float32(_dot(codes, other, shorts)) * scales[rows[one]] * scales[other]
                if near < bar:
                    continue
            if own < 0:  # few come here: comparing word by word is long
                places = _places_of(row_terms[start:end])
                last = np.uint32(len(places) - 1)
                own = np.float32(0.0)
                for place in range(start, end):
                    worth = weights[row_terms[place]] * np.float32(row_impacts[place])
                    own += worth * worth
            common, length = np.float32(0.0), np.float32(0.0)
            for place in range(row_ptr[other], row_ptr[other + 1]):
                term = row_terms[place]
                worth = weights[term] * np.float32(row_impacts[place])
                length += worth * worth
                asked = np.int64(places[min(np.uint32(term), last)]) - 1
                if asked >= 0:
                    common += worth * weights[term] * np.float32(row_impacts[start + asked])
            if common >= np.float32(bar) * np.sqrt(max(own * length, _LEAST)):
                found[one] = kept[number]
                break
        if found[one] < 0 and count < limit:
            found[one] = kept[count] = one
            count += 1
    return found


@_jit
def linked(
    rows: NDArray[np.int32],
    standings: NDArray[np.float32],
    of_standing: float,
    fresh: NDArray[np.float32],
    link_ptr: NDArray[np.int64],
    link_entities: NDArray[np.int32],
    link_groups: NDArray[np.uint8],
    link_weights: NDArray[np.float32],
    names: NDArray[np.int64],
    away: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], NDArray[np.float32]]:
    size = 0
    for row in rows:
        fetch(link_ptr, row, 0)
        fetch(standings, row, 0)
    for row in rows:
        size += link_ptr[row + 1] - link_ptr[row]
        fetch(link_entities, link_ptr[row], 0)
        fetch(link_groups, link_ptr[row], 0)
        fetch(link_weights, link_ptr[row], 0)
    documents, known = np.empty(len(rows), dtype=np.int32), 0
    places, entities = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    groups, weights = np.empty(size, dtype=np.uint8), np.empty(size, dtype=np.float32)
    count = 0
    for number in range(len(rows)):
        before, worth = count, np.float32(1.0) + np.float32(of_standing) * standings[rows[number]]
        if len(fresh) > 0:
            worth *= fresh[number]
        for link in range(link_ptr[rows[number]], link_ptr[rows[number] + 1]):
            entity, left_out = link_entities[link], False
            for one in away:
                left_out |= one == entity
            if not left_out:
                places[count], entities[count], groups[count] = known, names[entity], link_groups[link]
                weights[count] = link_weights[link] * worth
                count += 1
        if count > before:
            documents[known] = rows[number]
            known += 1
    return documents[:known], places[:count], entities[:count], groups[:count], weights[:count]


@_jit
def heard(
    places: NDArray[np.int64],
    entities: NDArray[np.int64],
    groups: NDArray[np.uint8],
    weights: NDArray[np.float32],
    totals: NDArray[np.float32],
    each: int,
    most: int,
) -> NDArray[np.float32]:
    firsts = np.zeros(len(totals) + 1, dtype=np.int64)
    speakers = np.int64(0)
    for link in range(len(places)):
        firsts[places[link] + 1] = link + 1
        speakers = max(speakers, entities[link] + 1)
    spoke, speaking, bar = np.zeros((speakers, 2), dtype=np.int64), 0, np.float32(0.0)
    for place in np.argsort(-totals, kind="mergesort"):
        new = False
        for link in range(firsts[place], firsts[place + 1]):
            new |= spoke[entities[link], groups[link]] < each
            spoke[entities[link], groups[link]] += 1
        speaking += new
        if speaking == most:
            bar = totals[place]
            break
    values = np.empty(len(places), dtype=np.float32)
    for link in range(len(places)):
        total = totals[places[link]]
        values[link] = total * weights[link] if total >= bar else np.float32(0.0)
    return values


@_jit
def proposed(
    entities: NDArray[np.int64],
    groups: NDArray[np.uint8],
    values: NDArray[np.float32],
    group: int,
    floor: float,
    discounts: NDArray[np.float64],
    limit: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    size = 16
    while size < 2 * len(entities):
        size *= 2
    keys, depth, known = np.full(size, -1, dtype=np.int64), len(discounts), 0
    slots = np.empty(len(entities), dtype=np.int64)
    links = np.full((len(entities), depth), -1, dtype=np.int64)
    worths = np.zeros((len(entities), depth), dtype=np.float64)
    found = np.empty(len(entities), dtype=np.int64)
    for link in range(len(entities)):
        if groups[link] != group or values[link] < np.float32(floor):
            continue
        slot = (np.uint64(entities[link]) * np.uint64(_GOLDEN) >> np.uint64(7)) & np.uint64(size - 1)
        while keys[slot] >= 0 and found[keys[slot]] != entities[link]:
            slot = (slot + np.uint64(1)) & np.uint64(size - 1)
        if keys[slot] < 0:
            keys[slot], found[known] = known, entities[link]
            known += 1
        best, at = links[keys[slot]], depth
        while at > 0 and (best[at - 1] < 0 or values[best[at - 1]] < values[link]):
            at -= 1
            if at + 1 < depth:
                best[at + 1] = best[at]
        if at < depth:
            best[at] = link
    totals = np.zeros(known, dtype=np.float64)
    for one in range(known):
        for at in range(depth):
            if links[one, at] >= 0:
                worths[one, at] = np.float64(values[links[one, at]]) * discounts[at]
                totals[one] += worths[one, at]
    bar = np.sort(totals)[known - limit] if 0 < limit < known else 0.0
    kept = 0
    for one in range(known):
        if limit > 0 and totals[one] > 0 and totals[one] >= bar:
            slots[kept] = one
            kept += 1
    some = slots[:kept]
    return found[some], totals[some], links[some], worths[some]
