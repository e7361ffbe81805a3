"""Retrieval: text → terms → matrices → ranked ids with reasons. Knows no SQL, no HTTP, nothing of ``savoirs``."""
