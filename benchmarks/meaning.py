"""Sentences a second of each channel of meaning, one core: `python benchmarks/meaning.py`.

Belongs here: speed alone. What the channels find stands in `evidence.training.measure_meaning`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from evidence.meaning import load_meaning, read_exemplars
from evidence.meaning_ngrams import load_ngrams
from evidence.meaning_table import load_table
from questionnaire.instrument import load_instrument

REPEATS = 10


def rate(work: Callable[[list[str]], object], sentences: list[str]) -> float:
    """Return sentences a second of process time, after one warm pass over a few."""
    work(sentences[:50])
    began = time.process_time()
    work(sentences)
    return len(sentences) / (time.process_time() - began)


def main() -> None:
    """Print one line a language, and the ratio of all channels to the slowest one."""
    meaning, table = load_meaning(load_instrument()), load_table()
    for language in ("en", "fr", "es", "pt", "ru", "ar", "zh"):
        sentences = list(read_exemplars(language).texts) * REPEATS
        static = rate(table.encode, sentences)
        ngrams = rate(load_ngrams(language).logits, sentences)

        def channels(texts: list[str], language: str = language) -> object:
            return meaning.channels(texts, language)

        together = rate(channels, sentences)
        ratio = together / min(static, ngrams)
        print(
            f"{language}: static {static:,.0f}/s, letter sequences {ngrams:,.0f}/s, all channels {together:,.0f}/s "
            f"({ratio:.2f} of the slower of both)"
        )


if __name__ == "__main__":
    main()
