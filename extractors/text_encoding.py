"""From bytes to characters: declared, detected and wrongly declared encodings.

Belongs here: choosing an encoding and decoding. Does not belong here: entities of HTML (`html_source`), what the
characters mean.

A byte order mark wins; then UTF-8 where the bytes are UTF-8, whatever is declared; then the declared encoding where the
text it gives is plausible; then the most plausible one of those that official sites were seen to use.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

SAMPLE_BYTES = 65_536
SUPERSETS: dict[str, str] = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "iso8859-9": "cp1254", "tis-620": "cp874", "iso8859-11": "cp874", "big5": "big5hkscs", "euc_kr": "cp949",
    "shift_jis": "cp932", "x-sjis": "cp932", "iso8859-8-i": "iso8859-8", "utf-7": "utf-8",
}  # fmt: skip
"""Encodings that pages declare and the superset that browsers decode them with (WHATWG Encoding Standard)."""

_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.\-]+)")
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
          (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Decoded:
    """Characters with the encoding that gave them; `note` says so when a declaration was wrong."""

    text: str
    encoding: str
    note: str = ""


def looks_like_utf16(payload: bytes) -> bool:
    """Tell whether bytes are UTF-16: by its mark, or because every other byte of mostly ASCII text is zero."""
    if payload.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return _unmarked_utf16(payload) != ""


def _unmarked_utf16(payload: bytes) -> str:
    sample = payload[:2048]
    if len(sample) < 8:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.35 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.35 * half and odd < 0.02 * half:
        return "utf-16-be"
    return ""


def decode(payload: bytes, *, declared_charset: str = "", is_markup: bool = False) -> Decoded:
    """Return the characters of a text payload; never raises, what no encoding explains becomes U+FFFD.

    `is_markup` looks for `<meta charset>` and an XML declaration, after the charset that the server declared.
    """
    for mark, encoding in _MARKS:
        if payload.startswith(mark):
            return Decoded(_clean(payload[len(mark) :].decode(encoding, "replace")), encoding)
    if utf16 := _unmarked_utf16(payload):
        return Decoded(_clean(payload.decode(utf16, "replace")), utf16)
    declared = _declared(payload, declared_charset, is_markup)
    if _is_utf8(payload):
        return Decoded(_clean(payload.decode("utf-8", "replace")), "utf-8", _note(declared, "utf-8", payload))
    from extractors.text_plausibility import choose_encoding

    encoding = choose_encoding(_sample(payload, is_markup), tuple(declared))
    return Decoded(_clean(payload.decode(encoding, "replace")), encoding, _note(declared, encoding, payload))


def known_encoding(label: str) -> str:
    """Return Python's name of the encoding that browsers use for a label; empty when nobody knows it."""
    try:
        name = codecs.lookup(label.strip().lower()).name
        b"a".decode(name)
    except (LookupError, UnicodeError, ValueError):
        return ""
    return SUPERSETS.get(name, name)


def _declared(payload: bytes, declared_charset: str, is_markup: bool) -> list[str]:
    labels = [declared_charset] if declared_charset else []
    if is_markup:
        head = payload[:8192]
        labels += [
            match.group(1).decode("ascii") for match in (_META.search(head), _XML_DECLARATION.search(head)) if match
        ]
    encodings = (known_encoding(label) for label in labels)
    return list(dict.fromkeys(name for name in encodings if name and not name.startswith("utf-16")))


def _is_utf8(payload: bytes) -> bool:
    """UTF-8 as a whole, or but for a few broken bytes among many sound sequences (a cut or patched page)."""
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        high = sum(len(run) for run in re.findall(rb"[\x80-\xff]+", payload[:4_000_000]))
        broken = payload[:4_000_000].decode("utf-8", "replace").count("\ufffd")
        return high > 0 and broken * 20 < high
    return True


def _sample(payload: bytes, is_markup: bool) -> bytes:
    """Bytes to judge by: without tags, around the places that are not ASCII."""
    if is_markup:
        payload = _TAG.sub(b" ", payload[:2_000_000])
    runs, size = [], 0
    for match in re.finditer(rb"[^\n]{0,200}[\x80-\xff][^\n]{0,200}", payload):
        runs.append(match.group())
        size += len(runs[-1])
        if size > SAMPLE_BYTES:
            break
    return b"\n".join(runs)


def _clean(text: str) -> str:
    """Line ends as `\\n`, no half surrogates, no zero bytes: what every text layer keeps to."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode("utf-8")  # many times quicker than a search
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def _note(declared: list[str], used: str, payload: bytes) -> str:
    if not declared or used in declared or payload.isascii():
        return ""
    return f"The text was declared as {declared[0]}, but its bytes are {used}."
