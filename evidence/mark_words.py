"""Words of marks: which of a grammar's token patterns a text of words bears, and where.

Belongs here: the patterns as spaCy Matchers, and the index of words that says which Matcher is worth asking. Does not
belong here: the patterns themselves (`grammars/`), what a key means or strikes (`marks`), Chinese (`mark_signs`).

A pattern's parts are known words, beginnings and endings, so every spelling is looked up once in an index: which parts
can it stand for? A pattern of one part is decided by that. A pattern of several is possible only where all its parts
stand near each other; there, and only there, its Matcher reads the words, and the same few words are read only once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import attrgetter, or_
from typing import Any

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from evidence.folding import fold, spell

Place = tuple[int, int]
"""First place, place after the last."""

SPELLED = "="
ROOT = 3
"""Letters that must stand before a verb's ending, so that short words do not look like verbs."""
MOST_KEPT = 200_000
"""Spellings, and rows of words read by a Matcher, that are kept before all is forgotten and begun again."""

_SPLIT = re.compile(r"\w+|[^\w\s]")
_ROMAN = re.compile("[ivx]{1,5}")
_AFTER_NUMBER = (".", ")", "-", "–")
_GAP = {"IS_PUNCT": False, "OP": "{0,3}"}
_WIDEST_GAP = 3
_NUMBERS = {"#": r"^\d+$", "####": r"^(?:19|20)\d\d$"}
_ARABIC_JOINED = ("", "و", "ف")
"""Arabic writes "and" and "so" on the next word."""
_WITH_ACCENTS = ("en", "fr", "es", "pt")
ANYWHERE = -1
"""The anchor of a pattern that any words can stand for: all bits."""


def _either(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)


def _bits_of(number: int) -> Iterator[int]:
    """Yield the bits of which a number is made, each as a number, the least first."""
    while number:
        bit = number & -number
        yield bit
        number ^= bit


_parts = attrgetter("parts")


@dataclass(frozen=True, slots=True)
class _Role:
    """What a word does in marks."""

    keys: tuple[str, ...]
    """Keys that it bears alone."""
    anchors: tuple[_Pattern, ...]
    """Patterns of several parts that may stand around it."""


class _Word:
    """A spelling, with its accents where they differ, and the parts that it can stand for as bits of a number."""

    __slots__ = ("begins", "norm", "parts", "role", "text")

    def __init__(self, text: str, norm: str, parts: int, role: _Role) -> None:
        self.text = text
        self.norm = norm
        self.parts = parts
        self.role = role
        self.begins = text.isalpha() and len(text) > 1


class _Part:
    """One part of a pattern: whole words, beginnings, endings and numbers, compared folded or with their accents."""

    def __init__(self, part: str, language: str) -> None:
        alternatives = part.removeprefix(SPELLED).split("|")
        self.any = any(alternative in ("?", "*") for alternative in alternatives)

        def bare(word: str) -> str:
            return fold(word, language).strip()

        self.with_accents = part.startswith(SPELLED) or any(a[0] == "*" and bare(a) != a for a in alternatives)
        write = str if self.with_accents else bare
        self.numbers = [_NUMBERS[a] for a in alternatives if a in _NUMBERS]
        self.beginnings = [write(a[:-1]) for a in alternatives if a.endswith("*") and a != "*"]
        self.endings = [write(a[1:]) for a in alternatives if a.startswith("*") and not a.endswith("*")]
        self.whole = [
            joined + write(a)
            for a in alternatives
            if "*" not in a and "#" not in a
            for joined in (_ARABIC_JOINED if language == "ar" and len(a) > 1 else ("",))
        ]

    @property
    def token(self) -> dict[str, Any]:
        """The part as a token of a spaCy pattern."""
        if self.any:
            return {}
        attribute = "NORM" if self.with_accents else "ORTH"
        expressions = [
            *self.numbers,
            *(f"^{re.escape(beginning)}" for beginning in self.beginnings),
            *(rf"^\w{{{ROOT},}}{re.escape(ending)}$" for ending in self.endings),
        ]
        if not expressions:
            return {attribute: {"IN": self.whole}}
        return {attribute: {"REGEX": "|".join([*expressions, *(rf"^{re.escape(word)}$" for word in self.whole)])}}


def part_token(part: str, language: str) -> dict[str, Any]:
    """Return a part of a pattern as a token of a spaCy pattern."""
    return _GAP if part == "..." else _Part(part, language).token


