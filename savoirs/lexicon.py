"""The words the analyser is made of, kept in the database line by line, comments and all: people edit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from indexer.language import Language, LanguageError
from savoirs.errors import SavoirsError
from savoirs.models import LexiconLine

FILES = ("stopwords", "families", "synonyms")
"""The language files, without their ``.txt``."""


def language(session: Session) -> Language:
    """The language of this database; an empty one when nothing was loaded. One query.

    Raises:
        SavoirsError: ``bad_lexicon`` (``file``, ``line``, ``problem``).
    """
    return parse(texts(session))


def read_language(directory: Path) -> Language:
    """The language written in a folder; a file that is missing is empty.

    Args:
        directory: The folder of ``stopwords.txt``, ``families.txt`` and ``synonyms.txt``.

    Raises:
        SavoirsError: ``bad_lexicon`` (``file``, ``line``, ``problem``).
    """
    paths = {name: directory / f"{name}.txt" for name in FILES}
    return parse({name: path.read_text("utf-8") for name, path in paths.items() if path.is_file()})


def parse(texts: Mapping[str, str]) -> Language:
    """Read the texts of the files, by name.

    Raises:
        SavoirsError: ``bad_lexicon`` (``file``, ``line``, ``problem``: ``several_words``, ``lone_word``,
            ``no_separator`` or ``two_families``).
    """
    try:
        return Language.parse(*(texts.get(name, "") for name in FILES))
    except LanguageError as error:
        raise SavoirsError("bad_lexicon", file=error.file, line=error.line, problem=error.problem) from error


def texts(session: Session) -> dict[str, str]:
    """The texts of the language files in this database, by name, each line ended. One query."""
    rows = session.execute(select(LexiconLine.file, LexiconLine.text).order_by(LexiconLine.file, LexiconLine.position))
    found: dict[str, str] = {}
    for file, text in rows:
        found[file] = found.get(file, "") + text + "\n"
    return found


def replace(session: Session, file: str, lines: Sequence[str]) -> None:
    """Put these lines in the place of a file's, as they are: the caller has parsed them.

    Args:
        session: The session of a transaction.
        file: One of ``FILES``.
        lines: Its lines, without their ends.
    """
    session.execute(delete(LexiconLine).where(LexiconLine.file == file))
    rows = [{"file": file, "position": position, "text": text} for position, text in enumerate(lines, start=1)]
    if rows:
        session.execute(insert(LexiconLine), rows)
