"""Office files that attack their reader end in a status and a sentence, within limits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from extractors.formats import parse
from extractors.layout import Layout
from extractors.office_package import is_unsafe
from extractors.reader import ReaderPool
from extractors.request import ReadLimits, ReadRequest
from store.readings import Reading
from tests.extractors.office.conftest import WORD, pack, paragraph, run, shown, word_file
from tests.extractors.pdf.conftest import write_pdf

Read = Callable[..., Layout]
SMALL = ReadLimits(unpacked_bytes=300_000, members=20, nodes=50)


def nest(payload: bytes, depth: int) -> bytes:
    for level in range(depth):
        payload = pack({f"inner{level}.zip" if level else "act.txt": payload})
    return payload


ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Act &c; &x; end</w:t></w:r></w:p></w:body></w:document>'
)


def _locked_zip() -> bytes:
    payload = bytearray(pack({"act.txt": "The Authority is established."}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        payload[payload.index(signature) + offset] |= 1
    return bytes(payload)


@pytest.mark.parametrize(
    ("payload", "name", "status", "words"),
    [
        (word_file(paragraph(run("A" * 400_000))), "a.docx", "too_large", "would unpack to"),
        (pack({f"{n}.txt": "x" for n in range(30)}), "a.zip", "too_large", "30 members"),
        (word_file("".join(paragraph(run("x")) for _ in range(60))), "a.docx", "too_large", "more than 50 parts"),
        (word_file("<w:p><w:r>"), "a.docx", "damaged", "no valid XML"),
        (
            pack({"word/document.xml": "<a/>", "[Content_Types].xml": "<Types/>"}),
            "a.docx",
            "damaged",
            "no document part",
        ),
        (word_file("<w:p/>"), "a.docx", "no_text", "no text"),
        (pack({"word/document.xml": "<a/>"})[:60], "a.docx", "damaged", ""),
        (_locked_zip(), "a.zip", "encrypted", "password"),
        (pack({"xl/workbook.xml": "<a/>"}), "a.xlsx", "damaged", "Excel"),
        (pack({"ppt/presentation.xml": "<a/>"}), "a.pptx", "damaged", "PowerPoint"),
        (b"{\\rtf1}", "a.rtf", "no_text", "RTF"),
        (b"{\\rtf1 " + b"x\\par " * 60 + b"}", "a.rtf", "too_large", "more than 50 parts"),
        (b"{\\rtf1 x" + b"{\\footnote x}" * 60 + b"}", "a.rtf", "too_large", "more than 50 parts"),
        (b"{\\rtf1 x" + b"\\cell" * 60 + b"}", "a.rtf", "too_large", "more than 50 parts"),
    ],
    ids=[
        "size", "members", "nodes", "xml", "no document", "empty", "torn", "locked", "xlsx", "pptx", "rtf",
        "rtf paragraphs", "rtf notes", "rtf cells",
    ],
)  # fmt: skip
def test_each_fault_has_its_status(read_file: Read, payload: bytes, name: str, status: str, words: str) -> None:
    layout = read_file(payload, name, limits=SMALL)

    assert layout.status == status
    assert words in layout.reason
    assert layout.reason.endswith(".")


def _torn(members: dict[str, str], torn: str, method: int) -> bytes:
    """Return a package in which the packed bytes of one member are broken."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        start = archive.getinfo(torn).header_offset + 30 + len(torn)
        length = archive.getinfo(torn).compress_size
    payload = bytearray(stream.getvalue())
    payload[start : start + length] = b"\xff" * length
    return bytes(payload)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
    ids=["deflate", "stored", "bzip2", "lzma"],
)  # fmt: skip
@pytest.mark.parametrize("torn", ["mimetype", "[Content_Types].xml", "word/document.xml"])
def test_a_member_that_cannot_be_unpacked_is_the_fault_of_the_file(torn: str, method: int) -> None:
    members = {"act.txt": "The Authority is established by this law.", torn: "wordprocessingml.document.main+xml " * 5}
    reading = parse(_torn(members, torn, method), ReadRequest(name="a.docx", renditions=False))
    assert reading.status == "damaged"
    assert "cannot be unpacked" in reading.reason


