"""What a reader is asked to do, and within which limits.

Belongs here: the request and the limits that every backend obeys. Does not belong here: how limits are enforced on a
process (`isolation`, `reader`).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class ReadLimits:
    """Limits of one reading; what goes over one ends in a status with a reason, never in a hang."""

    payload_bytes: int = 256 * 2**20
    """Largest payload that is read."""
    memory_bytes: int = 2**30
    """Address space of a worker process."""
    cpu_seconds: int = 120
    """Processor time for one payload."""
    wall_seconds: float = 180.0
    """Time for one payload; each page of OCR that is allowed adds `ocr_seconds`."""
    ocr_seconds: float = 45.0
    """Time that one page of OCR may take."""
    pages: int = 6000
    """Pages read of one document; the rest is named in the reason."""
    characters: int = 40_000_000
    """Length of a text layer; the rest is named in the reason."""
    nodes: int = 2_000_000
    """Elements of an HTML or XML tree, cells of a sheet, objects of a PDF page."""
    unpacked_bytes: int = 512 * 2**20
    """Sum of the members of an archive (office file, ZIP) after unpacking."""
    members: int = 5000
    """Members of an archive."""


@dataclass(frozen=True, kw_only=True)
class ReadRequest:
    """One payload's circumstances; the payload itself travels beside it."""

    name: str
    """File name or last part of the address; used for its ending only where the bytes leave a doubt."""
    format: str = ""
    """Format by the bytes, which a backend of several formats is told; empty before the bytes were looked at."""
    payload_digest: str = ""
    """SHA-256 of the payload."""
    declared_type: str = ""
    """Media type that the server declared, or empty."""
    declared_charset: str = ""
    """Charset that the server declared, or empty."""
    language_hints: tuple[str, ...] = ()
    """Languages to expect (those of the country), ISO 639-1; used for OCR and for unsure short text."""
    ocr_pages: int = 0
    """Pages that may be read by OCR in this run."""
    ocr_dir: str = ""
    """Folder that keeps pages once read by OCR, so that a resumed run reads only the rest; empty keeps none."""
    renditions: bool = True
    """Whether page numbers are taken from a rendition where a format has none and LibreOffice is installed."""
    depth: int = 0
    """Archives around the payload."""
    limits: ReadLimits = field(default_factory=ReadLimits)

    @property
    def extension(self) -> str:
        """Ending of the name, lower case, without the dot."""
        return self.name.rsplit(".", 1)[-1].lower() if "." in self.name else ""
