"""``python -m indexer.kernels`` compiles the inner loops once, so that no process waits for them later."""

from __future__ import annotations

from indexer import kernels

if __name__ == "__main__":
    kernels.prepare(wait=True)
