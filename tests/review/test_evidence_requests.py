"""Adding evidence: a request that a job takes up; the site itself fetches nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from review import services
from review.models import EvidenceRequest
from review.services.evidence_requests import EvidenceRequestError, check_address, check_upload, plain_name

BAD_ADDRESSES = [
    "file:///etc/passwd", "ftp://gov.example/x", "gopher://gov.example/", "javascript:alert(1)", "data:text/html,x",
    "//gov.example/x",
    "https://", "https:///x", "http://user:secret@gov.example/", "http://gov.example:22/", "http://gov.example:99999/",
    "https://gov.example/a b", "https://gov.example/\r\nHost: evil", "https://[::1",
    "https://gov.example/" + "a" * 2000,
    "https://gov.example/\u202etxt", "dict://127.0.0.1:11211/",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_addresses_that_no_job_shall_try(address):
    with pytest.raises(EvidenceRequestError):
        check_address(address)


def docx() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return sink.getvalue()


def other_zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("evil.exe", "MZ")
    return sink.getvalue()


@pytest.mark.parametrize(
    ("payload", "form"),
    [(b"%PDF-1.7 x", "pdf"), (docx(), "docx"), (b"<!doctype html><p>x", "html"), ("Loi n° 5".encode(), "txt")],
)
def test_uploads_are_known_by_their_bytes(payload, form):
    assert check_upload(payload) == form


@pytest.mark.parametrize(
    "payload", [b"", b"MZ\x00\x01", other_zip(), b"\x89PNG\r\n\x1a\n\x00", b"\xff\xfe\x00a", b"a\x00b"]
)
def test_other_uploads_are_refused(payload):
    with pytest.raises(EvidenceRequestError):
        check_upload(payload)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\law.pdf", "law.pdf"), ("a\r\nb.pdf", "ab.pdf"), ("", "file"),
        ("x" * 500, "x" * 120),
    ],
)  # fmt: skip
def test_file_names_are_for_display_only(name, shown):
    assert plain_name(name) == shown


@pytest.mark.django_db
class TestRequests:
    base = "/countries/FJI/questions/L.1.1/evidence/"

    def test_an_address_becomes_a_request_and_nothing_is_fetched(self, fiji, person, browse, monkeypatch):
        import socket

        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("the site resolved an address"))
        client = browse(person("rita"))
        client.post(self.base, {"address": "http://169.254.169.254/latest/meta-data", "note": "look"})
        (waiting,) = services.open_evidence_requests("FJI")
        assert (waiting.kind, waiting.address) == ("address", "http://169.254.169.254/latest/meta-data")
        services.settle_evidence_request(waiting.id, False, "The gate refuses private addresses.")
        assert services.open_evidence_requests("FJI") == []
        assert "The gate refuses private addresses." in client.get(self.base.replace("evidence/", "")).content.decode()

    def test_an_upload_lies_under_its_digest_with_mode_0600(self, fiji, person, browse):
        client = browse(person("rita"))
        client.post(self.base, {"file": SimpleUploadedFile("../../../evil.pdf", b"%PDF-1.4 law")})
        (waiting,) = services.open_evidence_requests("FJI")
        assert waiting.file.read_bytes() == b"%PDF-1.4 law"
        assert waiting.file.name == waiting.digest and waiting.file.parent == fiji.review_dir / "uploads"
        assert waiting.file.stat().st_mode & 0o777 == 0o600
        assert waiting.file_name == "evil.pdf"
        assert sorted(p.name for p in fiji.review_dir.rglob("*evil*")) == []

    def test_exactly_one_thing(self, fiji, person, browse):
        client = browse(person("rita"))
        answer = client.post(self.base, {"address": "https://gov.example/", "text": "The Act is in force."})
        assert answer.status_code == 422 and "exactly one" in answer.content.decode()
        assert client.post(self.base, {}).status_code == 422
        assert not EvidenceRequest.objects.exists()

    def test_too_large_or_of_another_kind(self, fiji, person, browse, monkeypatch):
        monkeypatch.setattr("review.services.evidence_requests.UPLOAD_BYTES", 1000)
        client = browse(person("rita"))
        for payload in (b"%PDF-" + b"x" * 2000, b"MZ\x00"):
            answer = client.post(self.base, {"file": SimpleUploadedFile("x.pdf", payload), "note": "keep me"})
            assert answer.status_code == 422 and "keep me" in answer.content.decode()
        assert not (fiji.review_dir / "uploads").exists()

    def test_nobody_fills_the_disk(self, fiji, person, browse, monkeypatch):
        monkeypatch.setattr("review.services.evidence_requests.MOST_WAITING", 3)
        client, other = browse(person("rita")), browse(person("ravi"))
        codes = [client.post(self.base, {"text": f"The Act number {n} is in force."}).status_code for n in range(5)]
        assert codes == [302, 302, 302, 422, 422]
        assert len(list((fiji.review_dir / "uploads").iterdir())) == 3
        assert other.post(self.base, {"text": "The Act is in force."}).status_code == 302

    @pytest.mark.parametrize(
        "path", ["..%2f..%2fetc%2fpasswd", "../../secret_key", "%2e%2e/secret_key", "..\\secret_key"]
    )
    def test_no_path_leads_out(self, fiji, person, browse, path):
        client = browse(person("ada", "administrator"))
        for address in (f"/static/{path}", f"/countries/FJI/sources/{path}/page/", f"/countries/{path}/", f"/{path}"):
            answer = client.get(address)
            assert answer.status_code in {404, 405}, address

    def test_a_crawl_takes_the_addresses_up_and_settles_them(self, fiji, person, browse):
        client = browse(person("rita"))
        addresses = [f"https://www.gov.example/{name}" for name in ("law", "gone", "later")]
        for address in addresses:
            client.post(self.base, {"address": address})
        assert services.addresses_asked_for("FJI") == addresses
        assert services.addresses_asked_for("TON") == []
        settled = services.settle_addresses("FJI", {addresses[0]}, {addresses[1]: "The server answered 404."})
        assert settled == 2
        assert services.addresses_asked_for("FJI") == addresses[2:]
        page = client.get(self.base.replace("evidence/", "")).content.decode()
        assert "Archived and read." in page and "The server answered 404." in page
