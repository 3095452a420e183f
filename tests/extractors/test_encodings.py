"""Encodings: declared, detected, wrongly declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.text_encoding import decode, known_encoding

SAMPLES = {
    "ar": "تنشأ بموجب أحكام هذا القانون هيئة وطنية للأمن السيبراني تتمتع بالشخصية الاعتبارية والاستقلال المالي والإداري.",
    "ru": "Настоящий Федеральный закон регулирует отношения, возникающие при обеспечении безопасности информационных систем.",
    "zh": "国家建立和完善网络安全标准体系，国务院有关部门根据各自的职责，组织制定网络安全管理的国家标准和行业标准。",
    "fr": "La présente loi crée une autorité chargée de la sécurité des systèmes d’information ; elle est placée auprès du Premier ministre.",
    "es": "Créase la Agencia Nacional de Ciberseguridad, que tendrá a su cargo la protección de la información pública del país.",
    "el": "Ο παρών νόμος ρυθμίζει την ασφάλεια των συστημάτων δικτύου και πληροφοριών στη χώρα και ιδρύει εθνική αρχή.",
    "he": "חוק זה מסדיר את ההגנה על מערכות המידע של המדינה ומקים רשות לאומית להגנת הסייבר בישראל.",
    "pl": "Ustawa określa organizację krajowego systemu cyberbezpieczeństwa oraz zadania i obowiązki podmiotów wchodzących w skład.",
    "tr": "Bu kanun, ülkenin siber güvenliğinin sağlanması için yapılacak işlemleri düzenler ve bir başkanlık kurulmasını öngörür.",
}
ENCODINGS = [
    ("ar", "windows-1256"), ("ar", "iso-8859-6"), ("ru", "windows-1251"), ("ru", "koi8-r"), ("ru", "iso-8859-5"),
    ("zh", "gbk"), ("fr", "windows-1252"), ("es", "iso-8859-1"), ("el", "iso-8859-7"), ("he", "windows-1255"),
    ("pl", "iso-8859-2"), ("tr", "iso-8859-9"), ("ru", "utf-16"), ("ar", "utf-16-le"), ("zh", "utf-8-sig"),
]  # fmt: skip


def page(text: str, meta: str = "") -> str:
    declaration = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{declaration}<title>t</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
@pytest.mark.parametrize("declared", ["rightly", "not", "as utf-8", "as latin-1"])
def test_a_page_is_decoded(language: str, encoding: str, declared: str) -> None:
    text = SAMPLES[language].encode(encoding, "ignore").decode(encoding).lstrip("\ufeff")
    labels = {"rightly": encoding, "not": "", "as utf-8": "utf-8", "as latin-1": "iso-8859-1"}
    payload = page(text, labels[declared]).encode(encoding)
    decoded = decode(payload, is_markup=True)
    assert text in decoded.text
    if declared.startswith("as") and not encoding.startswith("utf") and decoded.encoding not in {"cp1252"}:
        assert decoded.encoding in decoded.note


def test_the_server_says_before_the_page() -> None:
    payload = page(SAMPLES["ru"], "iso-8859-1").encode("windows-1251")
    assert SAMPLES["ru"] in decode(payload, declared_charset="windows-1251", is_markup=True).text


def test_a_cut_utf8_page_stays_utf8() -> None:
    payload = page(SAMPLES["ar"] * 3).encode()[:-40] + b"\xd8"
    assert decode(payload, is_markup=True).encoding == "utf-8"


def test_unknown_labels_are_no_error() -> None:
    assert known_encoding("x-no-such") == ""
    assert known_encoding("base64") == ""
    assert known_encoding("ISO-8859-1") == "cp1252"


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "windows-1256", "gbk", "nonsense"]))
def test_any_bytes_become_text_without_half_surrogates(payload: bytes, charset: str) -> None:
    text = decode(payload, declared_charset=charset, is_markup=True).text
    text.encode("utf-8")
    assert "\x00" not in text and "\r" not in text
