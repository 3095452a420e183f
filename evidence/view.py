"""The view of a document: everything that is computed once a document before any question is judged.

Belongs here: units with their concepts, meaning and terms as arrays of units x concepts or units x questions. Does not
belong here: what the arrays say together (`features`), or which pairs are evidence (`scorer`).

A unit that names nothing any question asks about is not looked at by the slower channels: `active` is the prefilter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evidence.claims import ClaimMatcher
from evidence.concepts import ConceptFinder
from evidence.document_kind import Nature, judge_nature, title_zone
from evidence.folding import fold
from evidence.grammar import Grammars
from evidence.meaning import Meaning
from evidence.terms import TermFinder
from evidence.units import Unit, cut_units
from store.readings import Reading

Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]
Finder = TypeVar("Finder")

NOTHING = -3.0
"""Standard score of a channel that was not asked."""
WORTH_A_LOOK = 0.5
"""Rule value, own words or context, from which a unit is active."""


@dataclass(frozen=True, eq=False)
class View:
    """A document as arrays; rows are the active units."""

    reading: Reading
    nature: Nature
    units: tuple[Unit, ...]
    own: Flags
    """Units x concepts named in the unit itself."""
    above: Flags
    """Units x concepts named in the headings above."""
    rules: Floats
    """Units x questions: value of the best rule that the unit's own words fulfil."""
    share: Floats
    """Units x questions: share of the strongest rule's groups that the unit names."""
    rules_head: Floats
    """As `rules`, with the head of the enumeration."""
    rules_above: Floats
    """As `rules`, with head and headings."""
    terms: Floats
    """Units x questions: 1 where a term of the bank occurs."""
    ngrams: Floats
    """Units x questions: standard score of what letter sequences say."""
    all_units: int
    """Units of the document, active or not."""
    concept_share: Floats
    """Share of all units that name each concept."""
    title_rules: Floats
    """Questions: value of the best rule that the head of the document fulfils, its first passages among it."""
    name_rules: Floats
    """Questions: value of the best rule that the words fulfil by which the document names itself."""
    article_offence: Flags
    """Units: whether the unit's article, or a unit next to it, speaks of an offence or penalty."""


