"""The matcher: everything that is loaded once to judge documents with one instrument.

Belongs here: putting grammars, meaning, finders and weights together. Does not belong here: judging (`scorer`), making
rows (`find`).
"""

from __future__ import annotations

from dataclasses import dataclass

from evidence.bars import Barred, bar
from evidence.grammar import load_grammars
from evidence.meaning import Meaning, load_meaning
from evidence.scorer import Judged, Scorer
from evidence.stance import Marker
from evidence.view import Observer, View
from evidence.weights_file import Weights, load_weights
from questionnaire.instrument import Instrument
from store.readings import Reading
from store.settings import Settings


@dataclass(frozen=True, eq=False)
class Matcher:
    """One instrument, ready to be asked of any document; safe to keep for a whole run."""

    instrument: Instrument
    observer: Observer
    marker: Marker
    scorer: Scorer

    def judge(self, reading: Reading, country: str = "") -> tuple[View, list[Judged]]:
        """Return the view of a reading and its judged pairs, claimed or near, most probable first.

        `country` is the one that the reading is filed under: what is about others only is struck before judging.
        """
        view = self.look(reading, country).view
        return view, self.scorer.judge(view)

    def look(self, reading: Reading, country: str = "") -> Barred:
        """Return the view of a reading without what may not be evidence, and what was struck."""
        return bar(self.observer.observe(reading), country, self.observer)


def make_matcher(instrument: Instrument, meaning: Meaning, weights: Weights) -> Matcher:
    """Return a matcher with given meaning and weights."""
    grammars = load_grammars()
    observer = Observer(grammars, meaning, tuple(question.code for question in instrument.questions))
    marker = Marker(grammars)
    return Matcher(instrument, observer, marker, Scorer(weights, observer, marker))


def load_matcher(instrument: Instrument, settings: Settings | None = None) -> Matcher:
    """Return the matcher of an instrument with the shipped weights.

    Raises GrammarError, VectorsError, ModelError or WeightsError naming the file at fault.
    """
    return make_matcher(instrument, load_meaning(instrument, settings), load_weights())
