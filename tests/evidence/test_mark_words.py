"""The index of words never changes what spaCy's Matcher, asked of every pattern at every word, would say."""

from __future__ import annotations

import random
import re
import time
from functools import cache

import pytest
import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from evidence import mark_words
from evidence.folding import fold, spell
from evidence.grammar import LANGUAGES, Grammar, load_grammars
from evidence.mark_words import SPELLED, WordPatterns, part_token
from evidence.marks import MarkFinder
from evidence.meaning import read_exemplars

WORDED = tuple(language for language in LANGUAGES if language != "zh")
_SPLIT = re.compile(r"\w+|[^\w\s]")


class PlainFinder:
    """All patterns in one Matcher over all words of a text, as the grammar's rules say and nothing more."""

    def __init__(self, grammar: Grammar) -> None:
        self.language = grammar.language
        self.names = tuple(grammar.marks)
        self.vocabulary = spacy.blank("xx").vocab
        self.matcher = Matcher(self.vocabulary)
        for name, texts in grammar.marks.items():
            for text in (t for own in texts for t in (grammar.marks[own[1:]] if own[0] == "@" else (own,))):
                sign = text[0] if text[0] in "^!" else ""
                self.matcher.add(sign + name, [[part_token(p, self.language) for p in text[len(sign) :].split()]])

    def find(self, text: str) -> frozenset[str]:
        words, spelled = _SPLIT.findall(fold(text, self.language)), _SPLIT.findall(spell(text))
        document = Doc(self.vocabulary, words=words)
        if self.language in ("en", "fr", "es", "pt") and len(spelled) == len(words):
            for token, word in zip(document, spelled, strict=True):
                if token.text != word:
                    token.norm_ = word
        first = next((t.i for t in document if t.text.isalpha() and len(t.text) > 1), 0)
        after = words[first + 1] if first + 2 < len(words) else ""
        if after == ":" or (
            after in (".", ")", "-", "–") and 0 < len(words[first]) <= 5 and set(words[first]) <= set("ivx")
        ):
            first += 2
        spans = [(self.vocabulary.strings[key], a, b) for key, a, b in self.matcher(document)] if words else []
        return frozenset(
            key.removeprefix("^")
            for key, a, b in spans
            if not key.startswith("!")
            and not (key.startswith("^") and a > first)
            and not any(k == f"!{key.removeprefix('^')}" and a < d and c < b for k, c, d in spans)
        )


@cache
def finders(language: str) -> tuple[MarkFinder, PlainFinder]:
    grammar = load_grammars().languages[language]
    return MarkFinder(grammar), PlainFinder(grammar)


def made_of_patterns(language: str, rng: random.Random) -> str:
    """Return a text of words that the grammar's own patterns ask for, in an order that often fits them."""
    grammar = load_grammars().languages[language]
    patterns = [text for texts in grammar.marks.values() for text in texts if text[0] != "@"]
    words: list[str] = []
    for pattern in rng.choices(patterns, k=4):
        for part in pattern.lstrip("^!").split():
            ways = part.removeprefix(SPELLED).split("|")
            way = rng.choice(ways)
            if way == "...":
                words += rng.choices(["of", "2024", ",", "Zürich", "и", "tres", "-"], k=rng.randrange(5))
            else:
                words.append(way.replace("####", "2019").replace("#", "17").replace("?", "niño").replace("*", "abord"))
        if rng.random() < 0.3:
            words.append(rng.choice([".", ",", "(", "’", "ﬁ"]))
    return " ".join(words)


@pytest.mark.parametrize("language", WORDED)
def test_the_index_agrees_with_one_matcher_over_everything(language: str) -> None:
    fast, plain = finders(language)
    rng = random.Random(language)
    texts = rng.sample(read_exemplars(language).texts, 30) + [made_of_patterns(language, rng) for _ in range(60)]
    borne = 0
    for text in texts:
        assert fast.find(text) == plain.find(text), text
        borne += len(fast.find(text))
    assert borne > len(texts)


@pytest.mark.parametrize("language", WORDED)
def test_words_of_several_parts_are_read_by_the_matcher(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Matcher no pattern of several parts is found: the index alone never says yes to one."""
    grammar = load_grammars().languages[language]
    held = {"key": tuple(t for texts in grammar.marks.values() for t in texts if " " in t and t[0] not in "^!@")}
    rng = random.Random(1)
    texts = [made_of_patterns(language, rng) for _ in range(20)]
    assert any(any(WordPatterns(language, held).read(text).places("key")) for text in texts)
    monkeypatch.setattr(mark_words.WordPatterns, "matched", lambda self, pattern, words: ())
    assert not any(any(WordPatterns(language, held).read(text).places("key")) for text in texts)


def test_what_was_kept_is_forgotten_before_noise_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mark_words, "MOST_KEPT", 50)
    patterns = WordPatterns("en", {"done": ("has|have been",)})
    for number in range(30):
        text = patterns.read(" ".join(f"noise{number}x{i}" for i in range(10)) + " has been")
        assert list(text.places("done")) == [(10, 12)]
        assert patterns.kept <= 50 + 13


@pytest.mark.parametrize("text", ["has been " * 70, "not " * 170, "a" * 700, "1 " * 350, "é" * 700])
def test_what_repeats_is_read_in_time(text: str) -> None:
    fast, _ = finders("en")
    began = time.process_time()
    for number in range(20):
        fast.find(f"{number} {text}")
    assert time.process_time() - began < 2
