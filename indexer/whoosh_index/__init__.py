"""The classical engine: the same protocol over an on-disk Whoosh index.

It is the oracle of the conformance suite, the baseline of the bench, and ``engine = "whoosh"`` for who prefers it.
Clear rather than fast: each leaf of a query is a walk along Whoosh's postings, and the rest is set operations.
"""

from indexer.whoosh_index.engine import WhooshEngine

__all__ = ["WhooshEngine"]
