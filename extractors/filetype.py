"""Tell a payload's format by its bytes.

Belongs here: signatures, the look into a ZIP's directory, and the sentence for a payload that is not what it was
declared to be. Does not belong here: reading any of the formats.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from extractors.office_package import BROKEN_ZIP
from extractors.text_encoding import looks_like_utf16

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"BZh", "bzip2"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
"""First bytes and the format they name."""

ZIP_MEMBERS: tuple[tuple[str, str], ...] = (
    ("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx"), ("xl/workbook.xml", "xlsx"),
    ("META-INF/container.xml", "epub"), ("xl/workbook.bin", "xlsb"),
)  # fmt: skip
"""A member that only one format has."""

MIMETYPES: dict[str, str] = {
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
"""What the member `mimetype` of a ZIP names."""

TYPES: dict[str, str] = {
    "application/pdf": "pdf", "text/html": "html", "application/xhtml+xml": "html", "text/plain": "txt",
    "text/markdown": "md", "application/msword": "ole", "application/rtf": "rtf", "text/rtf": "rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/zip": "zip", "image/png": "png", "image/jpeg": "jpeg", "image/tiff": "tiff", **MIMETYPES,
}  # fmt: skip
"""Declared media types of the formats that are read."""

EXTENSIONS: dict[str, str] = {
    "pdf": "pdf", "html": "html", "htm": "html", "xhtml": "html", "txt": "txt", "md": "md", "markdown": "md",
    "docx": "docx", "pptx": "pptx", "xlsx": "xlsx", "odt": "odt", "rtf": "rtf", "epub": "epub", "doc": "ole",
    "zip": "zip", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "tif": "tiff", "tiff": "tiff",
}  # fmt: skip
"""Endings of names; consulted only among text formats and to say that a name lies."""

NAMES: dict[str, str] = {
    "pdf": "PDF", "html": "HTML page", "txt": "plain text", "md": "Markdown text", "ole": "old binary Office file",
    "docx": "Word file", "pptx": "PowerPoint file", "xlsx": "Excel file", "odt": "OpenDocument text", "rtf": "RTF text",
    "epub": "EPUB book", "zip": "ZIP archive", "png": "picture", "jpeg": "picture", "tiff": "picture", "gif": "picture",
    "riff": "picture, sound or film", "gzip": "compressed file", "7z": "7-Zip archive", "rar": "RAR archive",
    "bzip2": "compressed file", "program": "program", "binary": "binary file of unknown kind",
    "xlsb": "binary Excel file",
    "odp": "OpenDocument presentation", "ods": "OpenDocument spreadsheet", "xml": "XML file", "empty": "empty file",
}  # fmt: skip
"""How a reviewer calls a format."""

_HTML_START = re.compile(
    rb"(?:<!--.*?-->|<\?xml[^>]*>|\s)*<(?:!doctype\s+html|html|head|body|title|meta|script|style|div|table|p|h[1-6]|a|br|"
    rb"font|center|frameset|ul|ol|article|section|main|header|nav|form|span|b|link|iframe)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_HTML_ROOT = re.compile(rb"<(?:!doctype\s+html|html[\s>]|body[\s>])", re.IGNORECASE)
_XML_START = re.compile(rb"\s*<(?:\?xml|[A-Za-z_][\w:.-]*[\s>/])")
_TEXT_BYTES = bytes({7, 8, 9, 10, 11, 12, 13, 27} | set(range(0x20, 0x100)))


@dataclass(frozen=True)
class FileType:
    """A format and, where the payload is not what it was declared to be, a sentence that says so."""

    format: str
    note: str = ""


def detect(payload: bytes, *, declared_type: str = "", name: str = "") -> FileType:
    """Return the format of a payload by its bytes; declared type and name decide only between text formats."""
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    media_type = declared_type.partition(";")[0].strip().lower()
    found = _by_bytes(payload, TYPES.get(media_type, ""), EXTENSIONS.get(extension, ""))
    return FileType(found, _note(found, TYPES.get(media_type, ""), EXTENSIONS.get(extension, "")))


def _by_bytes(payload: bytes, declared: str, named: str) -> str:
    if not payload.strip(b"\x00 \t\r\n\f"):
        return "empty"
    for signature, format_name in SIGNATURES:
        if payload.startswith(signature) and (len(signature) > 2 or _has_controls(payload[:512])):
            return format_name
    if payload.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(payload)
    start = payload[:4096]
    if looks_like_utf16(payload):
        start = start.replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    elif b"%PDF-" in payload[:1024] and not _HTML_START.match(start):
        return "pdf"
    elif payload[:4096].count(b"\x00") > 8 or _has_controls(start):
        return "binary"
    return _text_format(start.removeprefix(b"\xef\xbb\xbf"), declared, named)


def _text_format(start: bytes, declared: str, named: str) -> str:
    if named == "md" or declared == "md":
        return "html" if start.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")) else "md"
    if _HTML_START.match(start) or _HTML_ROOT.search(start):
        return "html"
    if declared == "html" or (named == "html" and declared in {"", "html"}):
        return "html"
    if _XML_START.match(start) and start.lstrip().startswith(b"<?xml"):
        return "xml"
    return "txt"


def _has_controls(start: bytes) -> bool:
    """More than a few control characters that no text holds."""
    return len(start.translate(None, _TEXT_BYTES)) > max(2, len(start) // 50)


def with_article(format_name: str) -> str:
    """Return how a reviewer calls a format, with its article."""
    name = NAMES.get(format_name, format_name)
    return f"{'an' if name[0] in 'aeiouEOX' or name.startswith(('RTF', 'HTML')) else 'a'} {name}"


def _zip_format(payload: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            names = set(archive.namelist()[:20_000])
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return MIMETYPES.get(archive.read("mimetype").decode("ascii", "replace").strip(), "zip")
            known = next((format_name for member, format_name in ZIP_MEMBERS if member in names), "")
            return known or _by_main_part(archive, names)
    except BROKEN_ZIP:
        return "zip"  # its backend says what is damaged


def _by_main_part(archive: zipfile.ZipFile, names: set[str]) -> str:
    """Return the format of an Office file whose main part has another name than Word gives it (`document2.xml`)."""
    types = "[Content_Types].xml"
    if types not in names or archive.getinfo(types).file_size > 2**20:
        return "zip"
    return "docx" if b"wordprocessingml.document.main+xml" in archive.read(types) else "zip"


def _note(found: str, declared: str, named: str) -> str:
    text_formats = {"txt", "md", "xml"}
    for claimed, source in ((declared, "Declared"), (named, "Named")):
        if not claimed or claimed == found or {claimed, found} <= text_formats or found == "empty":
            continue
        if claimed in {"txt", "zip"} and source == "Declared":
            continue  # servers send these for everything they do not know
        return f"{source} as {NAMES.get(claimed, claimed)}, but by its bytes it is {with_article(found)}."
    return ""
