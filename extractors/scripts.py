"""Which writing system a text uses.

Belongs here: ISO 15924 codes by counting letters. Does not belong here: languages (`language_detection`).
"""

from __future__ import annotations

import re

RANGES: dict[str, str] = {
    "Latn": "A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿ",
    "Arab": "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Cyrl": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "Kana": "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "Hang": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Hebr": "\u05d0-\u05f4\ufb1d-\ufb4f",
    "Deva": "\u0900-\u0963\u0966-\u097f",
    "Beng": "\u0980-\u09ff",
    "Guru": "\u0a00-\u0a7f",
    "Gujr": "\u0a80-\u0aff",
    "Orya": "\u0b00-\u0b7f",
    "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f",
    "Knda": "\u0c80-\u0cff",
    "Mlym": "\u0d00-\u0d7f",
    "Sinh": "\u0d80-\u0dff",
    "Thai": "\u0e00-\u0e7f",
    "Laoo": "\u0e80-\u0eff",
    "Tibt": "\u0f00-\u0fff",
    "Mymr": "\u1000-\u109f\uaa60-\uaa7f",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf",
    "Khmr": "\u1780-\u17ff",
    "Mong": "\u1800-\u18af",
    "Armn": "\u0530-\u058f",
    "Thaa": "\u0780-\u07bf",
    "Nkoo": "\u07c0-\u07ff",
    "Tfng": "\u2d30-\u2d7f",
    "Cher": "\u13a0-\u13ff",
}
"""Script code and the inside of a character class of its letters (Unicode blocks, letters only where it matters)."""

_CLASSES = {script: re.compile(f"[{letters}]+") for script, letters in RANGES.items()}
_ASCII = re.compile("[A-Za-z]+")
UNKNOWN_SCRIPT = "Zyyy"
"""No letters at all: digits, signs."""


def count_scripts(text: str) -> dict[str, int]:
    """Return the number of letters of each script in a text, scripts without letters left out."""
    if text.isascii():
        letters = sum(map(len, _ASCII.findall(text)))
        return {"Latn": letters} if letters else {}
    counts = {}
    left = sum(map(str.isalpha, text))
    for script, pattern in _CLASSES.items():
        if left <= 0:
            break
        found = sum(map(len, pattern.findall(text)))
        if found:
            counts[script] = found
            left -= found
    return counts


def script_of(text: str) -> str:
    """Return the script of most letters: Latn, Arab, Cyrl, Hans, Hant, Jpan, Kore …; Zyyy without letters."""
    return main_script(count_scripts(text), text)


def main_script(counts: dict[str, int], text: str) -> str:
    """Return the script of most letters, from counts that are known already; a Han letter weighs two."""
    if not counts:
        return UNKNOWN_SCRIPT
    weights = {script: count * (2 if script in {"Hani", "Kana", "Hang"} else 1) for script, count in counts.items()}
    if weights.get("Kana", 0) > 0.1 * (weights.get("Hani", 0) + weights.get("Kana", 0)):
        weights["Hani"] = weights.get("Hani", 0) + weights.pop("Kana")
        best = max(weights, key=lambda script: weights[script])
        return "Jpan" if best == "Hani" else best
    best = max(weights, key=lambda script: weights[script])
    if best == "Hang":
        return "Kore"
    if best == "Hani":
        return "Hant" if _is_traditional(text) else "Hans"
    return best


_TRADITIONAL = frozenset(
    "國與為會這個們來時對學說發務實關經過還應從開後將無與於業產東門長馬車員網絡訊電護權規條總體處單辦戰區範傳統標準據數認證議題機構設備環"
)
_SIMPLIFIED = frozenset(
    "国与为会这个们来时对学说发务实关经过还应从开后将无与于业产东门长马车员网络讯电护权规条总体处单办战区范传统标准据数认证议题机构设备环"
)


def _is_traditional(text: str) -> bool:
    sample = text[:4000]
    only_traditional = sum(letter in _TRADITIONAL and letter not in _SIMPLIFIED for letter in sample)
    only_simplified = sum(letter in _SIMPLIFIED and letter not in _TRADITIONAL for letter in sample)
    return only_traditional > only_simplified
