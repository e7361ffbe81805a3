"""What a process that only opens the index and answers needs: time to open, and memory.

It runs alone (``python -m web.bench.child``), reads one JSON object on its standard input and writes one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Still:
    """A feed where nothing changes any more."""

    seq: int

    def last_seq(self) -> int:
        """The number of the change that the index is at."""
        return self.seq

    def updates(self, after: int, upto: int) -> Sequence[Any]:  # noqa: ARG002  (the protocol's signature)
        """Nothing."""
        return ()

    def snapshot(self) -> tuple[int, Iterator[Any]]:
        """There is none: an index that wants it was not the one to measure."""
        raise RuntimeError("the index would be written again")


def opened(directory: Path, seq: int, texts: Sequence[str]) -> dict[str, Any]:
    """Open an index in a new process, which answers searches as a page asks them.

    Returns:
        ``imports_ms``, ``open_ms``, ``first_query_ms``, ``loops_ms`` (loading compiled loops, which a server does
        while it answers without them) and, where the engine says it, ``checksum_ms``, on the wall; ``anonymous_mb`` and
        ``file_mb`` at the end, ``imported_mb`` and ``loops_mb``, anonymous memory before the index is opened and what
        compiled loops add to it; ``sklearn`` and ``numba``, whether they were imported.
    """
    asked = json.dumps({"directory": str(directory), "seq": seq, "texts": list(texts)})
    ran = subprocess.run(
        [sys.executable, "-m", "web.bench.child"], input=asked, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(f"the child process failed: {ran.stderr.strip().splitlines()[-1:]}")
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    began = time.perf_counter()
    from indexer import kernels  # noqa: PLC0415
    from indexer.engine import Request  # noqa: PLC0415  (its time is counted)
    from savoirs import lexicon  # noqa: PLC0415
    from savoirs.config import Settings  # noqa: PLC0415
    from web.wiring import build_engine  # noqa: PLC0415

    language = lexicon.read_language(Settings.load().corpus_dir / "language")
    import_module("indexer.embedded")  # which wiring leaves for later
    imported, memory = time.perf_counter(), memory_mb("RssAnon")
    vectors = Settings.load().vectors_dir
    engine = build_engine("embedded", Path(asked["directory"]), language, vectors=vectors)
    engine.catch_up(Still(asked["seq"]))
    ready = time.perf_counter()
    found = [engine.search(Request(text=text)).total for text in asked["texts"][:1]]
    first, before = time.perf_counter(), memory_mb("RssAnon")
    kernels.prepare(wait=True)
    loops, loops_mb = time.perf_counter(), memory_mb("RssAnon") - before
    found += [engine.search(Request(text=text)).total for text in asked["texts"][1:]]
    return {
        "imports_ms": 1e3 * (imported - began),
        "open_ms": 1e3 * (ready - imported),
        "first_query_ms": 1e3 * (first - ready),
        "loops_ms": 1e3 * (loops - first),
        **_timings(engine),
        "anonymous_mb": memory_mb("RssAnon"),
        "file_mb": memory_mb("RssFile"),
        "imported_mb": memory,
        "loops_mb": loops_mb,
        "sklearn": "sklearn" in sys.modules,
        "numba": "numba" in sys.modules,
        "answered": sum(map(bool, found)),
    }


def _timings(engine: Any) -> dict[str, float]:
    """What the engine itself says opening took, part by part: ``timings``, a mapping of names to milliseconds."""
    return {f"{name}_ms": float(value) for name, value in (getattr(engine, "timings", None) or {}).items()}


def memory_mb(name: str) -> float:
    """A line of this process's status, in megabytes; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)


if __name__ == "__main__":
    print(json.dumps(_answer(json.load(sys.stdin))))
