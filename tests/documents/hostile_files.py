"""Documents that mean harm, or are broken: each small, and made here."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.documents.making import changed_zip, pdf, shown, write_docx, write_odt, write_zip

MEGABYTE = 1 << 20
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha">'
    + "".join(f'<!ENTITY x{n} "{f"&x{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]><a>&x9;</a>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def unfolding_pdf(folder: Path) -> Path:
    """A PDF of some kilobytes whose page unfolds to a gigabyte."""
    packer = zlib.compressobj(1)
    chunk = b" " * MEGABYTE
    once = b"".join(packer.compress(chunk) for _ in range(1024)) + packer.flush()
    twice = zlib.compress(once, 9)
    path = folder / "deplie.pdf"
    path.write_bytes(pdf([twice], stream="/Filter [/FlateDecode /FlateDecode]"))
    return path


def zip_bomb(folder: Path) -> Path:
    """A Word document whose text is 60 MB of spaces."""
    plain = write_docx(folder / "plain.docx", [("text", "Bonjour")])
    return changed_zip(plain, folder / "bombe.docx", {"word/document.xml": b" " * (60 * MEGABYTE)})


def lying_zip(folder: Path) -> Path:
    """The same, its size understated where a zip tells it."""
    path = zip_bomb(folder)
    target = folder / "menteur.docx"
    size = (60 * MEGABYTE).to_bytes(4, "little")
    target.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))
    return target


def many_entries(folder: Path) -> Path:
    """A document of 6,000 files."""
    plain = write_docx(folder / "plain.docx", [("text", "Bonjour")])
    return changed_zip(plain, folder / "entrees.docx", {f"word/{n}.txt": "x" for n in range(6000)})


def xml_bomb(folder: Path) -> Path:
    """A Word document whose text is entities of entities."""
    plain = write_docx(folder / "plain.docx", [("text", "Bonjour")])
    return changed_zip(plain, folder / "entites.docx", {"word/document.xml": ENTITIES})


def outside_entity(folder: Path) -> Path:
    """An OpenDocument text that asks for a file of the machine."""
    plain = write_odt(folder / "plain.odt", [("text", "Bonjour")])
    return changed_zip(plain, folder / "dehors.odt", {"content.xml": OUTSIDE})


def hidden_entity(folder: Path) -> Path:
    """The same, in another encoding, so that plain bytes do not show it."""
    plain = write_odt(folder / "plain.odt", [("text", "Bonjour")])
    return changed_zip(plain, folder / "cache.odt", {"content.xml": OUTSIDE.encode("utf-16-le")})


def macros(folder: Path) -> Path:
    """A Word document with a Visual Basic project."""
    plain = write_docx(folder / "plain.docx", [("text", "Bonjour")])
    return changed_zip(plain, folder / "macros.docx", {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def climbing_names(folder: Path) -> Path:
    """A document with a file that would be written elsewhere."""
    plain = write_docx(folder / "plain.docx", [("text", "Bonjour")])
    return changed_zip(plain, folder / "noms.docx", {"../../etc/cron.d/x": "x"})


def program(folder: Path) -> Path:
    """A program with the name of a document."""
    path = folder / "rapport.pdf"
    path.write_bytes(b"MZ\x90\x00" + b"\0" * 500)
    return path


def program_as_text(folder: Path) -> Path:
    """A program with the name of a text."""
    path = folder / "notes.txt"
    path.write_bytes(b"\x7fELF\x02\x01\x01" + b"\0" * 500)
    return path


def binary_as_text(folder: Path) -> Path:
    """Bytes of no known kind with the name of a text."""
    path = folder / "octets.txt"
    path.write_bytes(bytes(range(256)) * 40)
    return path


def image(folder: Path) -> Path:
    """An image with the name of a document."""
    path = folder / "photo.pdf"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 200)
    return path


def wrong_extension(folder: Path) -> Path:
    """A Word document called a PDF."""
    path = write_docx(folder / "plain.docx", [("text", "Bonjour")])
    return path.rename(folder / "faux.pdf")


def truncated_docx(folder: Path) -> Path:
    """Half of a Word document."""
    data = write_docx(folder / "plain.docx", [("text", "Bonjour")]).read_bytes()
    path = folder / "moitie.docx"
    path.write_bytes(data[: len(data) // 2])
    return path


def truncated_pdf(folder: Path) -> Path:
    """Two thirds of a PDF."""
    data = pdf([shown(f"Page {n}", 50, 700).encode() for n in range(9)])
    path = folder / "moitie.pdf"
    path.write_bytes(data[: 2 * len(data) // 3])
    return path


def encrypted_pdf(folder: Path) -> Path:
    """A PDF that asks for a password."""
    import io

    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(pdf([shown("Secret", 50, 700).encode()])))
    writer.encrypt("mot de passe", algorithm="RC4-128")
    path = folder / "chiffre.pdf"
    writer.write(path)
    return path


def encrypted_docx(folder: Path) -> Path:
    """What Word writes for a document with a password."""
    path = folder / "chiffre.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    return path


def encrypted_odt(folder: Path) -> Path:
    """An OpenDocument text with a password."""
    plain = write_odt(folder / "plain.odt", [("text", "Bonjour")])
    manifest = '<?xml version="1.0"?><m:manifest xmlns:m="urn:x"><m:encryption-data/></m:manifest>'
    return changed_zip(plain, folder / "chiffre.odt", {"META-INF/manifest.xml": manifest})


def old_word(folder: Path) -> Path:
    """A Word document of the last century."""
    path = folder / "ancien.txt"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    return path


def empty(folder: Path) -> Path:
    """No byte at all."""
    path = folder / "vide.docx"
    path.touch()
    return path


def blank(folder: Path) -> Path:
    """A text without a word."""
    path = folder / "blanc.txt"
    path.write_text(" \n\n \t\n", "utf-8")
    return path


def scanned(folder: Path) -> Path:
    """A PDF whose pages have no text."""
    path = folder / "scan.pdf"
    path.write_bytes(pdf([b"0.5 g 50 50 300 400 re f"] * 2))
    return path


def too_many_pages(folder: Path) -> Path:
    """A PDF of 600 pages."""
    path = folder / "pages.pdf"
    path.write_bytes(pdf([b"BT ET"] * 600))
    return path


def unknown_type(folder: Path) -> Path:
    """A file of a kind that is not read."""
    path = folder / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42")
    return path


def archive(folder: Path) -> Path:
    """A zip that is no document."""
    return write_zip(folder / "archive.docx", {"a.txt": "a"})


def nested_html(folder: Path) -> Path:
    """A page with 20,000 elements one in the other; it has text, and is read."""
    path = folder / "profond.html"
    path.write_text("<div>" * 20_000 + "Bonjour à toutes et à tous" + "</div>" * 20_000, "utf-8")
    return path


def repeated_names(folder: Path) -> Path:
    """A zip that has the same file twice: which one is read is anybody's guess."""
    path = write_docx(folder / "plain.docx", [("text", "Bonjour")])
    with zipfile.ZipFile(path, "a") as zipped:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            zipped.writestr("word/document.xml", "<a/>")
    return path


REFUSED: dict[Callable[[Path], Path], str] = {
    zip_bomb: "document_too_heavy",
    lying_zip: "document_damaged",
    many_entries: "document_too_heavy",
    xml_bomb: "document_dtd",
    outside_entity: "document_dtd",
    hidden_entity: "document_dtd",
    macros: "document_macros",
    climbing_names: "document_bad_names",
    repeated_names: "document_bad_names",
    program: "document_executable",
    program_as_text: "document_executable",
    binary_as_text: "document_wrong_type",
    image: "document_wrong_type",
    wrong_extension: "document_wrong_type",
    archive: "document_wrong_type",
    truncated_docx: "document_damaged",
    truncated_pdf: "document_damaged",
    encrypted_pdf: "document_encrypted",
    encrypted_docx: "document_encrypted",
    encrypted_odt: "document_encrypted",
    old_word: "document_old_format",
    empty: "document_empty",
    blank: "document_no_text",
    scanned: "document_scanned",
    too_many_pages: "document_too_many_pages",
    unknown_type: "document_unknown_type",
    unfolding_pdf: "document_too_heavy",
}
"""Each hostile document, and the code it is refused with."""
