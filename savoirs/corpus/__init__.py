"""The corpus folder and the records, lossless both ways.

A file becomes a ``Record`` (reading), is checked (schema, checking), then kept (shelves); the way back goes from the
shelves to records (exporting), then to files (writing).
"""

from savoirs.corpus.exporting import ExportReport, export
from savoirs.corpus.loading import Counts, LoadReport, load
from savoirs.corpus.problems import Problem
from savoirs.corpus.writing import canonicalise

__all__ = ["Counts", "ExportReport", "LoadReport", "Problem", "canonicalise", "export", "load"]
