"""Instruments: question banks as data, typed and checked at load.

Belongs here: the schema of an instrument file and its loader. Does not belong here: any question's text or terms (they
stand in `instruments/*.yml`).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from questionnaire.instrument_faults import describe_faults, find_line
from store.errors import BadInputError, ExitCode, GcideskError

INSTRUMENTS = Path(__file__).parent / "instruments"
DEFAULT_INSTRUMENT = "gci"


class InstrumentError(BadInputError):
    """An instrument file does not fit the schema; the message names file, line, field and reason."""


class UnknownQuestionError(GcideskError):
    """A question code that the instrument does not hold."""

    exit_code = ExitCode.USAGE


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Model):
    """One question with its evidence rule and its terms by language."""

    code: str
    text: str
    answer_type: Literal["yes_no", "yes_partial_no"]
    basis: str = ""
    basis_support: str = ""
    evidence: str = Field(description="what counts as proof")
    partial_allowed: bool
    partial_when: str = ""
    public_evidence: str = ""
    requires: str | None = Field(default=None, description="parent that must be yes or partial before this is asked")
    recency_years: int | None = Field(default=None, description="evidence must be dated within this many years")
    prior_yes: tuple[int, int] | None = Field(default=None, description="for display only, never a feature")
    sources: tuple[str, ...] = ()
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    gci_codes: tuple[str, ...] = Field(
        default=(), description="codes of the GCI bank whose evidence answers this question, for other instruments"
    )
    gci_rule: Literal["all", "any"] = Field(
        default="all", description="whether a yes needs every one of these codes, or one of them"
    )


class Indicator(_Model):
    """A group of questions."""

    code: str
    name: str
    basis: str = ""
    questions: tuple[Question, ...]


class Pillar(_Model):
    """A group of indicators."""

    code: str
    name: str
    description: str = ""
    indicators: tuple[Indicator, ...]


class SourceKind(_Model):
    """A kind of place where proof is found."""

    what: str
    url: str
    format: str
    note: str = ""


class Instrument(_Model):
    """A question bank."""

    meta: dict[str, Any]
    source_kinds: dict[str, SourceKind] = Field(default_factory=dict)
    pillars: tuple[Pillar, ...]

    @property
    def id(self) -> str:
        """Name and version, such as `gci-bank 0.1-draft`."""
        return f"{self.meta['id']} {self.meta['version']}"

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which the bank holds terms, ISO 639-1."""
        return tuple(self.meta.get("languages", ()))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the bank's order."""
        return tuple(q for pillar in self.pillars for indicator in pillar.indicators for q in indicator.questions)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        """Questions by code."""
        return {question.code: question for question in self.questions}

    def question(self, code: str) -> Question:
        """Return a question; raises UnknownQuestionError naming the codes that look alike."""
        if code in self.by_code:
            return self.by_code[code]
        alike = [known for known in self.by_code if known.startswith(code[:3])] or list(self.by_code)[:3]
        raise UnknownQuestionError(f"{self.id} has no question {code!r}. Did you mean {', '.join(alike[:6])}?")

    def pillar_of(self, code: str) -> Pillar:
        """Return the pillar that holds a question."""
        return next(p for p in self.pillars for i in p.indicators for q in i.questions if q.code == code)

    @model_validator(mode="after")
    def _codes_are_sound(self) -> Instrument:
        codes = [question.code for question in self.questions]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"question code {code} occurs {codes.count(code)} times")
        for question in self.questions:
            if question.requires is not None and question.requires not in codes:
                raise ValueError(f"question {question.code} requires unknown code {question.requires}")
        return self


def load_instrument(name: str | Path = DEFAULT_INSTRUMENT) -> Instrument:
    """Return an instrument by name (a file in `questionnaire/instruments/`) or by path.

    A question that names `gci_codes` takes over the terms and sources of these codes where it has none of its own.
    Raises InstrumentError naming file, line, field and reason.
    """
    path = Path(name) if str(name).endswith((".yml", ".yaml")) else INSTRUMENTS / f"{name}.yml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InstrumentError(f"Instrument {path} cannot be read: {error.strerror}.") from error
    try:
        instrument = Instrument.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise InstrumentError(f"Instrument {path} is not YAML: {error}") from error
    except ValidationError as error:
        raise InstrumentError(describe_faults(path, text, error)) from error
    if not any(question.gci_codes for question in instrument.questions):
        return instrument
    return _inherit(instrument, load_instrument(), path, text)


def _inherit(instrument: Instrument, gci: Instrument, path: Path, text: str) -> Instrument:
    """Fill terms and sources of mapped questions from the GCI bank; raises InstrumentError on an unknown code."""
    for question in instrument.questions:
        for code in question.gci_codes:
            if code not in gci.by_code:
                reason = f"question {question.code} maps to unknown GCI code {code}"
                raise InstrumentError(f"{path}:{find_line(text, reason)}: {reason}")
    pillars = tuple(
        pillar.model_copy(
            update={
                "indicators": tuple(
                    indicator.model_copy(
                        update={
                            "questions": tuple(_inherit_question(question, gci) for question in indicator.questions)
                        }
                    )
                    for indicator in pillar.indicators
                )
            }
        )
        for pillar in instrument.pillars
    )
    kinds = {**gci.source_kinds, **instrument.source_kinds}
    meta = {**instrument.meta, "languages": instrument.meta.get("languages") or gci.meta["languages"]}
    return Instrument(meta=meta, source_kinds=kinds, pillars=pillars)


def _inherit_question(question: Question, gci: Instrument) -> Question:
    mapped = [gci.by_code[code] for code in question.gci_codes]
    terms = {
        language: tuple(dict.fromkeys(term for source in mapped for term in source.terms.get(language, ())))
        for language in gci.languages
    }
    sources = tuple(dict.fromkeys(kind for source in mapped for kind in source.sources))
    return question.model_copy(update={"terms": question.terms or terms, "sources": question.sources or sources})
