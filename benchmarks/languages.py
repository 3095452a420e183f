"""Languages of single sentences in 75 languages: both voices together against each alone, by length.

python benchmarks/languages.py ../shared
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import langdetect
from langdetect.lang_detect_exception import LangDetectException
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from extractors.language_detection import VARIETIES, assign_languages, detect_language
from extractors.languages import COVERED

LENGTHS = (0, 50, 100, 150, 200)


def by_langdetect(text: str) -> str:
    """Return langdetect's answer, seeded."""
    try:
        return str(langdetect.detect(text)).split("-", maxsplit=1)[0]
    except LangDetectException:
        return "und"


def measure(name: str, rows: list[tuple[str, str]], answer: Callable[[str], str]) -> None:
    """Print accuracy by length, silence, and how often a language that is not covered is taken for one that is."""
    right: Counter[int] = Counter()
    count: Counter[int] = Counter()
    silent = taken = 0
    began = time.process_time()
    for language, sentence in rows:
        length = max(border for border in LENGTHS if len(sentence) >= border)
        found = answer(sentence)
        found = VARIETIES.get(found, found)
        count[length] += 1
        right[length] += found == language
        silent += found == "und"
        taken += language not in COVERED and found in COVERED
    spent = time.process_time() - began
    by_length = "  ".join(f"{length}+: {right[length] / count[length]:.3f}" for length in LENGTHS)
    covered = [language in COVERED for language, _ in rows]
    overall = right.total() / len(rows)
    print(f"{name:28} all {overall:.3f}  {by_length}  of answered {right.total() / (len(rows) - silent):.3f}"
          f"  silent {silent}  not covered taken for covered {taken} of {len(rows) - sum(covered)}"
          f"  {len(rows) / spent:.0f} sentences/s")  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Languages of sentences, by length.")
    parser.add_argument("shared", type=Path)
    folder = parser.parse_args().shared / "data" / "language"
    rows = [
        (path.stem, line.strip())
        for path in sorted(folder.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    langdetect.DetectorFactory.seed = 0
    alone = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    print(f"{len(rows)} sentences in {len({language for language, _ in rows})} languages")
    measure("langdetect alone", rows, by_langdetect)
    measure("py3langid alone", rows, lambda text: str(alone.classify(text)[0]))
    measure("ours, silent where unsure", rows, lambda text: detect_language(text).language)
    documents: dict[str, list[str]] = {}
    for language, sentence in rows:
        documents.setdefault(language, []).append(sentence)
    among = {
        (language, sentence): found
        for language, texts in documents.items()
        for sentence, (found, _) in zip(texts, assign_languages(texts, [""] * len(texts)), strict=True)
    }
    silent = sum(found == "und" for found in among.values())
    right = sum(found == language for (language, _), found in among.items())
    taken = sum(found in COVERED and language not in COVERED for (language, _), found in among.items())
    print(f"{'ours, among its neighbours':28} all {right / len(among):.3f}"
          f"  of answered {right / (len(among) - silent):.3f}"
          f"  silent {silent}  not covered taken for covered {taken}")  # fmt: skip
    measure("ours, best guess", rows, lambda text: detect_language(text, guess=True).language)


if __name__ == "__main__":
    main()