class Observer:
    """Makes views; holds the finders of each language."""

    def __init__(self, grammars: Grammars, meaning: Meaning, questions: tuple[str, ...]) -> None:
        self.grammars = grammars
        self.meaning = meaning
        self.questions = questions
        self._finders: dict[str, ConceptFinder] = {}
        self._terms: dict[str, TermFinder] = {}
        claims = [grammars.claims.get(code) for code in self.claim_codes]
        self._claims = ClaimMatcher(claims, grammars.concepts)

    @cached_property
    def claim_codes(self) -> tuple[str, ...]:
        """The code whose claim each question has: for another instrument the first GCI question it is mapped to."""
        codes = []
        for code in self.questions:
            question = self.meaning.instrument.by_code[code]
            codes.append(next((c for c in (code, *question.gci_codes) if c in self.grammars.claims), code))
        return tuple(codes)

    @cached_property
    def claim_kinds(self) -> tuple[str, ...]:
        """The kind of each question's claim; `activity` where the question has none."""
        claims = self.grammars.claims
        return tuple(claims[code].kind if code in claims else "activity" for code in self.claim_codes)

    @cached_property
    def own_proofs(self) -> tuple[tuple[str, int] | None, ...]:
        """For each question the kind of document that is itself what is asked, and whose rules its name fulfils.

        None for questions of another instrument: what a GCI question asks is a part of what they ask.
        """
        found: list[tuple[str, int] | None] = []
        for code in self.questions:
            itself = self.grammars.claims[code].itself if code in self.grammars.claims else None
            known = itself is not None and itself.title in self.questions
            found.append((itself.document, self.questions.index(itself.title)) if itself and known else None)
        return tuple(found)

    def observe(self, reading: Reading) -> View:
        """Return the view of a reading."""
        nature = judge_nature(reading, self.grammars.language(reading.language))
        units = cut_units(reading)
        folded = [fold(unit.text, self.grammars.language(unit.language).language) for unit in units]
        own = self._concepts(units, folded)
        head = own | self._concepts_around(units, [unit.head for unit in units])
        above = self._concepts_around(units, [unit.section for unit in units])
        rules_above = self._claims.value(head | above)
        terms = self._term_hits(units, folded)
        active = np.flatnonzero((rules_above.max(axis=1, initial=0.0) >= WORTH_A_LOOK) | terms.any(axis=1))
        kept = [units[i] for i in active]
        rules, share = self._claims.fulfilled(own[active])
        rules_head = self._claims.value(head[active])
        return View(
            reading=reading, nature=nature, units=tuple(kept), own=own[active], above=above[active],
            rules=rules, share=share, rules_head=rules_head, rules_above=rules_above[active], terms=terms[active],
            ngrams=self._near(kept), all_units=len(units),
            concept_share=own.mean(axis=0, dtype=np.float32) if units else np.zeros(own.shape[1], np.float32),
            title_rules=self._claims.value(self._row_of(title_zone(reading), reading.language))[0],
            name_rules=self._claims.value(self._row_of(nature.name, reading.language))[0],
            article_offence=self._of_article(units, own, "offence")[active],
        )  # fmt: skip

    def finder(self, language: str) -> ConceptFinder:
        """Return the concept finder of a language, made when first asked for."""
        code = self.grammars.language(language).language
        if code not in self._finders:
            self._finders[code] = ConceptFinder(self.grammars.languages[code])
        return self._finders[code]

    def names_matter(self, text: str, language: str, question: int) -> bool:
        """Tell whether the words of a text alone fulfil a rule of a question."""
        return bool(self._claims.value(self._row_of(text, language))[0, question] > 0.9)

    def _row_of(self, text: str, language: str) -> Flags:
        """Return one row over concepts: what a text names."""
        row = np.zeros((1, len(self.grammars.concepts)), dtype=np.bool_)
        row[0, list(self.finder(language).find(text))] = True
        return row

    def _of_article(self, units: list[Unit], own: Flags, concept: str) -> Flags:
        """Return for each unit whether its article or one of its neighbours names a concept."""
        named: Flags = np.asarray(own[:, self.grammars.concepts.index(concept)])
        near = np.array(named)
        near[1:] |= named[:-1]
        near[:-1] |= named[1:]
        articles = {unit.passage.article for unit, told in zip(units, named, strict=True) if told}
        articles.discard("")
        return near | np.array([unit.passage.article in articles for unit in units], dtype=np.bool_)

    def _concepts(self, units: list[Unit], folded: list[str]) -> Flags:
        finders = self._for_each(units, self.finder)
        named = [finder.find_folded(text) for finder, text in zip(finders, folded, strict=True)]
        return _flags(named, len(self.grammars.concepts))

    def _concepts_around(self, units: list[Unit], texts: list[str]) -> Flags:
        """As `_concepts` for heads and headings, which repeat from unit to unit."""
        finders = self._for_each(units, self.finder)
        named = [finder.find(text) if text else () for finder, text in zip(finders, texts, strict=True)]
        return _flags(named, len(self.grammars.concepts))

    def _term_hits(self, units: list[Unit], folded: list[str]) -> Floats:
        finders = self._for_each(units, self._term_finder)
        named = [finder.find(text) for finder, text in zip(finders, folded, strict=True)]
        return _flags(named, len(self.questions)).astype(np.float32)

    def _term_finder(self, language: str) -> TermFinder:
        code = self.grammars.language(language).language
        if code not in self._terms:
            self._terms[code] = TermFinder(self.meaning.instrument, code)
        return self._terms[code]

    def _for_each(self, units: list[Unit], finder: Callable[[str], Finder]) -> list[Finder]:
        """Return the finder of each unit's language."""
        held = {language: finder(language) for language in sorted({unit.language for unit in units})}
        return [held[unit.language] for unit in units]

    def _near(self, units: list[Unit]) -> Floats:
        near = np.full((len(units), len(self.questions)), NOTHING, dtype=np.float32)
        for language in sorted({unit.language for unit in units}):
            rows = [i for i, unit in enumerate(units) if unit.language == language]
            texts = [f"{units[i].head} {units[i].text}".strip() for i in rows]
            near[rows] = self.meaning.weighed(texts, language)
        return near


def _flags(named: Sequence[Collection[int]], width: int) -> Flags:
    """Return rows x width, true at the numbers that each row names."""
    result = np.zeros((len(named), width), dtype=np.bool_)
    lengths = [len(numbers) for numbers in named]
    result[np.repeat(np.arange(len(named)), lengths), [number for numbers in named for number in numbers]] = True
    return result
