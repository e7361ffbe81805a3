"""Measuring our engine beside others: the same invented notes, the same questions, one process, turn by turn."""
