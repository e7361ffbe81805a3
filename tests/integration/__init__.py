"""Parts together, over a real database."""