def test_a_member_for_which_memory_is_too_small_is_not_called_damaged(
    read_file: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(archive: zipfile.ZipFile, name: str) -> bytes:
        raise MemoryError

    payload = word_file(paragraph(run("The Authority.")))
    monkeypatch.setattr(zipfile.ZipFile, "read", full)
    assert read_file(payload, "a.docx").status == "too_large"


def test_a_bomb_is_known_by_its_ratio(read_file: Read) -> None:
    layout = read_file(word_file("x", extra={"word/media/big.bin": b"\x00" * (8 * 2**20)}), "a.docx")
    assert (layout.status, "decompression bomb" in layout.reason) == ("too_large", True)


def test_entities_are_neither_expanded_nor_fetched(read_file: Read) -> None:
    layout = read_file(pack({"word/document.xml": ENTITIES, "[Content_Types].xml": "<Types/>"}), "a.docx")
    assert "root:" not in layout.text
    assert "haha" not in layout.text


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:\\evil.txt", "..\\evil.txt"])
def test_members_that_lead_out_of_an_archive_are_named_and_not_read(read_file: Read, name: str) -> None:
    assert is_unsafe(name)
    layout = read_file(pack({name: "The evil text.", "acts/act.txt": "The Authority is established."}), "a.zip")

    assert "evil text" not in layout.text
    assert "leads out of the archive" in layout.reason
    assert "The Authority is established." in layout.text


def test_documents_of_an_archive_are_joined_with_their_names(read_file: Read) -> None:
    payload = pack({
        "acts/one.docx": word_file(paragraph(run("First act."))), "two.txt": "Second act.",
        "photo.png": b"\x89PNG\r\n\x1a\n0", "__MACOSX/._two.txt": "noise",
    })  # fmt: skip
    layout = read_file(payload, "acts.zip")

    assert [(kind, text) for kind, _, text in shown(layout)] == [
        ("heading", "acts/one.docx"), ("paragraph", "First act."), ("heading", "two.txt"), ("paragraph", "Second act."),
    ]  # fmt: skip
    assert [block.role for block in layout.blocks] == ["navigation", "main", "navigation", "main"]
    assert "photo.png" in layout.reason
    assert layout.outline == ("acts/one.docx", "two.txt")


def test_pages_boxes_and_heads_of_a_file_in_an_archive_are_kept() -> None:
    act = write_pdf([[(60, 100, "The Authority shall:"), (60, 130, "(a) keep a register;")], [(60, 100, "Done.")]])
    inside = pack({"notes.txt": "A note that stands before the act.", "act.pdf": act})
    alone, archived = (
        parse(payload, ReadRequest(name=name)) for payload, name in ((act, "act.pdf"), (inside, "acts.zip"))
    )

    def known(reading: Reading) -> list[tuple[object, ...]]:
        return [(p.text, p.page, p.boxes, p.head, p.section[1:]) for p in reading.passages if p.page is not None]

    assert [(text, page, boxes, head) for text, page, boxes, head, _ in known(archived)] == [
        (p.text, p.page, p.boxes, p.head) for p in alone.passages
    ]
    assert {p.section[:1] for p in archived.passages if p.role == "main"} == {("notes.txt",), ("act.pdf",)}
    assert [(page.number, archived.text[page.start : page.end][:8].strip()) for page in archived.pages] == [
        (1, "The Auth"), (2, "Done."),
    ]  # fmt: skip
    for passage in archived.passages:
        assert archived.text[passage.start : passage.end] == passage.text
        if passage.head_start is not None:
            assert archived.text[passage.head_start : passage.head_end] == passage.head


def test_nested_archives_end_at_the_limit(read_file: Read) -> None:
    text = b"The Authority is established by this law."
    assert text.decode() in read_file(nest(text, 2), "a.zip").text
    deeper = read_file(nest(text, 3), "a.zip")
    assert deeper.status == "too_large"
    assert "nested deeper" in deeper.reason


def test_a_member_larger_than_it_says_stays_within_its_word(read_file: Read) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("act.txt", "The Authority. " * 50_000)
    payload = bytearray(stream.getvalue())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = payload.index(signature) + offset
        payload[place : place + 4] = (100).to_bytes(4, "little")
    layout = read_file(bytes(payload), "a.zip")
    assert len(layout.text) < 1000


def test_a_worker_survives_an_archive_of_archives() -> None:
    limits = ReadLimits(memory_bytes=600 * 2**20, wall_seconds=40, unpacked_bytes=30 * 2**20, characters=10**6)
    bomb = pack({f"{n}.docx": word_file(paragraph(run("B " * 300_000))) for n in range(40)})
    bomb = pack({f"{n}.zip": bomb for n in range(40)})
    with ReaderPool(limits) as pool:
        reading = pool.read(bomb, name="bomb.zip")
        after = pool.read(b"The Authority is established by this law.", name="a.txt")
    assert reading.status == "read"
    assert "too much text" in reading.reason
    assert after.status == "read"
