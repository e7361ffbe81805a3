"""Many short texts as two arrays, their bytes and where each ends: mapped from a file, or made in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from indexer import kernels

Array = TypeVar("Array", bound=NDArray[Any])


def frozen(array: Array) -> Array:
    """The same array, not to be written to: loops are compiled for one kind, and most are mapped from files."""
    view = array.view()
    view.flags.writeable = False
    return view


_IN_ORDER = frozen(np.zeros(0, dtype=np.int32))


class Texts(Sequence[str]):
    """A sequence of texts, decoded one by one when asked for.

    Args:
        data: UTF-8 bytes of all, uint8, shape (B,).
        ends: Where each text ends, int64, shape (n,); it begins where the one before ends.
    """

    __slots__ = ("_bytes", "_ends", "_frozen", "_lengths", "data", "ends")

    def __init__(self, data: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self.data = data
        self.ends = ends
        self._bytes: bytes | memoryview = np.ascontiguousarray(
            data
        ).data  # several times as quick as arrays, one by one
        self._ends = np.ascontiguousarray(ends).data
        self._frozen = frozen(data), frozen(ends)
        self._lengths: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        """Texts in memory."""
        encoded = [text.encode() for text in texts]
        ends = np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)), dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    @classmethod
    def together(cls, several: Sequence[Texts]) -> Texts:
        """Texts one after the other."""
        starts = np.cumsum([0, *(len(one.data) for one in several)])
        ends = [one.ends + start for one, start in zip(several, starts, strict=False)]
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            np.concatenate([np.zeros(0, dtype=np.uint8), *(one.data for one in several)]),
            np.concatenate([nothing, *ends]).astype(np.int64),
        )

    def kept(self, mask: NDArray[np.bool_]) -> Texts:
        """Those of a mask, shape (n,), in order."""
        lengths = np.diff(self.ends, prepend=0)
        return Texts(self.data[np.repeat(mask, lengths)], np.cumsum(lengths[mask], dtype=np.int64))

    def loaded(self) -> Texts:
        """The same with their bytes in memory, a little quicker to read one by one."""
        found = Texts(self.data, self.ends)
        found._bytes = self.data.tobytes()
        return found

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self.ends)))]
        if place < 0:
            place += len(self.ends)
        return str(self._bytes[self._ends[place - 1] if place else 0 : self._ends[place]], "utf-8")

    def some(self, places: Iterable[int]) -> list[str]:
        """The texts of some places, 0 or more, in the order asked."""
        whole, ends = self._bytes, self._ends
        if isinstance(whole, bytes):
            return [whole[ends[place - 1] if place else 0 : ends[place]].decode() for place in places]
        return [str(whole[ends[place - 1] if place else 0 : ends[place]], "utf-8") for place in places]

    def lines(self, places: NDArray[np.int64]) -> list[str]:
        """The texts of many places, decoded at once: none may hold a line feed."""
        if not len(self.data):
            return [""] * len(places)
        ends = self.ends[places]
        starts = np.where(places > 0, self.ends[places - 1], 0)
        behind = np.cumsum(ends - starts + 1)  # where each ends among them, its line feed included
        taken = np.arange(behind[-1] if len(behind) else 0) + np.repeat(ends - behind + 1, ends - starts + 1)
        taken[behind - 1] = 0  # beyond the last text there is nothing to take
        joined = self.data[taken]
        joined[behind - 1] = ord("\n")
        return str(joined.tobytes(), "utf-8").split("\n")[:-1]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many characters each has, shape (n,)."""
        if self._lengths is None:
            begun = np.cumsum((self.data & 0xC0) != 0x80, dtype=np.int64)  # bytes, but those that go on with a letter
            self._lengths = np.diff(np.concatenate([[0], begun])[self.ends], prepend=0)
        return self._lengths

    def __iter__(self) -> Iterator[str]:
        return iter(self.decoded())

    def decoded(self) -> list[str]:
        """All of them, decoded at once."""
        whole = self.data.tobytes()
        ends = self.ends.tolist()
        return [whole[start:end].decode() for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []

    def places_of(self, others: Texts) -> NDArray[np.int64]:
        """The place here of each of some other texts, -1 for none, shape (len(others),).

        Both are in code point order, each text once.
        """
        found = np.empty(len(others), dtype=np.int64)
        kernels.loops().places(*self._frozen, *others._frozen, found)
        return found

    def find(self, text: str, order: NDArray[np.int32] | None = None) -> int:
        """The place of a text, -1 when it is not there.

        Args:
            text: What to look for.
            order: The places in code point order; None when the texts are kept in it.
        """
        wanted = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        return int(kernels.loops().text_place(*self._frozen, _IN_ORDER if order is None else order, wanted))