class _Spellings:
    """Whole words, beginnings and endings, all compared folded or all with their accents; each part is one bit."""

    def __init__(self) -> None:
        self._whole: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        self._endings: dict[str, int] = {}
        self._longest_beginning = self._longest_ending = -1

    def add(self, part: _Part, bit: int) -> None:
        """Enter a part under its bit."""
        for held, words in (
            (self._whole, part.whole), (self._beginnings, part.beginnings), (self._endings, part.endings)
        ):  # fmt: skip
            for word in words:
                held[word] = held.get(word, 0) | bit
        self._longest_beginning = max(self._longest_beginning, *map(len, part.beginnings), -1)
        self._longest_ending = max(self._longest_ending, *map(len, part.endings), -1)

    def parts(self, word: str) -> int:
        """Return the bits of the parts that a word can stand for."""
        found = self._whole.get(word, 0)
        for cut in range(min(len(word), self._longest_beginning) + 1):
            found |= self._beginnings.get(word[:cut], 0)
        for cut in range(max(ROOT, len(word) - self._longest_ending), len(word) + 1):
            found |= self._endings.get(word[cut:], 0)
        return found


class _Index:
    """Which parts a word can stand for; each part is one bit."""

    def __init__(self) -> None:
        self._numbers: list[tuple[re.Pattern[str], int]] = []
        self._folded, self._accented = _Spellings(), _Spellings()

    def add(self, part: _Part, bit: int) -> None:
        """Enter a part under its bit; its numbers are compared as they stand."""
        self._numbers += [(re.compile(expression), bit) for expression in part.numbers]
        (self._accented if part.with_accents else self._folded).add(part, bit)

    def parts(self, text: str, norm: str) -> int:
        """Return the bits of the parts that a folded word, with its accents as `norm`, can stand for."""
        found = self._folded.parts(text) | self._accented.parts(norm)
        if text[0].isdigit():
            for expression, bit in self._numbers:
                if expression.search(text):
                    found |= bit
        return found


class _Pattern:
    """A pattern of several parts: the bits it needs, and how far around its anchor it can reach."""

    def __init__(self, number: int, tokens: list[dict[str, Any]], bits: list[int]) -> None:
        self.number = number
        self.tokens = tokens
        self.keys: list[str] = []
        self.needs = _either(bits)
        anchor = next((i for i, bit in enumerate(bits) if bit), None)
        self.anchor = ANYWHERE if anchor is None else bits[anchor]
        widths = [_WIDEST_GAP if token is _GAP else 1 for token in tokens]
        self.before = sum(widths[: anchor or 0])
        self.after = sum(widths[anchor or 0 :])


class WordPatterns:
    """The patterns of one language that writes words: `read` a text, then ask for the places of a key."""

    def __init__(self, language: str, held: Mapping[str, Sequence[str]]) -> None:
        """Take the patterns of each key, as a grammar writes them."""
        self.language = language
        self._index = _Index()
        self._bits: dict[str, int] = {}
        self._compiled: dict[str, _Pattern] = {}
        self._keys_of: defaultdict[int, list[str]] = defaultdict(list)
        """For each part the keys that have it as a pattern."""
        self._around: defaultdict[int, list[_Pattern]] = defaultdict(list)
        """For each part the patterns whose anchor it is."""
        for key, texts in held.items():
            for text in dict.fromkeys(texts):
                self._add(key, text)
        self.anywhere = tuple(self._around.pop(ANYWHERE, ()))
        """The patterns that any words can stand for."""
        self._begin()

    def read(self, text: str) -> TextOfWords:
        """Return a text whose places can be asked for."""
        if self.kept > MOST_KEPT:
            self._begin()
        folded = fold(text, self.language)
        words = _SPLIT.findall(folded)
        if self.language in _WITH_ACCENTS and not text.isascii():
            spelled = spell(text)
            accented = _SPLIT.findall(spelled) if spelled != folded else words
            if accented != words and len(accented) == len(words):
                return TextOfWords(self, list(map(self._word, words, accented)))
        return TextOfWords(self, list(map(self._words.__getitem__, words)))

    @property
    def kept(self) -> int:
        """Spellings and rows of words that are kept."""
        return len(self._words) + len(self._accented) + len(self._read)

    def matched(self, pattern: _Pattern, words: tuple[_Word, ...]) -> tuple[Place, ...]:
        """Return where the pattern's Matcher finds it in a few words."""
        known = self._read.get((pattern.number, words))
        if known is None:
            document = Doc(self._vocabulary, words=[word.text for word in words])
            for at, word in enumerate(words):
                if word.norm != word.text:
                    document[at].norm_ = word.norm
            known = tuple((start, end) for _, start, end in self._matcher(pattern)(document))
            self._read[pattern.number, words] = known
        return known

    def _begin(self) -> None:
        """Forget all words, so that noise cannot fill the memory."""
        self._vocabulary = spacy.blank("xx").vocab
        self._matchers: dict[int, Matcher] = {}
        self._words = _Words(self)
        self._roles: dict[int, _Role] = {}
        self._accented: dict[tuple[str, str], _Word] = {}
        self._read: dict[tuple[int, tuple[_Word, ...]], tuple[Place, ...]] = {}

    def _matcher(self, pattern: _Pattern) -> Matcher:
        if pattern.number not in self._matchers:
            matcher = self._matchers[pattern.number] = Matcher(self._vocabulary, validate=False)
            matcher.add("pattern", [pattern.tokens])
        return self._matchers[pattern.number]

    def make(self, text: str, norm: str) -> _Word:
        """Return a word that was not met before."""
        plain = norm != text or (text.isalnum() and text == text.lower())
        parts = self._index.parts(text, norm if plain else self._vocabulary[text].norm_)
        role = self._roles.get(parts)
        if role is None:
            role = self._roles[parts] = self._role(parts)
        return _Word(text, norm, parts, role)

    def _role(self, parts: int) -> _Role:
        """Return what all words do that can stand for the same parts."""
        bits = list(_bits_of(parts))
        keys = dict.fromkeys(key for bit in bits for key in self._keys_of.get(bit, ()))
        return _Role(tuple(keys), tuple(pattern for bit in bits for pattern in self._around.get(bit, ())))

    def _word(self, text: str, norm: str) -> _Word:
        if text == norm:
            return self._words[text]
        found = self._accented.get((text, norm))
        if found is None:
            found = self._accented[text, norm] = self.make(text, norm)
        return found

    def _add(self, key: str, text: str) -> None:
        """Enter a pattern of a key under its only part, or under the anchor of its parts."""
        parts = text.split()
        if len(parts) == 1 and (bit := self._bit(parts[0])):
            self._keys_of[bit].append(key)
        else:
            self._pattern(text).keys.append(key)

    def _pattern(self, text: str) -> _Pattern:
        if text not in self._compiled:
            parts = text.split()
            tokens = [part_token(part, self.language) for part in parts]
            bits = [self._bit(part) for part in parts]
            made = self._compiled[text] = _Pattern(len(self._compiled), tokens, bits)
            self._around[made.anchor].append(made)
        return self._compiled[text]

    def _bit(self, text: str) -> int:
        """Return the bit of a part; 0 for a part that any word can stand for."""
        if text == "...":
            return 0
        if text not in self._bits:
            part = _Part(text, self.language)
            self._bits[text] = 0 if part.any else 1 << len(self._bits)
            if not part.any:
                self._index.add(part, self._bits[text])
        return self._bits[text]


