"""A mistake in a corpus: its file, its line, a code with a French sentence, and nothing loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.corpus import Problem, load
from savoirs.errors import SavoirsError
from savoirs.models import Base, Note
from tests.corpora import NOTE, THEME, write_corpus
from web.messages_corpus import MESSAGES


def _problems(factory: sessionmaker[Session], path: Path) -> list[Problem]:
    with pytest.raises(SavoirsError) as raised, database.transaction(factory) as session:
        load(session, path)
    assert raised.value.code == "corpus_errors"
    problems = raised.value.params["problems"]
    assert isinstance(problems, list)
    return problems


MISTAKES = [
    ("repas_partage", "themes: [lien-social]", "themes: [lien-sociale]", 7, "unknown_theme_reference"),
    (
        "repas_partage",
        "  - organisation: exemple-un",
        "  - organisation: inconnue",
        17,
        "unknown_organisation_reference",
    ),
    ("repas_partage", "workshop: journee/1", "workshop: journee/7", 21, "unknown_workshop_reference"),
    ("repas_partage", "id: synthese", "id: autre", 20, "unknown_source_reference"),
    ("repas_partage", "title: ", "titre: ", 5, "unknown_key"),
    ("repas_partage", "kind: practice\n", "", 2, "missing_key"),
    ("repas_partage", "kind: practice", "kind: pratique", 4, "value_not_listed"),
    ("repas_partage", "date: 2024-11", "date: 2024-13", 9, "date_not_read"),
    ("repas_partage", "date: 2024-11", "date: novembre", 9, "date_not_read"),
    ("repas_partage", "true_as_of: 2026-03-12", "true_as_of: 2026-02-30", 10, "date_not_read"),
    ("repas_partage", "    stance: solved\n", "", 17, "missing_key"),
    ("repas_partage", "role: lived", "role: cited", 19, "stance_of_another_role"),
    ("repas_partage", "lines: [10, 12]", "lines: [12, 10]", 20, "lines_reversed"),
    ("repas_partage", "lines: [10, 12]", "lines: [10, 41]", 20, "lines_beyond_source"),
    ("repas_partage", "source: {id: synthese, lines: [10, 12]}", "source: synthese", 20, "value_not_read"),
    ("repas_partage", "On mange, puis on parle.", "Bla bla." * 40, 6, "value_too_long"),
    ("repas_partage", "## Le contexte", "## Contexte", 27, "unknown_heading"),
    ("repas_partage", "## Le contexte", "## Ce qui n’a pas marché", 35, "heading_order"),
    ("repas_partage", "Tout, ou presque.", "Écrire à nous@example.org.", 37, "holds_address"),
    ("repas_partage", "tools: [une nappe]", "tools: [le 06 39 98 56 78]", 22, "holds_address"),
    ("repas_partage", "tools: [une nappe]", "tools: [nappe, nappe]", 22, "repeated_value"),
    ("repas_partage", "kind: practice", "kind: practice\nkind: tool", 5, "repeated_key"),
    ("repas_partage", "kind: practice", "kind: &a practice\ntool: *a", 4, "yaml_alias"),
    ("repas_partage", 'title: "Un repas', "title: Un: repas", 5, "bad_yaml"),
    ("repas_partage", "record: note", "record: fiche", 2, "unknown_record"),
    ("repas_partage", "record: note\n", "record: note", 2, "bad_yaml"),
    ("repas_partage", "id: repas-partage", "id: repas-partages", 3, "wrong_file_name"),
    ("repas_partage", "id: repas-partage", "id: Repas", 3, "id_not_read"),
    ("repas_partage", "---\n", "", 1, "no_front_matter"),
    ("outil_de_coeur", "kind: tool", "kind: practice", 4, "other_kind_of_note"),
    ("lien_social", "order: 1", "order: 1\nparent: lien-social", 6, "theme_cycle"),
    ("exemple_un", 'departement: "69"', 'departement: "20"', 7, "unknown_departement"),
    ("exemple_un", "id: exemple-un\n", "id: exemple-un\nmail: x\n", 4, "unknown_key"),
    ("journee", "  - number: 2", "  - number: 1", 23, "repeated_item"),
    ("journee", "source: {id: synthese, lines: [1, 40]}\n", "", 8, "lines_without_source"),
    ("cadre", "workshop: journee/2", "workshop: journee-2", 6, "value_not_read"),
    ("contact_un", "consent: pending", "consent: pending\nemail: x", 7, "unknown_key"),
    ("outil_de_coeur", "outcome: adapted", "outcome: aimé", 19, "value_not_listed"),
    ("outil_de_coeur", "    verdict: changed\n", "", 25, "missing_key"),
    ("outil_de_coeur", "verdict: changed", "verdict: changed\n    account: x", 27, "unknown_key"),
    ("outil_de_coeur", "Il a changé de nom.", "Demandez au 06 39 98 56 78.", 27, "holds_address"),
    ("outil_de_coeur", "Il a changé de nom.", "Bla bla." * 40, 27, "value_too_long"),
    ("outil_de_coeur", "moment: 2026-03-12T09:30:00Z", "moment: 2026-03-12", 28, "moment_not_read"),
    ("outil_de_coeur", "moment: 2026-03-12T09:30:00Z", "moment: 2026-02-30T09:30:00Z", 28, "moment_not_read"),
    (
        "outil_de_coeur",
        "  - outcome: abandoned",
        "  - organisation: autre\n    outcome: abandoned",
        22,
        "unknown_organisation_reference",
    ),
    (
        "outil_de_coeur",
        "  - outcome: abandoned\n    moment: 2026-02-07T17:00:01.000250Z",
        "  - organisation: exemple-un\n    outcome: adopted\n    moment: 2026-01-05T08:30:00Z",
        22,
        "repeated_item",
    ),
    ("abcdefgh23", "id: abcdefgh23", "id: apres-le-repas", 3, "call_id_not_read"),
    ("abcdefgh23", "title: Qui a gardé", "title: " + "Qui a gardé " * 50, 4, "value_too_long"),
    ("abcdefgh23", "theme: lien-social", "theme: lien", 5, "unknown_theme_reference"),
    (
        "abcdefgh23",
        "organisation: exemple-un\nstatus",
        "organisation: autre\nstatus",
        6,
        "unknown_organisation_reference",
    ),
    ("abcdefgh23", "status: closed", "status: waiting", 7, "value_not_listed"),
    ("abcdefgh23", "status: closed", "status: open", 10, "closed_of_open_call"),
    ("abcdefgh23", "opened: 2026-04-02T10:15:00Z\n", "", 2, "missing_key"),
    ("abcdefgh23", "opened: 2026-04-02T10:15:00Z", "opened: 2026-04-02T25:15:00Z", 9, "moment_not_read"),
    ("abcdefgh23", "closed: 2026-05-02T10:15:00.500000Z", "closed: 2026-05-02T10:15:00.5Z", 10, "moment_not_read"),
    ("abcdefgh23", "note: repas-partage", "note: repas", 15, "unknown_note_reference"),
    (
        "abcdefgh23",
        "  - note: repas-partage",
        "  - {note: repas-partage, moment: 2026-04-20T12:00:00Z}\n  - note: repas-partage",
        16,
        "repeated_item",
    ),
    ("abcdefgh23", "Ils viennent", "Écrivez à nous@example.org : ils viennent", 19, "holds_address"),
    ("stopwords", "le\n", "le la\n", 2, "lexicon_several_words"),
    ("families", "bénévole, bénévolat", "bénévole", 1, "lexicon_lone_word"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{code}-{new}"[:60] for _, _, new, _, code in MISTAKES])
def test_a_mistake_is_found_where_it_is(
    session_factory: sessionmaker[Session], tmp_path: Path, mistake: tuple[str, str, str, int, str]
) -> None:
    """File, line and code; the French sentence fits its parameters."""
    stem, old, new, line, code = mistake
    corpus = write_corpus(tmp_path, **{stem: (old, new)})
    problems = _problems(session_factory, corpus)
    found = [(Path(problem.file).stem.replace("-", "_"), problem.line, problem.code) for problem in problems]
    assert (stem, line, code) in found
    for problem in problems:
        assert "{" not in MESSAGES[problem.code].format(**problem.params)


def test_one_mistake_and_nothing_is_loaded(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """All or nothing: no table has a row."""
    _problems(session_factory, write_corpus(tmp_path, repas_partage=("date: 2024-11", "date: jamais")))
    with database.reading(session_factory) as session:
        for table in Base.metadata.sorted_tables:
            assert session.scalar(select(func.count()).select_from(table)) == 0, table.name


def test_mistakes_of_several_files_are_told_together(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """A person mends all of them at once; a reference to a broken file is not a second mistake."""
    corpus = write_corpus(
        tmp_path,
        lien_social=("order: 1", "order: un"),
        exemple_un=("kind: association", "kind: club"),
        indicateur=("date: 2017", "date: hier"),
    )
    found = [(problem.file, problem.code) for problem in _problems(session_factory, corpus)]
    assert found == [
        ("notes/indicateur.md", "date_not_read"),
        ("organisations/exemple-un.md", "value_not_listed"),
        ("themes/lien-social.md", "value_not_read"),
    ]


def test_two_files_with_one_id_are_a_mistake(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Ids are unique within a kind, in whichever folders."""
    corpus = write_corpus(tmp_path)
    (corpus / "notes" / "repas-partage.md").write_text(NOTE, "utf-8")
    problems = _problems(session_factory, corpus)
    assert [(problem.code, problem.file) for problem in problems] == [("repeated_record", "notes/repas-partage.md")]


