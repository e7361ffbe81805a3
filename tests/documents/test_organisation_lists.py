"""Lists of organisations, as people keep them: headers in any wording, any delimiter, addresses beside names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from savoirs import documents
from savoirs.documents import flat
from savoirs.documents.rules.columns import Column, columns_of
from savoirs.documents.splitting import cut
from tests.documents.making import write_xlsx

HEADERS = [
    "Nom de l'association", "Sigle", "Type", "Code postal", "Site internet", "Adresse mail", "Téléphone",
    "Nom du référent", "Activité",
]  # fmt: skip
ROWS = [
    [
        "Association Exemple Le Fil", "AEF", "association", "69003", "lefil.example.org", "contact@lefil.example.org",
        "478000000", "Amandine Exemplaire", "Écouter les personnes seules",
    ],
    ["Fondation Exemple du Canal", "", "", "75010", "https://canal.example.org", "", "", "", ""],
    ["Mairie de Sainte-Exemple", "", "collectivité", "20167", "", "mairie@example.org", "",
     "Bachir Exemplaire", "Accueil"],
]  # fmt: skip


def as_csv(folder: Path, delimiter: str, encoding: str) -> Path:
    """The list as a CSV file, each cell between quotation marks."""
    rows = [delimiter.join(f'"{cell}"' for cell in row) for row in (HEADERS, *ROWS)]
    path = folder / "liste.csv"
    path.write_bytes("\r\n".join(rows).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8"), (",", "utf-8-sig"), ("\t", "cp1252"), ("|", "utf-8")]
)
def test_a_list_becomes_organisations(tmp_path: Path, delimiter: str, encoding: str) -> None:
    """Name, kind, aliases, département, site: whatever wrote the file."""
    document = documents.read(as_csv(tmp_path, delimiter, encoding))
    check(document)


def test_a_spreadsheet_is_read_alike(tmp_path: Path) -> None:
    """The same list from Excel, below a title: the headers are looked for in the first rows."""
    document = documents.read(write_xlsx(tmp_path / "liste.xlsx", [["Nos partenaires"], HEADERS, *ROWS]))
    check(document, first=3)


def check(document: documents.ReadDocument, first: int = 2) -> None:
    """The three organisations and the two contacts, and no address, number or person in what is shown."""
    whole = cut(document)
    found = list(flat(whole.proposals))
    names: list[Any] = [
        (
            one.title,
            one.fields["kind"],
            one.fields["aliases"],
            one.fields["departement"],
            one.fields["website"],
            one.span,
        )
        for one in found
        if one.kind == "organisation"
    ]
    assert names == [
        ("Association Exemple Le Fil", "association", ("AEF",), "69", "https://lefil.example.org", (first, first)),
        ("Fondation Exemple du Canal", "foundation", (), "75", "https://canal.example.org", (first + 1, first + 1)),
        ("Mairie de Sainte-Exemple", "public", (), "2A", None, (first + 2, first + 2)),
    ]
    contacts = [(one.title, one.fields["email"], one.fields["name"]) for one in found if one.kind == "contact"]
    assert contacts == [
        ("Association Exemple Le Fil", "contact@lefil.example.org", "Amandine Exemplaire"),
        ("Mairie de Sainte-Exemple", "mairie@example.org", "Bachir Exemplaire"),
    ]
    assert not [one for one in found if one.kind not in ("organisation", "contact")]
    shown = " ".join([whole.text, *(one.title + one.passage for one in found)])
    for secret in ("@", "478000000", "Exemplaire"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("NOM DE LA STRUCTURE", Column.NAME),
        ("Dénomination", Column.NAME),
        ("Raison sociale", Column.NAME),
        ("association", Column.NAME),
        ("Courriel", Column.EMAIL),
        ("E-mail", Column.EMAIL),
        ("Mél", Column.EMAIL),
        ("Tél.", Column.TELEPHONE),
        ("Dépt", Column.DEPARTEMENT),
        ("CP", Column.POSTCODE),
        ("Site Web", Column.WEBSITE),
        ("Acronyme", Column.ALIASES),
        ("Personne référente", Column.PERSON),
        ("Statut juridique", Column.KIND),
        ("Objet social", Column.DESCRIPTION),
    ],
)
def test_headers_are_recognised_as_people_write_them(header: str, column: Column) -> None:
    """Accents, capitals, abbreviations and full names alike."""
    assert columns_of([header]) == {column: 0}


def test_a_table_of_anything_else_is_a_report(tmp_path: Path) -> None:
    """Columns that say nothing to us: the table is kept whole, as a report."""
    path = tmp_path / "mesures.csv"
    path.write_text("semaine;pluie\n12;3\n13;8\n", "utf-8")
    found = list(flat(cut(documents.read(path)).proposals))
    assert [one.kind for one in found] == ["report"]
    assert "| 13 | 8 |" in found[0].fields["text"]
