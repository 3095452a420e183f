"""The ZIP package that an office file is, opened behind limits.

Belongs here: checks on members before anything is unpacked, and safe XML. Does not belong here: any format's own
content.

A member's declared size bounds what `zipfile` ever unpacks of it, so the sum of declared sizes is a true bound.
Nothing is ever written to disk, so a member's path can lead nowhere; paths that try are refused all the same.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

from extractors.request import ReadLimits

MAX_RATIO = 200
"""Unpacked to packed bytes of one member that is larger than `RATIO_FREE`; prose packs 3 to 10, XML tables up to 60."""
RATIO_FREE = 4 * 2**20


BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, OSError, OverflowError, ValueError,
    RuntimeError,
)  # fmt: skip
"""What `zipfile` raises for a broken package or member: OSError for bzip2, OverflowError for places beyond the file,
ValueError for names that are no text, RuntimeError for unknown methods and passwords. MemoryError is none of it: a
large member may be sound.
"""


class PackageError(Exception):
    """An office file that must not or cannot be unpacked; `status` and the message are the reading's."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


class Package:
    """An opened package; use `read` and `xml`."""

    def __init__(self, payload: bytes, limits: ReadLimits, kind: str) -> None:
        """Open and check; raises PackageError. `kind` is how a reviewer calls the file."""
        self._kind = kind
        self._limits = limits
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(payload))
        except BROKEN_ZIP as error:
            raise PackageError("damaged", f"The {kind} is damaged: its package cannot be opened ({error}).") from error
        self.members = self._archive.infolist()
        self._check()

    def _check(self) -> None:
        limits, kind = self._limits, self._kind
        if len(self.members) > limits.members:
            raise PackageError(
                "too_large", f"The {kind} holds {len(self.members)} members; the limit is {limits.members}."
            )
        total = sum(member.file_size for member in self.members)
        if total > limits.unpacked_bytes:
            raise PackageError(
                "too_large", f"The {kind} would unpack to {total:,} bytes; the limit is {limits.unpacked_bytes:,}."
            )
        for member in self.members:
            if member.flag_bits & 0x1:
                raise PackageError(
                    "encrypted", f"The {kind} is locked with a password; ask the publisher for an open copy."
                )
            if member.file_size > RATIO_FREE and member.file_size > MAX_RATIO * max(1, member.compress_size):
                raise PackageError(
                    "too_large",
                    f"The {kind} is a decompression bomb: '{member.filename[:80]}' grows to {member.file_size:,} bytes "
                    f"from {member.compress_size:,}.",
                )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members."""
        return tuple(member.filename for member in self.members)

    def read(self, name: str) -> bytes | None:
        """Return a member's bytes, None when there is no such member; raises PackageError when it is damaged."""
        try:
            return self._archive.read(name)
        except KeyError:
            return None
        except BROKEN_ZIP as error:
            raise PackageError("damaged", f"The {self._kind} is damaged: '{name[:80]}' cannot be unpacked.") from error

    def xml(self, name: str) -> Any | None:
        """Return a member's root element, None when there is no such member; raises PackageError when it is no XML."""
        payload = self.read(name)
        return None if payload is None else parse_xml(payload, self._kind, name)


def parse_xml(payload: bytes, kind: str, name: str) -> Any:
    """Parse XML without entities, network, DTD or huge trees; raises PackageError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(payload, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PackageError("damaged", f"The {kind} is damaged: '{name[:80]}' is no valid XML ({error}).") from error


def refuse_encrypted(package: Package, kind: str) -> None:
    """Raise PackageError for an OpenDocument file that is locked."""
    manifest = package.read("META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in manifest:
        raise PackageError("encrypted", f"The {kind} is locked with a password; ask the publisher for an open copy.")


def is_unsafe(name: str) -> bool:
    """Tell whether a member's path tries to leave the folder it would be unpacked to."""
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or (len(path) > 1 and path[1] == ":") or "\x00" in path
