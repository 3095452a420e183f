"""From captures to documents: what stands is taken over, what is new is read."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from extractors.documents import is_kept, read_country
from extractors.reader import ReaderPool
from extractors.version import READER_VERSION
from sources.country_files import load_country
from store.settings import Settings
from store.tables import CaptureRow, DocumentRow

COUNTRY = load_country("XDM")
MOMENT = datetime(2026, 11, 20, tzinfo=UTC)


def capture(url: str, digest: str, **changes: Any) -> CaptureRow:
    blank = {str: "", int: 0, bool: False, datetime: MOMENT}
    values: dict[str, Any] = {
        spec.name: next(
            (empty for kind, empty in blank.items() if str(spec.type).startswith(f"Annotated[{kind.__name__}")), None
        )
        for spec in fields(CaptureRow)
    }
    values |= {"url": url, "payload_digest": digest, "http_status": 200, "quality": 1.0, "payload_bytes": 9}
    return CaptureRow(**{**values, "captured_at": MOMENT, "warc_file": "gone.warc.gz", **changes})


def document(digest: str, **changes: Any) -> DocumentRow:
    row = DocumentRow(
        country="XDM", document_id=digest, name="old", url="https://old.example/a", other_urls=(), captured_at=MOMENT,
        origin="", source_kind="", official=False, format="html", status="read", reason="", title="Act", language="en",
        languages=("en",), published_on=None, pages=0, characters=9, reader_version=READER_VERSION, text_layer_id="t",
    )  # fmt: skip
    return replace(row, **changes)


class Unused:
    """A pool that must not be asked."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError("a document that stands was read again")


def test_a_known_document_is_taken_over_with_what_its_captures_say_now(tmp_path: Path) -> None:
    host = COUNTRY.official_domains[0]
    found = [capture(f"https://{host}/new", "d1"), capture(f"https://{host}/new/again", "d1")]
    known = {"d1": document("d1", reason="Pages 3 to 9 were not read.")}
    read = read_country(
        Settings(data_dir=tmp_path), COUNTRY, found, cast(ReaderPool, Unused()), lambda *told: None, known=known
    )
    assert read.kept == {"d1"}
    assert not read.passages
    (row,) = read.documents
    assert (row.url, row.other_urls, row.official) == (f"https://{host}/new", (f"https://{host}/new/again",), True)
    assert (row.title, row.text_layer_id) == ("Act", "t")
    assert [issue.message for issue in read.issues] == ["Pages 3 to 9 were not read."]


def test_another_reader_version_or_an_hour_too_short_means_reading_again() -> None:
    assert is_kept(document("d1"))
    assert is_kept(document("d1", status="encrypted"))
    assert not is_kept(document("d1", reader_version="0"))
    assert not is_kept(document("d1", status="timeout"))