def test_a_record_in_the_wrong_folder_is_a_mistake(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """A theme among the notes would not come back where it was."""
    corpus = write_corpus(tmp_path)
    (corpus / "notes" / "lien-social.md").write_text(THEME, "utf-8")
    assert [problem.code for problem in _problems(session_factory, corpus)] == ["wrong_folder"]


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"---\nrecord: note\nid: \xff\n---\n", "not_utf8", 3),
        (b"x" * 1_000_001, "too_large", 1),
        (b"", "no_front_matter", 1),
        (b"---\n- a\n---\n", "no_front_matter", 1),
        (b"---\nrecord: [note]\n---\n", "unknown_record", 2),
        (b"---\n" + b"[" * 5000 + b"\n---\n", "bad_yaml", 3),
        (b"---\n? {a: 1}\n: 2\n---\n", "bad_yaml", 2),
        (b"---\na: !!python/object:os.system x\n---\n", "bad_yaml", 2),
    ],
)
def test_a_file_that_is_no_record_is_said_to_be(
    session_factory: sessionmaker[Session], tmp_path: Path, content: bytes, code: str, line: int
) -> None:
    """Bytes, sizes and YAML that nobody expects give a problem, not a traceback."""
    (tmp_path / "note.md").write_bytes(content)
    assert [(problem.code, problem.line) for problem in _problems(session_factory, tmp_path)] == [(code, line)]


def test_a_workshop_that_something_refers_to_cannot_go(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """The framework of the database hangs from workshop 2; a file that drops it is refused."""
    with database.transaction(session_factory) as session:
        load(session, write_corpus(tmp_path / "one"))
    two = write_corpus(tmp_path / "two", journee=("  - number: 2", "  - number: 3"))
    problems = _problems(session_factory, two / "gatherings")
    assert [problem.code for problem in problems] == ["workshop_in_use"]


def test_an_empty_folder_is_not_a_corpus(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """A path that was misspelt is said."""
    for path in (tmp_path, tmp_path / "absent"):
        with database.transaction(session_factory) as session, pytest.raises(SavoirsError) as raised:
            load(session, path)
        assert raised.value.code == "corpus_not_found"


def test_an_error_after_the_load_undoes_it(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """The load is part of the caller's transaction."""

    def load_then_fail() -> None:
        with database.transaction(session_factory) as session:
            load(session, write_corpus(tmp_path))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        load_then_fail()
    with database.reading(session_factory) as session:
        assert session.scalars(select(Note.id)).all() == []
