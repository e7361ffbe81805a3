"""The language files of a corpus, and the lines kept in the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from savoirs import lexicon
from savoirs.corpus.problems import FileError, Problem
from savoirs.corpus.reading import read_text
from savoirs.errors import SavoirsError

FOLDER = "language"


def read(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """The texts of the language files of a corpus, by name, and what is wrong with them."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name in lexicon.FILES:
        path = root / FOLDER / f"{name}.txt"
        if not path.is_file():
            continue
        try:
            found[name] = read_text(path)
            lexicon.parse({name: found[name]})
        except FileError as problem:
            problems.append(problem.of(f"{FOLDER}/{name}.txt"))
        except SavoirsError as error:
            line = error.params["line"]
            code = f"lexicon_{error.params['problem']}"
            problems.append(Problem(f"{FOLDER}/{name}.txt", line if isinstance(line, int) else 1, code))
    return found, problems


def store(session: Session, texts: dict[str, str]) -> tuple[str, ...]:
    """Keep the files that differ from what the database holds; their names."""
    held = lexicon.texts(session)
    changed = tuple(name for name, text in texts.items() if _ended(text) != held.get(name, ""))
    for name in changed:
        lexicon.replace(session, name, _ended(texts[name]).split("\n")[:-1])
    return changed


def export(session: Session, directory: Path) -> int:
    """Write the language files that hold something; how many."""
    texts = lexicon.texts(session)
    for name, text in texts.items():
        path = directory / FOLDER / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return len(texts)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
