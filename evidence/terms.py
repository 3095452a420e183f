"""Terms: where a term of the question bank occurs.

Belongs here: the automaton over an instrument's terms in one language. Does not belong here: what a term proves: alone,
nothing.
"""

from __future__ import annotations

import ahocorasick

from evidence.folding import fold
from questionnaire.instrument import Instrument


class TermFinder:
    """Finds the questions whose terms a folded text names; a term begins at a word's beginning, save in Chinese."""

    def __init__(self, instrument: Instrument, language: str) -> None:
        self._spaced = language not in ("zh", "ar")
        self._automaton = ahocorasick.Automaton()
        numbers: dict[str, list[int]] = {}
        for number, question in enumerate(instrument.questions):
            for term in question.terms.get(language, ()):
                plain = fold(term, language).strip()
                if plain:
                    numbers.setdefault(f" {plain}" if self._spaced else plain, []).append(number)
        for term, questions in numbers.items():
            self._automaton.add_word(term, tuple(questions))
        if numbers:
            self._automaton.make_automaton()
        self._empty = not numbers

    def find(self, folded: str) -> set[int]:
        """Return the numbers of the questions, in the bank's order."""
        if self._empty:
            return set()
        text = f" {folded}" if self._spaced else folded
        return {number for _, questions in self._automaton.iter(text) for number in questions}
