"""The register tells all that is held: every table is declared, every column of text too, with the durations in use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import JSON, Enum, String

from savoirs.models import Base
from savoirs.privacy.declared import NOBODY, TABLES, Processing
from tests import cli

OF_A_PERSON = re.compile(r"mail|telephone|phone|login|password|address|sender|author$|birth", re.IGNORECASE)
"""Names that a column about a person usually has."""


def texts_of(table: str) -> set[str]:
    """Columns in which somebody may be: texts, but for codes that the database checks and ids of other tables."""
    return {
        column.name
        for column in Base.metadata.tables[table].columns
        if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum) and not column.foreign_keys
    }


def test_every_table_is_declared() -> None:
    """As holding persons or not; and nothing is declared that does not exist."""
    assert set(TABLES) == set(Base.metadata.tables)


@pytest.mark.parametrize("table", sorted(name for name, declared in TABLES.items() if declared is not NOBODY))
def test_every_text_of_a_table_with_persons_is_declared(table: str) -> None:
    """Either a person's, or plain: whoever adds a column says which."""
    declared = TABLES[table]
    assert set(declared.personal) | set(declared.plain) == texts_of(table)
    assert not set(declared.personal) & set(declared.plain)


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_a_column_with_a_person_s_name_for_it_is_personal(table: str) -> None:
    """An address does not slip into a table that is said to hold nobody."""
    suspect = {name for name in texts_of(table) if OF_A_PERSON.search(name)}
    assert suspect <= set(TABLES[table].personal)


def test_what_refers_to_a_person_is_in_a_table_with_persons() -> None:
    """A foreign key to accounts or contacts makes a table personal."""
    for table in Base.metadata.tables.values():
        refers = {key.column.table.name for column in table.columns for key in column.foreign_keys}
        if refers & {"accounts", "contacts"}:
            assert TABLES[table.name].processing is not None, table.name


def test_the_register_is_printed_with_the_durations_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In French, with every processing, its basis, its recipients and every personal column; without a data folder."""
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(tmp_path / "absent"))
    monkeypatch.setenv("SAVOIRS_KEEP_REQUESTS_DAYS", "123")
    monkeypatch.setenv("SAVOIRS_KEEP_LOGS_DAYS", "77")
    text = cli.run_well("privacy", "register").out.replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("# Registre des traitements")
    assert text.count("**Base légale**") == len(Processing)
    assert "123 jours après la fin de la demande" in text
    assert "gardés 77 jours" in text
    for table, declared in TABLES.items():
        assert (table in text) or declared.processing is None
    found = cli.run_well("privacy", "register", "--json").json
    assert set(found["processings"]) == set(Processing)
    columns = {one for entry in found["processings"].values() for one in entry["columns"]}
    assert columns == {f"{table}.{one}" for table, declared in TABLES.items() for one in declared.personal}
    assert not (tmp_path / "absent").exists()


def test_every_processing_has_a_table_and_every_table_its_processing() -> None:
    """No entry of the register is about nothing."""
    assert {declared.processing for declared in TABLES.values()} - {None} == set(Processing)
