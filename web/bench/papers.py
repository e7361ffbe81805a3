"""Invented documents of each format, to measure how long it takes to read them: no library of ours writes a PDF."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 595, 842, 56
"""Of an A4 page, in points."""

_SIZE, _STEP = 10, 14
_LINE_CHARS = 90


def write_text(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    """A Markdown file."""
    path.write_text("\n\n".join([f"# {title}", *paragraphs]), "utf-8")


def write_docx(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    """A Word document."""
    import docx  # noqa: PLC0415  (heavy)

    document = docx.Document()
    document.add_heading(title, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))


def write_odt(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    """An OpenDocument text."""
    import odfdo  # noqa: PLC0415  (heavy)

    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, title))
    for paragraph in paragraphs:
        document.body.append(odfdo.Paragraph(paragraph))
    document.save(str(path))


def write_pdf(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    """A PDF of one column, on as many pages as it takes."""
    lines = [title, ""]
    for paragraph in paragraphs:
        lines += [*textwrap.wrap(paragraph, _LINE_CHARS), ""]
    a_page = (HEIGHT - 2 * MARGIN) // _STEP
    pages = [lines[start : start + a_page] for start in range(0, len(lines), a_page)]
    contents = [
        "\n".join(shown(line, MARGIN, HEIGHT - MARGIN - _STEP * row) for row, line in enumerate(page) if line)
        for page in pages
    ]
    path.write_bytes(pdf([content.encode("latin-1", "replace") for content in contents]))


WRITERS: dict[str, Callable[[Path, str, Sequence[str]], None]] = {
    "pdf": write_pdf,
    "docx": write_docx,
    "odt": write_odt,
    "md": write_text,
}
"""By extension."""


def shown(text: str, x: float, y: float, size: int = 10, *, bold: bool = False) -> str:
    """The operators that write a text on a page; characters are those of Windows-1252."""
    escaped = text.encode("cp1252", "replace").decode("latin-1")
    escaped = escaped.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{'F2' if bold else 'F1'} {size} Tf {x:.1f} {y:.1f} Td ({escaped}) Tj ET"


def pdf(contents: Sequence[bytes], *, stream: str = "", extra: str = "", trailer: str = "") -> bytes:
    """A PDF of these page contents.

    Args:
        contents: What is drawn on each page.
        stream: Entries added to the dictionary of each content stream, for example a filter.
        extra: Entries added to the resources of each page.
        trailer: Entries added to the trailer.
    """
    kids = " ".join(f"{5 + 2 * place} 0 R" for place in range(len(contents)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        (font % "Helvetica").encode(),
        (font % "Helvetica-Bold").encode(),
    ]
    for place, content in enumerate(contents):
        resources = f"<< /Font << /F1 3 0 R /F2 4 0 R >> {extra} >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources {resources} "
            f"/Contents {6 + 2 * place} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d %s >>\nstream\n" % (len(content), stream.encode()) + content + b"\nendstream")
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
