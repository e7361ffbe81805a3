"""The jobs, in a real browser."""
