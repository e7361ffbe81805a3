"""What ships in ``corpus/`` is complete, canonical, varied, and holds nobody's address."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from savoirs import lexicon
from savoirs.config import Settings
from savoirs.corpus import export, load, reading, schema
from savoirs.corpus.reading import Entry
from savoirs.corpus.records import Record
from savoirs.corpus.writing import written
from savoirs.plaintext import holds_email, holds_telephone
from savoirs.territories import DEPARTEMENTS
from tests.corpora import read_corpus

_WORD = re.compile(r"[a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
LOADED = ("sources", "themes", "organisations", "contacts", "gatherings", "frameworks", "notes")


def _corpus() -> Path:
    return Settings.load().corpus_dir


@cache
def _entries() -> tuple[Entry, ...]:
    entries, problems = reading.read(_corpus())
    assert problems == []
    return tuple(entries)


def _records(kind: str) -> list[Record]:
    return [entry.record for entry in _entries() if entry.record.kind == kind]


def _day() -> list[Record]:
    return [note for note in _records("note") if note.folder == "journee-2017"]


def _demonstration() -> list[Record]:
    return [note for note in _records("note") if note.folder.startswith("demonstration")]


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return _WORD.findall("".join(char for char in folded if not unicodedata.combining(char)))


def _prose(note: Record) -> str:
    """The text of a note without the headings that every note has."""
    lines = [line for line in note.body.split("\n") if not line.startswith("## ")]
    return "\n".join([note.front["title"], note.front.get("summary", ""), *lines])


def test_every_file_is_in_canonical_form() -> None:
    """What an export would write is what ships: differences between corpora are differences of content."""
    assert [entry.name for entry in _entries() if entry.path.read_text("utf-8") != written(entry.record)] == []


def test_the_published_schema_is_the_one_that_is_enforced() -> None:
    """``corpus/schema.json`` is what the loader checks."""
    assert (_corpus() / "schema.json").read_text("utf-8") == schema.text()


def test_the_corpus_loads_and_comes_back_to_the_byte(session: Session, tmp_path: Path) -> None:
    """All references exist, and nothing is lost between files and database."""
    load(session, _corpus())
    export(session, tmp_path / "exported")
    shipped = {
        name: content
        for name, content in read_corpus(_corpus()).items()
        if name.startswith(tuple(f"{folder}/" for folder in (*LOADED, "language"))) and not name.endswith("README.md")
    }
    exported = read_corpus(tmp_path / "exported")
    assert sorted(exported) == sorted(shipped)
    assert [name for name in shipped if shipped[name] != exported[name]] == []


def test_the_language_of_the_corpus_can_be_read() -> None:
    """Stop words, families and synonyms are all there."""
    language = lexicon.read_language(_corpus() / "language")
    assert language.stopwords
    assert language.families
    assert language.synonyms


@pytest.mark.parametrize(
    ("kind", "count"), [("principle", 1), ("practice", 3), ("tool", 9), ("indicator", 4), ("testimony", 2)]
)
def test_the_day_of_2017_has_all_its_notes(kind: str, count: int) -> None:
    """As many as its source tells."""
    assert len([note for note in _day() if note.front["kind"] == kind]) == count


def test_the_day_of_2017_has_its_programme_its_workshops_and_its_framework() -> None:
    """1 gathering, 2 aims, 7 slots, 3 workshops of which 2 announce notes, a framework of 4 sections, 2 contacts."""
    (gathering,) = _records("gathering")
    (framework,) = _records("framework")
    workshops = gathering.front["workshops"]
    assert (len(gathering.front["objectives"]), len(gathering.front["slots"]), len(workshops)) == (2, 7, 3)
    assert [workshop["full_notes"] for workshop in workshops] == ["announced", "announced", "none"]
    assert [workshop["output"] for workshop in workshops] == ["tools", "indicators", "framework"]
    assert [len(section["items"]) for section in framework.front["sections"]] == [4, 1, 2, 1]
    assert [contact.front["consent"] for contact in _records("contact")] == ["pending", "pending"]


def test_the_day_of_2017_has_no_participant_and_says_why() -> None:
    """Organisations that are named elsewhere are not counted as participants."""
    (gathering,) = _records("gathering")
    roles = {link["role"] for link in gathering.front["participations"]}
    assert "participant" not in roles
    assert "on fourni" in gathering.front["participants_note"]


def test_every_note_of_the_day_opens_its_passage() -> None:
    """Each has its lines in the source, and at least one theme."""
    for note in _day():
        assert note.front["source"]["id"] == "journee-2017", note.key
        assert note.front["source"]["lines"], note.key
        assert note.front["themes"], note.key


def test_testimonies_are_not_signed() -> None:
    """Names come only from importing the document itself."""
    for note in _records("note"):
        assert "author" not in note.front.get("testimony", {}), note.key


def test_the_demonstration_network_is_large_and_spread() -> None:
    """At least 30 fictional associations in at least 8 départements, and 150 notes."""
    fictional = [record for record in _records("organisation") if record.front["fictional"]]
    departements = {record.front["departement"] for record in fictional}
    assert len(fictional) >= 30
    assert len(departements) >= 8
    assert departements <= set(DEPARTEMENTS)
    assert len(_demonstration()) >= 150


def test_what_is_invented_says_so() -> None:
    """Fictional associations are named « Association Exemple … », with sites at example.org; only they tell stories."""
    organisations = {record.key: record.front for record in _records("organisation")}
    for key, front in organisations.items():
        if front["fictional"]:
            assert front["name"].startswith("Association Exemple "), key
            assert re.fullmatch(
                r"https://([a-z0-9-]+\.)?example\.org/?", front.get("website", "https://example.org")
            ), key
        else:
            assert "contact" not in front, f"{key} is real: not to be reached in a demonstration"
    for note in _demonstration():
        for link in note.front["experiences"]:
            assert organisations[link["organisation"]]["fictional"], note.key


def test_notes_of_the_demonstration_are_neither_short_nor_long() -> None:
    """60 to 400 words each, headings aside."""
    lengths = {note.key: len(re.findall(r"\w+", _prose(note))) for note in _demonstration()}
    assert {key: length for key, length in lengths.items() if not 60 <= length <= 400} == {}


def test_needs_solutions_and_failures_are_all_told() -> None:
    """Each stance is lived many times: the two lists of peers have something to show."""
    stances = Counter(link.get("stance") for note in _demonstration() for link in note.front["experiences"])
    assert all(stances[stance] >= 15 for stance in ("need", "ongoing", "solved", "failed")), stances


def test_no_two_notes_share_eight_words_in_a_row() -> None:
    """Each note is its own text, not a copy with names changed."""
    seen: dict[tuple[str, ...], str] = {}
    shared = []
    for note in _records("note"):
        words = _words(_prose(note))
        for run in set(zip(*(itertools.islice(words, start, None) for start in range(8)), strict=False)):
            other = seen.setdefault(run, note.key)
            if other != note.key:
                shared.append((other, note.key, " ".join(run)))
    assert shared == []


def test_the_vocabulary_is_rich() -> None:
    """At least 6,000 distinct words, accents folded."""
    assert len({word for note in _records("note") for word in _words(_prose(note))}) >= 6_000


def test_nobody_s_address_is_anywhere() -> None:
    """No e-mail address and no telephone number in any file, judgements and language files included."""
    for name, content in read_corpus(_corpus()).items():
        for number, line in enumerate(content.split("\n"), start=1):
            assert not holds_email(line), f"{name}:{number}"
            assert not holds_telephone(line), f"{name}:{number}"


def test_every_theme_serves() -> None:
    """A theme of the tree has notes, or has children that have."""
    used = {theme for record in _records("note") for theme in record.front["themes"]}
    parents = {record.key: record.front.get("parent") for record in _records("theme")}
    for theme in list(used):
        above = parents[theme]
        while above is not None:
            used.add(above)
            above = parents[above]
    assert sorted(set(parents) - used) == []


def test_texts_follow_french_typography() -> None:
    """Apostrophes are typographic; no plain space comes before « ; ! ? » or inside « »."""
    wrong = [
        (note.key, found.group())
        for note in _records("note")
        for found in re.finditer(r"\w'\w+|\S+ [;!?»]|« \S+", _prose(note))
    ]
    assert wrong == []
