"""Language of each passage: two voices, a script check, and neighbours for what is unsure.

Belongs here: which language a text is in and how sure that is. Does not belong here: names of languages (`languages`),
scripts (`scripts`), what follows for a document (`passages`).

First voice is py3langid (140 languages), second voice langdetect, seeded, asked only where the first is unsure and only
for languages that it knows. A script with one language decides by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from extractors.languages import UNKNOWN, is_covered
from extractors.scripts import UNKNOWN_SCRIPT, count_scripts, main_script

SCRIPT_LANGUAGE: dict[str, str] = {
    "Hans": "zh", "Hant": "zh", "Jpan": "ja", "Kore": "ko", "Thai": "th", "Grek": "el", "Geor": "ka", "Armn": "hy",
    "Khmr": "km", "Laoo": "lo", "Mymr": "my", "Sinh": "si", "Taml": "ta", "Telu": "te", "Knda": "kn", "Mlym": "ml",
    "Gujr": "gu", "Guru": "pa", "Orya": "or", "Thaa": "dv", "Nkoo": "nqo", "Tfng": "zgh", "Cher": "chr",
}  # fmt: skip
"""Scripts that official texts write one language with."""

SCRIPT_LANGUAGES: dict[str, frozenset[str]] = {
    "Arab": frozenset(["ar", "fa", "ur", "ps", "ku", "sdh", "ug", "sd", "ckb"]),
    "Cyrl": frozenset(
        ["ru", "uk", "be", "bg", "mk", "sr", "mn", "kk", "ky", "tg", "tt", "ba", "uz", "ab", "ce", "os", "cv"]
    ),
    "Hebr": frozenset(["he", "yi"]),
    "Deva": frozenset(["hi", "mr", "ne", "sa", "gom", "mai"]),
    "Beng": frozenset(["bn", "as"]),
    "Ethi": frozenset(["am", "ti"]),
    "Tibt": frozenset(["dz", "bo"]),
    "Mong": frozenset(["mn"]),
}
"""Languages that a script may be in; all others are written in Latin letters."""

BOTH_LATIN = frozenset({"sr", "uz", "ku", "tt", "tg"})
"""Of these, the ones that are written in Latin letters too."""

VARIETIES: dict[str, str] = {
    "no": "nb", "wuu": "zh", "yue": "zh", "arz": "ar", "ary": "ar", "uzs": "uz", "hbo": "he", "grc": "el", "sdh": "ku",
    "kik": "ki", "gug": "gn",
}  # fmt: skip
"""Labels of the first voice and the code that the product uses."""

SURE = 0.95
AGREED = 0.6
GUESS = 0.5
"""Below this certainty a text standing alone has no language."""
ENOUGH_LETTERS = 25
"""Fewer letters than this never decide by themselves."""
LONG_ENOUGH_TO_OBJECT = 40
"""With this many letters a passage takes no neighbour's language that it hardly looks like."""
OBJECTION = 0.08
SAMPLE = 400
SECOND_VOICES = 12
"""Times that the second voice, which is slow, is asked for one document."""

FUNCTION_SCRIPT = {"en": "Latn", "fr": "Latn", "es": "Latn", "pt": "Latn", "ru": "Cyrl", "ar": "Arab"}
"""Script of the languages in `function_words.yml`."""

_LETTERS = re.compile(r"[^\W\d_]+")
_NOTHING = 0.0
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\d_*#|<>/\\=+~^`{}\[\]]+")


@dataclass(frozen=True, slots=True)
class Voice:
    """A language with its certainty from 0 to 1, and the script of most letters."""

    language: str
    certainty: float
    script: str
    letters: int

    @property
    def is_sure(self) -> bool:
        """Whether the text decides by itself."""
        return self.language != UNKNOWN and self.certainty >= SURE and self.letters >= self._enough

    @property
    def _enough(self) -> int:
        return 2 if self.script in SCRIPT_LANGUAGE else ENOUGH_LETTERS


