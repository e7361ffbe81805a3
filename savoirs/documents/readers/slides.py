"""PPTX: slide by slide, shapes as the eye goes, titles as headings; what the speaker noted comes last."""

from __future__ import annotations

from typing import Any, BinaryIO

from savoirs.documents.readers.gathered import Gathered
from savoirs.documents.text import Line, LineKind
from savoirs.errors import SavoirsError


def lines(file: BinaryIO, max_pages: int) -> tuple[list[Line], int]:
    """The lines of a presentation, and how many slides it has.

    Raises:
        SavoirsError: ``document_too_many_pages``.
    """
    import pptx  # noqa: PLC0415  (in the child process only)

    out = Gathered()
    slides = list(pptx.Presentation(file).slides)
    if len(slides) > max_pages:
        raise SavoirsError("document_too_many_pages", maximum=max_pages)
    for number, slide in enumerate(slides, 1):
        out.gap(number)
        title = slide.shapes.title
        for shape in sorted(slide.shapes, key=_place):
            _shape(shape, out, number, is_title=title is not None and shape.shape_id == title.shape_id)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for paragraph in slide.notes_slide.notes_text_frame.text.splitlines():
                if paragraph.strip():
                    out.add(paragraph, page=number)
    return out.lines, len(slides)


def _place(shape: Any) -> tuple[int, int]:
    return shape.top or 0, shape.left or 0


def _shape(shape: Any, out: Gathered, page: int, *, is_title: bool = False) -> None:
    if hasattr(shape, "shapes"):
        for one in sorted(shape.shapes, key=_place):
            _shape(one, out, page)
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            out.row([cell.text for cell in row.cells], page=page)
    elif shape.has_text_frame:
        _frame(shape, out, page, is_title=is_title)


def _frame(shape: Any, out: Gathered, page: int, *, is_title: bool) -> None:
    paragraphs = [one for one in shape.text_frame.paragraphs if one.text.strip()]
    is_body = shape.is_placeholder and not is_title
    if is_title:
        out.add(" ".join(" ".join(one.text.split()) for one in paragraphs), LineKind.HEADING, level=1, page=page)
        return
    for paragraph in paragraphs:
        item = is_body and len(paragraphs) > 1
        text = paragraph.text.replace("\v", "\n")
        out.add(text, LineKind.ITEM if item else LineKind.TEXT, level=paragraph.level + 1 if item else 0, page=page)
