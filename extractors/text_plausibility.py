"""How plausible is a text as writing: used to choose among encodings.

Belongs here: the candidates and their score. Does not belong here: declarations and byte order marks
(`text_encoding`), which language a passage is in (`language_detection`).

A wrong encoding shows: letters of several scripts in one word, capitals inside words, symbols and control characters
between letters, Han characters that nobody uses. Encodings of one script that differ in a few letters are told apart by
the language that the text then seems to be in.
"""

from __future__ import annotations

import re

from extractors.scripts import RANGES

CANDIDATES: tuple[str, ...] = (
    "cp1252", "cp1256", "cp1251", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "koi8-r", "koi8-u", "cp1250",
    "cp1253", "cp1254", "cp1255", "cp1257", "cp1258", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "iso8859-15", "cp874", "cp866", "mac_cyrillic",
)  # fmt: skip
"""Encodings that may be chosen without a declaration, likelier ones first: of equals the first wins."""

DECLARED_BONUS = 0.08
"""A declared encoding that gives plausible text is kept unless another one is this much more plausible."""
NEAR = 0.4
"""Candidates this near to the best one are told apart by how well they fit a language."""
LANGUAGE_WEIGHT = 0.8
SOUND, FITTING = 0.85, 0.6
"""Plausibility and fit from which a declared encoding is believed at once."""
SAMPLE_CHARACTERS = 6000
FIT_CHARACTERS = 1500

_COMMON_HAN = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经"
    "么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实第条款项规依照应机关单位信息网络安全数据管门民共"
    "這個們來為國說時會對於著過發後裡種經麼學現當沒動還進樣開從實條項規應機關單網絡數據門與及並等或者由此外月日号號"
)
"""Characters that make up half of any Chinese or Japanese official text."""
_SCRIPTS = "|".join(f"[{letters}]+" for script, letters in RANGES.items() if script not in {"Hani", "Kana", "Latn"})
_ONE_SCRIPT = re.compile(f"{_SCRIPTS}|[{RANGES['Latn']}]+|[{RANGES['Hani']}{RANGES['Kana']}]+")
_WORD = re.compile(r"[^\W\d_]+")
_INSIDE = re.compile(
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f’‘'·\-‑–—،؛。、，．・…«»“”\u0300-\u036f\u064b-\u0652\u200c\u200d](?=[^\W\d_])|(?<=[^\W\d_])[¼½¾¤¦¨´¸²³¹]|[¼½¾¤¦¨´¸](?=[^\W\d_])"
)
_BROKEN = re.compile("[\ufffd\x80-\x9f]|[\ue000-\uf8ff]")
_MISPLACED = re.compile(
    r"(?<![\u0e01-\u0e2e\u0e31-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[\u0e40-\u0e44](?![\u0e01-\u0e2e])"
    r"|[\u0e31\u0e34-\u0e3a]{2}"
)
"""Thai vowels and tones where no Thai word has them: the usual fate of Chinese read as Thai."""
_NEUTRAL = re.compile(
    "[\u00a0\u00ab\u00bb\u00a7\u00b0\u00b7\u2010-\u2030\u2116\u2122\u00a9\u00ae\u3000-\u3011\uff00-\uff20\u060c\u061b\u061f\u0640]"
)
_COMBINING = re.compile("[\u0300-\u036f\u0591-\u05bd\u064b-\u0652\u0e31\u0e34-\u0e4e\u200c\u200d]")


def choose_encoding(sample: bytes, declared: tuple[str, ...]) -> str:
    """Return the encoding that makes the most plausible text of `sample`; a declared one keeps a small advantage."""
    sample = sample[:SAMPLE_CHARACTERS]
    if declared and plausibility(sample, declared[0]) >= SOUND and _fit(sample, declared[0]) >= FITTING:
        return declared[0]
    scores: dict[str, float] = {}
    for encoding in dict.fromkeys((*declared, *CANDIDATES)):
        scores[encoding] = plausibility(sample, encoding) + (DECLARED_BONUS if encoding in declared else 0.0)
    best = max(scores.values())
    near = [encoding for encoding, score in scores.items() if score >= best - NEAR]
    if len(near) == 1:
        return near[0]
    return max(near, key=lambda encoding: round(scores[encoding] + LANGUAGE_WEIGHT * _fit(sample, encoding), 3))


def plausibility(sample: bytes, encoding: str) -> float:
    """Return how much `sample` looks like writing when decoded with `encoding`: 1.0 at best, negative at worst."""
    text = sample.decode(encoding, "replace")
    broken = len(_BROKEN.findall(text))
    foreign = sum(letter > "\x7f" for letter in text)
    weighed = foreign - len(_NEUTRAL.findall(text))
    if foreign == 0:
        return 0.0
    good = sum(_goodness(word) for word in _WORD.findall(_COMBINING.sub("", text)) if not word.isascii())
    good += len(_COMBINING.findall(text))
    inside = len(_INSIDE.findall(text)) + len(_MISPLACED.findall(text))
    return good / max(1, weighed) - 3 * broken / max(1, foreign) - 2 * inside / max(1, foreign)


def _goodness(word: str) -> float:
    """Return how many characters beyond ASCII a word is worth."""
    foreign = sum(letter > "\x7f" for letter in word)
    if not _ONE_SCRIPT.fullmatch(word):
        return 0.0
    if word[0] >= "\u2e80":
        return foreign * min(1.0, 0.25 + sum(_is_common(letter) for letter in word) / len(word))
    if len(word) > 1 and word.isupper():
        return 0.75 * foreign
    if word.islower() or word[1:].islower() or len(word) == 1 or word.upper() == word.lower():
        return float(foreign)
    return 0.2 * foreign


def _is_common(letter: str) -> bool:
    return letter in _COMMON_HAN or "\u3040" <= letter <= "\u30ff" or "\uac00" <= letter <= "\ud7af"


def _fit(sample: bytes, encoding: str) -> float:
    """Return how well pairs of letters fit the best of the languages that the second voice knows, about 0 to 1."""
    from extractors.language_detection import pair_fit

    return pair_fit(sample.decode(encoding, "replace")[:FIT_CHARACTERS])
