"""Taking times so that they can be compared: one process, turn by turn, warm, without the garbage collector."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from indexer.engine import Document

WARM_UP_S = 1.0
"""How long an engine may warm up before a measure; it does one thing at least, and none twice."""


APART = 17
"""How many questions lie between those of two engines in one turn."""


@dataclass
class Times:
    """What things took, one number each: CPU time of the whole process, and time on the wall, in nanoseconds."""

    cpu_ns: list[int] = field(default_factory=list)
    wall_ns: list[int] = field(default_factory=list)

    def take(self, action: Callable[[], Any]) -> Any:
        """Do a thing once."""
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        done = action()
        self.cpu_ns.append(time.process_time_ns() - cpu)
        self.wall_ns.append(time.perf_counter_ns() - wall)
        return done

    def figures(self) -> dict[str, float]:
        """Percentiles in milliseconds; ``p50_ms`` and ``p95_ms`` are of CPU time."""
        found = {}
        for clock, values in (("cpu", self.cpu_ns), ("wall", self.wall_ns)):
            for percent, value in zip((50, 95, 99), np.percentile(values, (50, 95, 99)) / 1e6, strict=True):
                found[f"{clock}_p{percent}_ms"] = float(value)
        return {**found, "p50_ms": found["cpu_p50_ms"], "p95_ms": found["cpu_p95_ms"]}


Name = TypeVar("Name")


def interleaved(
    actions: Mapping[Name, Sequence[Callable[[], Any]]], *, warm_up_s: float = WARM_UP_S, turn: int = 1
) -> dict[Name, Times]:
    """Do some things of each, then others of each…, beginning with another each time.

    Two that share files never do the same thing one after the other: the second would find it in the caches.

    Args:
        actions: What each does, by its name; all as many.
        warm_up_s: How long each may warm up; 0 when nothing may be done twice.
        turn: How many things one does in its turn. With one, each finds the processor's caches as the others left
            them; with many, as it left them itself.

    Returns:
        The times of each, in the order they were taken.
    """
    names = list(actions)
    for name in names if warm_up_s else ():
        _warm_up(actions[name], warm_up_s)
    times = {name: Times() for name in names}
    count = min((len(own) for own in actions.values()), default=0)
    with undisturbed():
        for number, first in enumerate(range(0, count, turn)):
            for offset in range(len(names)):
                place = (number + offset) % len(names)
                for one in range(first, min(first + turn, count)):
                    times[names[place]].take(actions[names[place]][(one + APART * place) % count])
    return times


def _warm_up(actions: Sequence[Callable[[], Any]], seconds: float) -> None:
    began = time.perf_counter()
    for action in actions:
        action()
        if time.perf_counter() - began > seconds:
            return


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the garbage collector, whose pauses would fall on whoever is there."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


class Metered:
    """Notes, and the CPU time that drawing them took: it is no part of anybody's.

    Args:
        notes: The notes.
    """

    def __init__(self, notes: Iterable[Document]) -> None:
        self._notes = notes
        self.cpu_ns = 0

    def __iter__(self) -> Iterator[Document]:
        found = iter(self._notes)
        while True:
            # Of this thread only: what an engine's other threads do meanwhile is the engine's.
            began = time.thread_time_ns()
            note = next(found, None)
            self.cpu_ns += time.thread_time_ns() - began
            if note is None:
                return
            yield note