class _Words(dict[str, _Word]):
    """The words that are spelled as they are folded; a new one is made when it is asked for."""

    def __init__(self, patterns: WordPatterns) -> None:
        super().__init__()
        self._patterns = patterns

    def __missing__(self, text: str) -> _Word:
        word = self[text] = self._patterns.make(text, text)
        return word


class TextOfWords:
    """A text as words; says where the patterns of a key stand in it."""

    def __init__(self, patterns: WordPatterns, words: list[_Word]) -> None:
        self._patterns = patterns
        self._words = words
        self._present = present = _either(map(_parts, words))
        self._single: dict[str, list[Place]] = {}
        """Where single words bear a key."""
        self._chances: dict[str, list[tuple[int, _Pattern]]] = {}
        """Around which words a pattern of several parts may stand: all its parts are somewhere in the text."""
        for at, word in enumerate(words):
            for key in word.role.keys:
                self._single.setdefault(key, []).append((at, at + 1))
            for pattern in word.role.anchors:
                if present & pattern.needs == pattern.needs:
                    self._add_chance(at, pattern)
        for pattern in patterns.anywhere:
            self._add_chance(0, pattern)

    def _add_chance(self, at: int, pattern: _Pattern) -> None:
        for key in pattern.keys:
            self._chances.setdefault(key, []).append((at, pattern))

    @cached_property
    def first(self) -> int:
        """The place of the first word after bullets, numbers and labels ("iv. Train them", "Action: train them")."""
        words = self._words
        begin = next((i for i, word in enumerate(words) if word.begins), 0)
        if begin + 2 < len(words):
            label, after = words[begin].text, words[begin + 1].text
            if after == ":" or (after in _AFTER_NUMBER and _ROMAN.fullmatch(label)):
                return begin + 2
        return begin

    def may_bear(self, key: str) -> bool:
        """Tell whether a pattern of a key may stand here."""
        return key in self._single or key in self._chances

    def surely_bears(self, key: str, struck: str) -> bool:
        """Tell whether a single word is a pattern of a key, and no pattern of the other may stand here."""
        return key in self._single and not self.may_bear(struck)

    def places(self, key: str) -> Iterator[Place]:
        """Yield where a key's patterns stand, single words first; a place may come more than once."""
        yield from self._single.get(key, ())
        for at, pattern in self._chances.get(key, ()):
            yield from self._matched(at, pattern)

    def openings(self, key: str) -> Iterator[Place]:
        """Yield where a key's patterns stand at the beginning."""
        return (place for place in self.places(key) if place[0] <= self.first)

    def _matched(self, at: int, pattern: _Pattern) -> Iterator[Place]:
        """Yield where a pattern stands around the word of its anchor."""
        start, end = max(0, at - pattern.before), at + pattern.after
        if pattern.anchor == ANYWHERE:
            end = len(self._words)
        words = tuple(self._words[start:end])
        if words and _either(map(_parts, words)) & pattern.needs == pattern.needs:
            for first, last in self._patterns.matched(pattern, words):
                yield start + first, start + last