def detect_language(text: str, *, guess: bool = False) -> Voice:
    """Return the language of one text by itself: both voices, script checked; und when it would be a guess.

    `guess` returns the best guess all the same; only measurements use it.
    """
    voice = first_voice(text)
    if voice.certainty < SURE:
        voice = with_second_voice(voice, text)
    return voice if guess or voice.certainty >= GUESS else Voice(UNKNOWN, voice.certainty, voice.script, voice.letters)


def first_voice(text: str) -> Voice:
    """Return the first voice's language, made to fit the script."""
    sample = _NOISE.sub(" ", text[: 2 * SAMPLE])[:SAMPLE]
    counts = count_scripts(sample)
    script = main_script(counts, sample)
    letters = sum(counts.values())
    if script == UNKNOWN_SCRIPT:
        return Voice(UNKNOWN, 0.0, script, 0)
    if script in SCRIPT_LANGUAGE:
        return Voice(SCRIPT_LANGUAGE[script], 1.0, script, letters)
    if sample.isupper():
        sample = sample.lower()
    language, certainty = _identifier().classify(sample)
    if not fits_script(language, script):
        language, certainty = next(
            ((code, share) for code, share in _identifier().rank(sample) if fits_script(code, script)), (UNKNOWN, 0.0)
        )
        certainty = max(certainty, AGREED if script != "Latn" else 0.0)
    return Voice(VARIETIES.get(language, language), float(certainty), script, letters)


def with_second_voice(voice: Voice, text: str) -> Voice:
    """Return a voice made sure when the second voice agrees, less sure when it knows better languages."""
    second, share = _second_voice(text)
    if second == voice.language and voice.certainty >= AGREED:
        return Voice(voice.language, max(voice.certainty, SURE), voice.script, voice.letters)
    if second == voice.language:
        return Voice(voice.language, max(voice.certainty, GUESS), voice.script, voice.letters)
    if voice.language in _known_to_second() and share > 0.9:
        return Voice(voice.language, voice.certainty * 0.8, voice.script, voice.letters)
    return voice


def fits_script(language: str, script: str) -> bool:
    """Tell whether a language is written in a script."""
    if script in SCRIPT_LANGUAGES:
        return language in SCRIPT_LANGUAGES[script] or VARIETIES.get(language) in SCRIPT_LANGUAGES[script]
    return language in BOTH_LATIN or not any(language in languages for languages in _other_scripts())


def assign_languages(
    texts: Sequence[str],
    declared: Sequence[str],
    hints: Sequence[str] = (),
    minor: Sequence[bool] = (),
    groups: Sequence[int] = (),
) -> list[tuple[str, str]]:
    """Return (language, script) of each passage of a document, in order.

    A sure passage keeps its own; an unsure one takes a language that is established in the document: the likeliest one
    of its script, and of its neighbours where it says too little. `declared` are hints of the document itself for each
    passage, `hints` the languages to expect; both only decide where nothing else does, and an expected language never
    against a document that speaks for another one in the same script. `minor` marks passages
    (menus) that take the others' language without being asked. Only passages of one of the `groups` (columns of a
    gazette, from 1) are neighbours; those of group 0 run across and are next to all.
    """
    if not minor or all(minor):
        minor = [False] * len(texts)
    voices = _ask_again(_first_voices(texts, minor), texts)
    established = _established(voices) or _established_together(voices, texts)
    near = _nearest(voices, established, groups or [0] * len(texts))
    found = []
    for position, (voice, text) in enumerate(zip(voices, texts, strict=True)):
        language = voice.language if voice.is_sure and voice.language in established else ""
        if not language:
            language = _borrowed(voice, text, established, near[position])
        if not language:
            language = _declared(voice, (declared[position], *_expected(voice, hints, established)))
        found.append((language, voice.script))
    return found


def _first_voices(texts: Sequence[str], minor: Sequence[bool]) -> list[Voice]:
    """Ask the first voice about each passage; words that only one language has speed up what is plain by then."""
    heard: Counter[str] = Counter()
    voices = []
    for text, is_minor in zip(texts, minor, strict=True):
        voice = _unasked(text) if is_minor else _by_function_words(text, heard) or _too_short(text) or first_voice(text)
        if voice.is_sure:
            heard[voice.language] += 1
        voices.append(voice)
    return voices


