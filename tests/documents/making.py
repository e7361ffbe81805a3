"""Documents of every format, made from one text, so that what is read can be compared with what was written.

A text is a list of pieces: ``("title", …)``, ``("heading", …)``, ``("item", …)``, ``("text", …)`` or ``("row", a, b)``.
"""

from __future__ import annotations

import textwrap
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from web.bench.papers import HEIGHT, MARGIN, WIDTH, pdf, shown

Piece = tuple[str, ...]


def pieces_of(text: str) -> list[Piece]:
    """A plain text as pieces: lines in capitals are headings, lines with a dash items, empty ones are left out."""
    found: list[Piece] = []
    for line in text.splitlines():
        bare = line.strip().strip("\u00a0")
        if not bare:
            continue
        if bare.startswith("- "):
            found.append(("item", bare[2:]))
        elif bare.upper() == bare and any(char.isalpha() for char in bare):
            found.append(("heading" if found else "title", bare))
        else:
            found.append(("text", bare))
    return found


def write_docx(path: Path, pieces: Iterable[Piece]) -> Path:
    """A Word document."""
    import docx

    document = docx.Document()
    styles = {"title": "Title", "heading": "Heading 1", "item": "List Bullet", "text": "Normal"}
    for kind, *texts in pieces:
        if kind == "row":
            table = document.add_table(1, len(texts))
            for cell, text in zip(table.rows[0].cells, texts, strict=True):
                cell.text = text
        else:
            document.add_paragraph(texts[0], style=styles[kind])
    document.save(str(path))
    return path


def write_odt(path: Path, pieces: Iterable[Piece]) -> Path:
    """An OpenDocument text."""
    import odfdo

    document = odfdo.Document("text")
    document.body.clear()
    for kind, *texts in pieces:
        if kind in ("title", "heading"):
            document.body.append(odfdo.Header(1 if kind == "title" else 2, texts[0]))
        elif kind == "item":
            document.body.append(odfdo.List([texts[0]]))
        elif kind == "row":
            table = odfdo.Table("Tableau")
            table.append_row(odfdo.Row())
            table.set_values([list(texts)])
            document.body.append(table)
        else:
            document.body.append(odfdo.Paragraph(texts[0]))
    document.save(str(path))
    return path


def write_pptx(path: Path, pieces: Iterable[Piece]) -> Path:
    """A presentation: a slide a heading."""
    import pptx

    presentation = pptx.Presentation()
    layout = presentation.slide_layouts[1]
    slide = None
    for kind, *texts in pieces:
        if kind in ("title", "heading") or slide is None:
            slide = presentation.slides.add_slide(layout)
            slide.shapes.title.text = texts[0] if kind in ("title", "heading") else ""
            if kind in ("title", "heading"):
                continue
        frame = slide.placeholders[1].text_frame
        paragraph = frame.paragraphs[0] if not frame.text else frame.add_paragraph()
        paragraph.text = " | ".join(texts)
    presentation.save(str(path))
    return path


def write_odp(path: Path, pieces: Iterable[Piece]) -> Path:
    """An OpenDocument presentation: a slide a heading."""
    import odfdo

    document = odfdo.Document("presentation")
    document.body.clear()
    page = None
    for number, (kind, *texts) in enumerate(pieces):
        if kind in ("title", "heading") or page is None:
            page = odfdo.DrawPage(f"page{number}")
            document.body.append(page)
        frame = odfdo.Frame.text_frame(texts[0])
        if kind in ("title", "heading"):
            frame.set_attribute("presentation:class", "title")
        page.append(frame)
    document.save(str(path))
    return path


def write_html(path: Path, pieces: Iterable[Piece]) -> Path:
    """A web page."""
    import html

    tags = {"title": "h1", "heading": "h2", "item": "li", "text": "p"}
    body = []
    for kind, *texts in pieces:
        if kind == "row":
            body.append("<table><tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in texts) + "</tr></table>")
        else:
            body.append(f"<{tags[kind]}>{html.escape(texts[0])}</{tags[kind]}>")
    page = f"<!doctype html><html><head><style>p{{color:red}}</style></head><body>{''.join(body)}</body></html>"
    path.write_text(page, "utf-8")
    return path


def write_pdf(path: Path, pieces: Iterable[Piece], *, columns: int = 1, footer: str = "") -> Path:
    """A PDF in Helvetica: headings larger and bold, lines cut at the width of the column, several pages."""
    width = (WIDTH - 2 * MARGIN - 24 * (columns - 1)) / columns
    lines: list[tuple[str, int, bool, float]] = []
    for kind, *texts in pieces:
        text = " | ".join(texts) if kind != "item" else f"• {texts[0]}"
        size = {"title": 20, "heading": 15}.get(kind, 10)
        for place, line in enumerate(
            textwrap.wrap(text, max(10, int(width / (size * (0.72 if text.isupper() else 0.53)))))
        ):
            lines.append((line, size, kind in ("title", "heading"), size * (2.4 if place == 0 else 1.3)))
    pages: list[list[str]] = [[]]
    column, y = 0, float(HEIGHT - MARGIN)
    for line, size, bold, step in lines:
        y -= step
        if y < MARGIN:
            column, y = column + 1, HEIGHT - MARGIN - step
            if column == columns:
                pages.append([])
                column = 0
        x = MARGIN + column * (width + 24)
        pages[-1].append(shown(line, x, y, size, bold=bold))
    for number, page in enumerate(pages, 1):
        if footer:
            page.append(shown(f"{footer} - page {number}", MARGIN, 30, 8))
    path.write_bytes(pdf([("\n".join(page)).encode("latin-1", "replace") for page in pages]))
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A spreadsheet of texts, by hand: no library of ours writes one."""
    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
            for place, text in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Feuille" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    return write_zip(path, {name: f'<?xml version="1.0" encoding="UTF-8"?>{text}' for name, text in parts.items()})


def write_zip(path: Path, entries: dict[str, str | bytes]) -> Path:
    """A zip of these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def changed_zip(path: Path, target: Path, added: dict[str, str | bytes]) -> Path:
    """A copy of a zip with entries added, or changed."""
    with zipfile.ZipFile(path) as archive:
        entries: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return write_zip(target, {**entries, **added})


def escape(text: str) -> str:
    """A text as XML writes it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
