"""Time grows with the text and no faster: a passage without an end, mixed scripts, noise of a scanner."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime

import pytest

from evidence.find import find_evidence
from evidence.matcher import Matcher, load_matcher
from extractors.documents import local_document
from questionnaire.instrument import load_instrument
from tests.evidence.test_units import reading_of

SMALL, LARGE = 100_000, 1_000_000
NOISE = "abcdeéñçабвгдабجحخدرسش网络安全信息 \n.;:()0123456789\u200f\ufeff‑–•\u0301\u0640"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_matcher(load_instrument())


def seconds(matcher: Matcher, text: str, language: str) -> float:
    reading = reading_of(text, language=language)
    document = local_document("ZZZ", "x.txt", reading, opened_at=datetime(2026, 11, 20, tzinfo=UTC))
    began = time.process_time()
    for row in find_evidence(matcher, document, reading, today=date(2026, 11, 20)):
        assert reading.text[row.start : row.end] == row.quote
    return time.process_time() - began


def repeated(text: str, size: int) -> str:
    return (text * (size // len(text) + 1))[:size]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "critical information infrastructure shall be protected and "),
        ("zh", "网络安全和信息"),
        ("ar", "الأمن السيبراني وحماية البيانات الشخصية "),
        ("en", "x"),
        ("en", "not been "),
    ],
)
def test_a_megabyte_without_a_full_stop(matcher: Matcher, language: str, text: str) -> None:
    seconds(matcher, repeated(text, 3000), language)
    small = seconds(matcher, repeated(text, SMALL), language)
    large = seconds(matcher, repeated(text, LARGE), language)
    assert large < 10 * 4 * max(small, 0.02)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_noise_and_mixed_scripts(matcher: Matcher, language: str) -> None:
    rng = random.Random(language)
    seconds(matcher, "".join(rng.choices(NOISE, k=3000)), language)
    small = seconds(matcher, "".join(rng.choices(NOISE, k=SMALL // 2)), language)
    large = seconds(matcher, "".join(rng.choices(NOISE, k=LARGE // 2)), language)
    assert large < 10 * 4 * max(small, 0.02)
