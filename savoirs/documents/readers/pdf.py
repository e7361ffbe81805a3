"""PDF: pypdf looks first, pypdfium2 gives each character with its place, ``page_layout`` makes lines of them."""

from __future__ import annotations

import ctypes
import io
import subprocess
from collections.abc import Iterator
from typing import Any, BinaryIO

from savoirs.documents.readers.gathered import Gathered
from savoirs.documents.readers.page_layout import Fragment, PageLine, body_size, page_lines
from savoirs.documents.text import Line, LineKind
from savoirs.errors import SavoirsError

_FEWEST_CHARS = 8
"""A page with fewer characters than this, on the average, was scanned."""

_BIGGER = 1.15
_BOLD = 600
_LONGEST_HEADING = 140
_MOST_LEVELS = 4
_MOST_STREAM_BYTES = 75_000_000
_ASLANT, _FULL_TURN = 0.1, 6.2832
"""Angles in radians: a character turned more than the first is not part of the running text."""

_HYPHENS = "\x02\ufffe\xad"
"""What PDFium gives for a hyphen at the end of a line."""

_END_BYTES = 4096
"""How far from its end a PDF says that it ends."""

_OCR_SCALE = 200 / 72
_OCR_PAGES = 60


def lines(file: BinaryIO, max_pages: int, ocr: str | None, timeout_s: float) -> tuple[list[Line], int, bool]:
    """The lines of a document, how many pages it has, and whether its text had to be recognised.

    Args:
        file: The document.
        max_pages: The most pages it may have.
        ocr: The path of tesseract, for pages that are images; None when there is none.
        timeout_s: How long tesseract may take for a page.

    Raises:
        SavoirsError: ``document_encrypted``, ``document_damaged``, ``document_too_many_pages``,
            ``document_too_heavy``, ``document_too_long`` or ``document_scanned``.
    """
    import pypdfium2  # noqa: PLC0415  (in the child process only)

    _look(file, max_pages)
    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise SavoirsError("document_encrypted" if locked else "document_damaged") from error
    if count > max_pages:
        raise SavoirsError("document_too_many_pages", maximum=max_pages)
    if count == 0:
        raise SavoirsError("document_damaged")
    pages = [_page(document, number) for number in range(count)]
    chars = sum(len(line.text) for page in pages for line in page)
    if chars >= _FEWEST_CHARS * count:
        return _gathered(pages), count, False
    if ocr is None and chars == 0:
        raise SavoirsError("document_scanned")
    if ocr is None:
        return _gathered(pages), count, False
    return _recognised(document, min(count, _OCR_PAGES), ocr, timeout_s), count, True


def _look(file: BinaryIO, max_pages: int) -> None:
    """Refuse what pypdf already sees: too many pages, a password, a stream that unfolds too much.

    What pypdf cannot read, pypdfium2 often can, within the limits of the process: only clear refusals count.
    """
    from pypdf import PdfReader, errors  # noqa: PLC0415  (in the child process only)

    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - _END_BYTES))
    if b"%%EOF" not in file.read():
        raise SavoirsError("document_damaged")  # PDFium would mend it, and half of a document would pass for all of it
    file.seek(0)
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise SavoirsError("document_encrypted")
        if len(reader.pages) > max_pages:
            raise SavoirsError("document_too_many_pages", maximum=max_pages)
        for page in reader.pages:
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > _MOST_STREAM_BYTES:
                raise SavoirsError("document_too_heavy")
    except errors.LimitReachedError as error:
        raise SavoirsError("document_too_heavy") from error
    except (SavoirsError, MemoryError):
        raise
    except Exception:
        return


def _page(document: Any, number: int) -> list[PageLine]:
    """The lines of a page, what is written aslant last: watermarks, side notes."""
    fragments = list(_fragments(document, number))
    upright = page_lines([one for one in fragments if not one.aslant])
    aslant = [" ".join(one.text.split()) for one in fragments if one.aslant]
    return [*upright, *(PageLine(text, 0.1, False, place == 0) for place, text in enumerate(aslant))]


def _fragments(document: Any, number: int) -> Iterator[Fragment]:
    """The runs of characters of a page, in the order of the file.

    Two calls a character, and two more a run: each call into PDFium takes a microsecond, and a page has thousands.
    """
    from pypdfium2 import raw  # noqa: PLC0415

    page = document[number]
    text_page = page.get_textpage()
    handle, box = text_page.raw, raw.FS_RECTF()
    pointer = ctypes.byref(box)
    unicode_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    run = Fragment()
    for index in range(text_page.count_chars()):
        char = chr(unicode_of(handle, index))
        if char in "\r\n":
            yield from run.closed()
            run = Fragment()
        elif char.isspace():
            run.text += " "
        else:
            box_of(handle, index, pointer)
            place = (box.left, box.bottom, box.right, box.top)
            if not run.continues(place):
                yield from run.closed()
                run = Fragment()
            if not run.chars:
                run.aslant = _ASLANT < raw.FPDFText_GetCharAngle(handle, index) < _FULL_TURN - _ASLANT
                run.bold = raw.FPDFText_GetFontWeight(handle, index) >= _BOLD
            run.take("-" if char in _HYPHENS else char, place)
    yield from run.closed()
    text_page.close()
    page.close()


def _gathered(pages: list[list[PageLine]]) -> list[Line]:
    out = Gathered()
    body = body_size(line for page in pages for line in page)
    bold_share = _bold_share(pages)
    sizes = sorted({_step(line.size, body) for page in pages for line in page if line.size >= _BIGGER * body})
    ranks = {size: min(_MOST_LEVELS, place + 1) for place, size in enumerate(reversed(sizes))}
    for number, page in enumerate(pages, 1):
        out.gap(number)
        for line in page:
            if line.apart:
                out.gap(number)
            level = ranks.get(_step(line.size, body), 0) if line.size >= _BIGGER * body else 0
            if not level and line.bold and bold_share < 0.4 and not line.text.endswith((".", ",", ";")):
                level = _MOST_LEVELS
            after = bool(out.lines) and out.lines[-1].kind is LineKind.HEADING  # « 2025 », below a title cut in lines
            if level and len(line.text) <= _LONGEST_HEADING and (after or any(char.isalpha() for char in line.text)):
                out.add(line.text, LineKind.HEADING, level=level, page=number, whole=False)
            else:
                out.add(line.text, page=number, whole=False)
    return out.lines


def _step(size: float, body: float) -> int:
    """Sizes that the eye does not tell apart are one."""
    return round(size / body * 10)


def _bold_share(pages: list[list[PageLine]]) -> float:
    chars = sum(len(line.text) for page in pages for line in page)
    return sum(len(line.text) for page in pages for line in page if line.bold) / max(1, chars)


def _recognised(document: Any, count: int, ocr: str, timeout_s: float) -> list[Line]:
    out = Gathered()
    for number in range(count):
        image = document[number].render(scale=_OCR_SCALE, grayscale=True).to_pil()
        data = io.BytesIO()
        image.save(data, "PNG")
        try:
            ran = subprocess.run(  # noqa: S603  (a program of the administrator’s, on an image of ours)
                [ocr, "stdin", "stdout", "-l", "fra"],
                input=data.getvalue(),
                capture_output=True,
                timeout=timeout_s,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise SavoirsError("document_scanned") from error
        out.gap(number + 1)
        for line in ran.stdout.decode("utf-8", "replace").splitlines():
            out.add(line.strip(), page=number + 1, whole=False)
    if not any(line.text for line in out.lines):
        raise SavoirsError("document_scanned")
    return out.lines
