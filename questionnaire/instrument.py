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

    Raises InstrumentError naming file, line, field and reason.
    """
    path = Path(name) if str(name).endswith((".yml", ".yaml")) else INSTRUMENTS / f"{name}.yml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InstrumentError(f"Instrument {path} cannot be read: {error.strerror}.") from error
    try:
        return Instrument.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise InstrumentError(f"Instrument {path} is not YAML: {error}") from error
    except ValidationError as error:
        raise InstrumentError(_describe(path, text, error)) from error


def _describe(path: Path, text: str, error: ValidationError) -> str:
    """Say where each fault is; the line is the deepest part of the field's path that the file shows."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    faults = []
    for fault in error.errors():
        line = _line(node, fault["loc"], fault["msg"])
        field = ".".join(str(part) for part in fault["loc"]) or "the bank"
        faults.append(f"{path}:{line}: {field}: {fault['msg']}")
    return "\n".join(faults)


def _line(node: Any, location: tuple[int | str, ...], message: str) -> int:
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        node = child
    if not location:
        return max((mark for mark in _lines_with(node, message.split()[3:4])), default=1)
    return int(node.start_mark.line) + 1 if node is not None else 1


def _child(node: Any, part: int | str) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    return None


def _lines_with(node: Any, values: list[str]) -> list[int]:
    """Return the lines of scalars equal to one of `values`, so that a duplicate code is named by its last line."""
    if isinstance(node, yaml.ScalarNode):
        return [node.start_mark.line + 1] if node.value in values else []
    if isinstance(node, yaml.SequenceNode):
        return [line for item in node.value for line in _lines_with(item, values)]
    if isinstance(node, yaml.MappingNode):
        return [line for _, value in node.value for line in _lines_with(value, values)]
    return []