def _by_function_words(text: str, heard: Counter[str]) -> Voice | None:
    """Return a sure voice when a text holds function words of just one language, and that was heard three times."""
    words = set(text[:SAMPLE].lower().split())
    if len(words) < 5:
        return None
    found = ""
    for language, own in _function_words().items():
        hits = len(words & own)
        if hits and (found or hits < 2):
            return None
        if hits:
            found = language
    if heard[found] < 3:
        return None
    script, letters = FUNCTION_SCRIPT[found], sum(map(len, words))
    return Voice(found, SURE, script, letters)


def _unasked(text: str) -> Voice:
    """Return a voice that says nothing but the script."""
    counts = count_scripts(text[:SAMPLE])
    script = main_script(counts, text[:SAMPLE])
    if script in SCRIPT_LANGUAGE:
        return Voice(SCRIPT_LANGUAGE[script], 1.0, script, sum(counts.values()))
    return Voice(UNKNOWN, 0.0, script, min(sum(counts.values()), LONG_ENOUGH_TO_OBJECT - 1))


def _too_short(text: str) -> Voice | None:
    """Return a voice that says nothing for text that could not decide anyway: it takes its neighbours' language."""
    if len(text) > 4 * ENOUGH_LETTERS:
        return None
    counts = count_scripts(text)
    script, letters = main_script(counts, text), sum(counts.values())
    if script in SCRIPT_LANGUAGE or letters >= ENOUGH_LETTERS:
        return None
    return Voice(UNKNOWN, 0.0, script, letters)


def _ask_again(voices: list[Voice], texts: Sequence[str]) -> list[Voice]:
    """Ask the second voice about longer passages in a language that nothing else in the document speaks for."""
    heard = {voice.language for voice in voices if voice.is_sure}
    asked = 0
    for position, voice in enumerate(voices):
        doubtful = not voice.is_sure and voice.language not in heard and voice.certainty >= AGREED
        if doubtful and voice.letters >= ENOUGH_LETTERS and asked < SECOND_VOICES:
            voices[position] = with_second_voice(voice, texts[position])
            asked += 1
    return voices


