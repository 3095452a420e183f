"""Pictures of text to printed lines, with tesseract.

Belongs here: which languages to read in, orientation, one picture to lines with confidence. Does not belong here:
which pages of a PDF are read and what is kept of them (`pdf_scans`).

Tesseract runs as a program of its own, in one thread, with a time limit. Digits that it reads are unreliable, so a
line with digits never counts as more than `DIGIT_CONFIDENCE` sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytesseract
import yaml
from PIL import Image

from extractors.pdf_text import PrintedLine

DPI = 300
DIGIT_CONFIDENCE = 0.6
"""Most that a line with digits may count: on scans letters are right in 99.8 % of cases, digits are not."""
MAX_PIXELS = 40_000_000
_MAX_LANGUAGES = 3
_SURE_ORIENTATION = 1.5
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_DIGIT = re.compile(r"\d")


class OcrUnavailableError(Exception):
    """Tesseract or the data of a language is not installed; the message names what to install."""


class OcrFailedError(Exception):
    """A picture could not be read: tesseract failed."""


class OcrTimeoutError(OcrFailedError):
    """A picture was not read within the time limit; on a quieter machine it may be."""


@dataclass(frozen=True)
class OcrLanguages:
    """The language table, see `ocr_languages.yml`."""

    data: dict[str, str]
    packages: dict[str, str]
    scripts: dict[str, tuple[str, ...]]
    written_in: dict[str, str]


@dataclass(frozen=True)
class ReadPicture:
    """What was read of a picture; boxes in pixels of the picture as it was handed in, turned upright."""

    lines: tuple[PrintedLine, ...]
    turned: int
    """Degrees by which the picture had to be turned clockwise: 0, 90, 180, 270."""
    languages: str
    """Tesseract's names, joined by +."""


@cache
def language_table() -> OcrLanguages:
    """Return the language table of this package."""
    raw = yaml.safe_load((Path(__file__).parent / "ocr_languages.yml").read_text("utf-8"))
    return OcrLanguages(
        data={code: entry["data"] for code, entry in raw["languages"].items()},
        packages={code: entry["package"] for code, entry in raw["languages"].items()},
        scripts={script: tuple(codes) for script, codes in raw["scripts"].items()},
        written_in=raw["written_in"],
    )


@cache
def installed_data() -> frozenset[str]:
    """Return the language data that tesseract has here; empty when tesseract is not installed."""
    try:
        return frozenset(pytesseract.get_languages(config=""))
    except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError, OSError):
        return frozenset()


def require_ocr(hints: Sequence[str]) -> None:
    """Raise OcrUnavailableError when nothing can be read here, naming the packages to install."""
    if installed_data():
        return
    table = language_table()
    packages = ["tesseract-ocr", *(table.packages[code] for code in hints if code in table.packages)]
    raise OcrUnavailableError(f"tesseract is not installed; install it with: apt-get install {' '.join(packages)}")


def choose_languages(hints: Sequence[str], script: str) -> tuple[str, ...]:
    """Return tesseract's names of the languages to read in.

    `hints` are ISO 639-1 codes, most likely first; `script` is the writing system that the orientation step saw, or
    empty. Hints in another writing system are left out. Raises OcrUnavailableError when no data for them is
    installed.
    """
    table, installed = language_table(), installed_data()
    wanted = [code for code in hints if code in table.data]
    if script:
        wanted = [code for code in wanted if table.written_in.get(code, "Latin") == script]
    wanted += [code for code in table.scripts.get(script or "Latin", ()) if code not in wanted]
    present = [table.data[code] for code in wanted if table.data[code] in installed]
    if not present:
        packages = " ".join(table.packages[code] for code in wanted) or "tesseract-ocr-all"
        raise OcrUnavailableError(
            f"tesseract has no data for its language; install it with: apt-get install {packages}"
        )
    return tuple(dict.fromkeys(present))[:_MAX_LANGUAGES]


def read_picture(picture: Image.Image, hints: Sequence[str], seconds: float) -> ReadPicture:
    """Return the lines of a picture of text at about 300 dots an inch.

    Raises OcrUnavailableError, OcrTimeoutError when it takes longer than `seconds`, OcrFailedError when tesseract
    gives up.
    """
    require_ocr(hints)
    turned, script = _orientation(picture, seconds)
    if turned:
        picture = picture.rotate(-turned, expand=True)
    languages = "+".join(choose_languages(hints, script))
    try:
        table = pytesseract.image_to_data(
            picture, lang=languages, config=f"--psm 3 --dpi {DPI}", timeout=seconds,
            output_type=pytesseract.Output.DICT,
        )  # fmt: skip
    except pytesseract.TesseractError as error:  # a RuntimeError too, so it comes first
        raise OcrFailedError(str(error)[:200]) from error
    except RuntimeError as error:  # what pytesseract raises when the time is over
        raise OcrTimeoutError(str(error)[:200]) from error
    except OSError as error:
        raise OcrFailedError(str(error)[:200]) from error
    return ReadPicture(tuple(_lines(table)), turned, languages)


def _orientation(picture: Image.Image, seconds: float) -> tuple[int, str]:
    """Return the turn (degrees clockwise) and the writing system; 0 and empty where there is too little print."""
    if "osd" not in installed_data():
        return 0, ""
    small = picture.copy()
    small.thumbnail((2000, 2000))
    try:
        found = pytesseract.image_to_osd(small, config=f"--psm 0 --dpi {DPI}", timeout=seconds, output_type="dict")
    except (pytesseract.TesseractError, RuntimeError, OSError):
        return 0, ""  # too few letters to tell; the page is read as it stands
    turned = int(found["rotate"]) if found["orientation_conf"] >= _SURE_ORIENTATION else 0
    return turned, str(found["script"]) if found["script_conf"] > 0 else ""


def _lines(table: dict[str, list[Any]]) -> list[PrintedLine]:
    groups: dict[tuple[int, int, int], list[int]] = {}
    for index, text in enumerate(table["text"]):
        if text.strip() and float(table["conf"][index]) >= 0:
            key = (table["block_num"][index], table["par_num"][index], table["line_num"][index])
            groups.setdefault(key, []).append(index)
    return [_line(table, members) for members in groups.values()]


def _line(table: dict[str, list[Any]], members: Sequence[int]) -> PrintedLine:
    lefts = [table["left"][index] for index in members]
    tops = [table["top"][index] for index in members]
    rights = [table["left"][index] + table["width"][index] for index in members]
    bottoms = [table["top"][index] + table["height"][index] for index in members]
    text = join_words([table["text"][index] for index in members])
    letters = [len(table["text"][index]) for index in members]
    sure = sum(float(table["conf"][index]) * size for index, size in zip(members, letters, strict=True)) / sum(letters)
    confidence = max(0.0, min(1.0, sure / 100))
    if _DIGIT.search(text):
        confidence = min(confidence, DIGIT_CONFIDENCE)
    height = max(bottoms) - min(tops)
    return PrintedLine(
        text, min(lefts), min(tops), max(rights), max(bottoms), float(height), confidence=round(confidence, 3)
    )


def join_words(words: Sequence[str]) -> str:
    """Join the words of a line; Chinese and Japanese words stand without spaces."""
    joined = words[0]
    for word in words[1:]:
        joined += word if _CJK.match(joined[-1]) and _CJK.match(word[0]) else f" {word}"
    return joined
