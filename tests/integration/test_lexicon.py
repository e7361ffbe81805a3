"""The language in the database: line by line, comments and all."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from indexer.language import Language
from savoirs import lexicon
from savoirs.errors import SavoirsError


def test_a_new_database_has_an_empty_language(session: Session) -> None:
    """No file, no words, no error."""
    assert lexicon.language(session) == Language()


def test_the_language_of_the_database_is_that_of_the_files(session: Session, tmp_path: Path) -> None:
    """The same lines give the same language, from either side."""
    (tmp_path / "stopwords.txt").write_text("# outils\nle\nla\n", "utf-8")
    (tmp_path / "families.txt").write_text("bénévole, bénévolat\n", "utf-8")
    for name in ("stopwords", "families"):
        lexicon.replace(session, name, (tmp_path / f"{name}.txt").read_text("utf-8").splitlines())
    assert lexicon.language(session) == lexicon.read_language(tmp_path)
    assert lexicon.language(session).stopwords == {"le", "la"}
    assert lexicon.texts(session)["stopwords"] == "# outils\nle\nla\n"


def test_replacing_a_file_forgets_its_former_lines(session: Session) -> None:
    """A shorter file leaves nothing behind."""
    lexicon.replace(session, "stopwords", ["le", "la", "les"])
    lexicon.replace(session, "stopwords", ["un"])
    assert lexicon.texts(session) == {"stopwords": "un\n"}


def test_a_line_that_cannot_be_read_says_its_file_and_number(tmp_path: Path) -> None:
    """The person who edits the file knows where to look."""
    (tmp_path / "synonyms.txt").write_text("CA = conseil\nrien\n", "utf-8")
    with pytest.raises(SavoirsError) as raised:
        lexicon.read_language(tmp_path)
    assert raised.value.params == {"file": "synonyms", "line": 2, "problem": "no_separator"}
