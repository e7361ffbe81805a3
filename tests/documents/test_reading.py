"""Every format gives back the words that were written in it, in order, with its structure."""

from __future__ import annotations

import re
import resource
from collections import Counter
from pathlib import Path

import pytest

from savoirs import documents
from savoirs.documents.limits import Limits
from savoirs.documents.text import LineKind, ReadDocument
from savoirs.errors import SavoirsError
from tests.documents import making
from tests.documents.making import Piece

TEXTS = Path(__file__).parent / "texts"
DAY = (TEXTS / "rencontre-exemple-2023.txt").read_text("utf-8")
PIECES = [
    *making.pieces_of(DAY.replace("&nbsp;", "").replace("➤ ", "")),
    ("row", "Planiclic", "un planning", "gratuit"),
]


def words(text: str) -> Counter[str]:
    """The words of a text, hyphens at the end of a line mended."""
    return Counter(re.findall(r"\w+", re.sub(r"-\s+", "", text.replace("-", "- ")).lower()))


def recall(pieces: list[Piece], document: ReadDocument) -> float:
    """The share of the words written that were read."""
    written = words(" ".join(text for _, *texts in pieces for text in texts))
    read = words(" ".join(line.text for line in document.lines))
    return sum((written & read).values()) / sum(written.values())


@pytest.mark.parametrize("extension", ["pdf", "docx", "odt", "pptx", "odp", "html"])
def test_each_format_gives_back_its_words(tmp_path: Path, extension: str) -> None:
    """At least 99 words in a hundred, and the headings as headings."""
    path = getattr(making, f"write_{extension}")(tmp_path / f"texte.{extension}", PIECES)
    document = documents.read(path)
    assert document.format == extension
    assert recall(PIECES, document) >= 0.99
    headings = " ".join(line.text for line in document.lines if line.kind is LineKind.HEADING)
    assert words("PROGRAMME ATELIERS SYNTHÈSE BILAN VOISINAGE") <= words(headings)


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Each column from top to bottom, over several pages, page numbers and footers told apart by whoever splits."""
    text = " ".join(f"mot{n}" for n in range(1500))
    document = documents.read(
        making.write_pdf(tmp_path / "colonnes.pdf", [("title", "Deux colonnes"), ("text", text)], columns=2)
    )
    order = [int(found) for found in re.findall(r"mot(\d+)", " ".join(line.text for line in document.lines))]
    assert order == list(range(1500))
    assert (document.pages or 0) >= 2


def test_a_text_keeps_its_own_line_numbers() -> None:
    """The lines of a text are those of its file, empty ones counted, as an editor shows them."""
    document = documents.read(TEXTS / "rencontre-exemple-2023.txt")
    lines = DAY.split("\n")
    assert [line.text for line in document.lines] == lines[:-1]
    assert [line.number for line in document.lines] == list(range(1, len(lines)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_french_software_are_recognised(tmp_path: Path, encoding: str) -> None:
    """Accents and quotation marks come out right, whatever wrote the file, and a carriage return makes no line."""
    path = tmp_path / "texte.txt"
    path.write_bytes("L’été à Cœur\r\n« déjà »\r\n".encode(encoding))
    assert [line.text for line in documents.read(path).lines] == ["L’été à Cœur", "« déjà »"]


def test_markdown_and_its_table_keep_their_structure(tmp_path: Path) -> None:
    """Headings have a level, rows have cells, and the rule under the headers is no row."""
    path = tmp_path / "texte.md"
    path.write_text("# Titre\n\n## Partie\n\n| Outil | Usage |\n|---|---|\n| Planiclic | planning |\n", "utf-8")
    lines = documents.read(path).lines
    assert [(line.level, line.kind) for line in lines if line.kind is LineKind.HEADING] == [
        (1, "heading"),
        (2, "heading"),
    ]
    assert [line.cells for line in lines if line.kind is LineKind.ROW] == [
        ("Outil", "Usage"),
        ("Planiclic", "planning"),
    ]


def test_a_page_gives_no_script_and_no_style(tmp_path: Path) -> None:
    """What a browser does not show is not read; entities of characters are."""
    path = tmp_path / "page.html"
    path.write_text("<script>alert(1)</script><p>Caf&eacute; <b>serr&eacute;</b></p><ul><li>un</li></ul>", "utf-8")
    lines = documents.read(path).lines
    assert [(line.text, line.kind) for line in lines] == [("Café serré", LineKind.TEXT), ("un", LineKind.ITEM)]


def test_a_spreadsheet_gives_its_rows(tmp_path: Path) -> None:
    """Each row with its number, its cells and its sheet."""
    path = making.write_xlsx(tmp_path / "liste.xlsx", [["Nom", "Site"], ["Association Exemple", "exemple.example.org"]])
    document = documents.read(path)
    assert [(line.number, line.cells) for line in document.lines] == [
        (1, ("Nom", "Site")),
        (2, ("Association Exemple", "exemple.example.org")),
    ]
    assert document.pages == 1


def test_a_pdf_of_eleven_pages_takes_a_second(tmp_path: Path) -> None:
    """A second of computing, the start of the process that reads it included."""
    pieces: list[Piece] = [
        ("text", "Une phrase assez longue pour remplir une ligne entière, puis une autre. " * 9)
    ] * 72
    path = making.write_pdf(tmp_path / "onze.pdf", pieces, footer="Association Exemple")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    document = documents.read(path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 1
    assert (document.pages or 0) >= 11


def test_scanned_pages_are_read_where_tesseract_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page goes to the program as an image, in French, and the document says that its text was recognised."""
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\n[ "$4" = fra ] && head -c 4 | grep -q PNG && echo "Texte lu dans une image"\n', "utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    path = tmp_path / "scan.pdf"
    path.write_bytes(making.pdf([b"0.5 g 50 50 300 400 re f"]))
    document = documents.read(path, Limits(memory_bytes=1 << 30))
    assert document.recognised
    assert "Texte lu dans une image" in [line.text for line in document.lines]


def test_what_is_not_a_file_is_said(tmp_path: Path) -> None:
    """A missing file and a folder have the same sentence, and are never waited for."""
    for path in (tmp_path / "absent.pdf", tmp_path):
        with pytest.raises(SavoirsError) as refused:
            documents.read(path)
        assert refused.value.code == "document_not_found"
