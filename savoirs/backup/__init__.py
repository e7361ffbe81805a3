"""One file that has everything an installation needs to live again, and the way back from it."""

from savoirs.backup.creating import create
from savoirs.backup.restoring import restore

__all__ = ["create", "restore"]