def _established(voices: Sequence[Voice]) -> dict[str, set[str]]:
    """Return the languages of a document with the scripts they were seen in.

    A language needs sure passages that make up 1 % of what is sure, or 300 letters; chance hits on names need more.
    """
    weight: Counter[str] = Counter()
    scripts: dict[str, set[str]] = {}
    for voice in voices:
        if voice.is_sure:
            weight[voice.language] += voice.letters
            scripts.setdefault(voice.language, set()).add(voice.script)
    total = sum(weight.values())
    kept = {language for language, letters in weight.items() if letters >= max(60, min(300, total // 100))}
    return {language: scripts[language] for language in kept or weight}


def _established_together(voices: Sequence[Voice], texts: Sequence[str]) -> dict[str, set[str]]:
    """Return the language of all passages of a script taken together, where none is sure by itself."""
    together: dict[str, list[str]] = {}
    for voice, text in zip(voices, texts, strict=True):
        if voice.letters:
            together.setdefault(voice.script, []).append(text[:SAMPLE])
    joined = {script: detect_language(" ".join(parts[:40])) for script, parts in together.items()}
    found: dict[str, set[str]] = {}
    for script, voice in joined.items():
        if voice.is_sure:
            found.setdefault(voice.language, set()).add(script)
    return found


def _nearest(voices: Sequence[Voice], established: dict[str, set[str]], groups: Sequence[int]) -> list[tuple[str, ...]]:
    """Return for each passage the languages of the sure passages before and after it in its group."""
    before = _last_heard(voices, established, groups)
    after = _last_heard(voices[::-1], established, groups[::-1])[::-1]
    return [tuple(filter(None, pair)) for pair in zip(before, after, strict=True)]


def _last_heard(voices: Sequence[Voice], established: dict[str, set[str]], groups: Sequence[int]) -> list[str]:
    heard: list[str] = []
    last: dict[int, str] = {}
    latest = ""
    for voice, group in zip(voices, groups, strict=True):
        heard.append(last.get(group, "") if group else latest)
        if voice.is_sure and voice.language in established:
            last[group] = latest = voice.language
    return heard


def _borrowed(voice: Voice, text: str, established: dict[str, set[str]], near: tuple[str, ...]) -> str:
    """Return the established language that an unsure passage most likely is in, or "" when none fits."""
    fitting = [
        code for code, scripts in established.items() if voice.script in scripts or voice.script == UNKNOWN_SCRIPT
    ]
    if voice.language in fitting and voice.certainty >= AGREED:
        return voice.language
    if not fitting:
        return ""
    if voice.letters >= LONG_ENOUGH_TO_OBJECT:
        shares = {VARIETIES.get(label, label): share for label, share in reversed(_identifier().rank(text[:SAMPLE]))}
        best = max(fitting, key=lambda code: shares.get(code, 0.0))
        return best if shares.get(best, 0.0) >= OBJECTION else ""
    return next((code for code in near if code in fitting), fitting[0])


def _expected(voice: Voice, hints: Sequence[str], established: dict[str, set[str]]) -> tuple[str, ...]:
    """Return the languages to expect that may decide about a passage.

    A text that agrees with one has it. Otherwise only languages that the evidence step reads may stand in, and only
    where the document established none in that script: the country may be the wrong one, and a language that is not
    covered is named where the text speaks it, never guessed.
    """
    taken = any(voice.script in scripts for scripts in established.values())
    codes = (hint.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0] for hint in hints if hint)
    return tuple(code for code in codes if code == voice.language or (is_covered(code) and not taken))


def _declared(voice: Voice, hints: Sequence[str]) -> str:
    """Return what the text says, however unsure, where hints agree or nothing speaks against it."""
    codes = [hint.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0] for hint in hints if hint]
    if voice.language in codes or (voice.certainty >= AGREED and voice.letters >= ENOUGH_LETTERS // 2):
        return voice.language
    fitting = [code for code in codes if voice.script == UNKNOWN_SCRIPT or fits_script(code, voice.script)]
    return fitting[0] if fitting and fitting[0] else UNKNOWN


@cache
def _other_scripts() -> tuple[frozenset[str], ...]:
    return (*SCRIPT_LANGUAGES.values(), frozenset(SCRIPT_LANGUAGE.values()))


@cache
def _function_words() -> dict[str, frozenset[str]]:
    data = yaml.safe_load((Path(__file__).parent / "function_words.yml").read_text(encoding="utf-8"))
    return {language: frozenset(words) for language, words in data.items()}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if label != "zxx"])
    return identifier


@cache
def _second_factory() -> Any:
    import langdetect
    from langdetect import detector_factory

    langdetect.DetectorFactory.seed = 0
    detector_factory.init_factory()
    return detector_factory._factory


@cache
def _known_to_second() -> frozenset[str]:
    return frozenset(code.split("-")[0] for code in _second_factory().langlist)


def _second_voice(text: str) -> tuple[str, float]:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _second_factory().create()
    detector.append(text[: 2 * SAMPLE])
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return UNKNOWN, 0.0
    code = best.lang.split("-")[0]
    return VARIETIES.get(code, code), float(best.prob)


def pair_fit(text: str) -> float:
    """Return how well a text's letters and pairs of letters beyond ASCII fit one language, about 0 to 1.

    Uses the frequencies of the second voice; tells encodings apart that differ in a few letters.
    """
    import numpy as np
    from langdetect.utils.ngram import NGram

    table = _second_factory().word_lang_prob_map
    total = np.zeros(len(_second_factory().langlist))
    count = 0
    for word in _LETTERS.findall(text):
        if word.isascii():
            continue
        letters = [NGram.normalize(letter) for letter in f" {word.lower()} "]
        for first, second in pairwise(letters):
            for gram in (second, first + second):
                if gram.isascii():
                    continue
                total += np.log10(np.array(table.get(gram, _NOTHING)) + 1e-6)
                count += 1
    return float((total.max() / count + 6) / 4) if count else 0.0
