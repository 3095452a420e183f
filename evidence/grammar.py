"""Grammars: what a language calls the things questions ask about, and how it says that they exist or are meant to.

Belongs here: the schema of `grammars/<language>.yml` and `claims.yml`, and their loaders. Does not belong here: finding
words in text (`concepts`, `marks`), or any word of any language.

A grammar has `concepts` (stems of the things: one concept, such as `access` or `cirt`, under the same name in every
language) and `marks` (wordings of duty, plan, state, lack, offence, mandate: token patterns). `claims.yml`
says, once for all languages, which concepts must meet for a sentence to bear on a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import BadInputError

Model = TypeVar("Model", bound=BaseModel)

GRAMMARS = Path(__file__).parent / "grammars"
LANGUAGES = ("en", "fr", "es", "pt", "ar", "ru", "zh")

ClaimKind = Literal[
    "offence", "power", "law", "duty", "body", "document", "content", "activity", "scheme", "membership", "agreement"
]
CLAIM_KINDS: tuple[ClaimKind, ...] = (
    "offence", "power", "law", "duty", "body", "document", "content", "activity", "scheme", "membership", "agreement",
)  # fmt: skip


class GrammarError(BadInputError):
    """A grammar or claim file does not fit its schema; the message names file, field and reason."""


class Grammar(BaseModel):
    """One language: stems by concept, token patterns by mark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    concepts: dict[str, tuple[str, ...]]
    marks: dict[str, tuple[str, ...]]
    kinds: dict[str, tuple[str, ...]] = Field(description="words by which a title tells the kind of a document")


class OwnProof(BaseModel):
    """The document that is itself what a question asks for, when it is named for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: Literal["act", "strategy"]
    title: str = Field(description="code of the claim whose rules its name fulfils")


class Claim(BaseModel):
    """What must meet in a sentence for it to bear on a question; rules from strong to weak."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClaimKind
    home: tuple[str, ...] = Field(
        ("cyber", "cirt"), description="concepts of the texts that have the question's matter as their own subject"
    )
    rules: tuple[tuple[str, ...], ...] = Field(min_length=1)
    itself: OwnProof | None = Field(None, description="the document that is itself what is asked, or holds it")


@dataclass(frozen=True)
class Grammars:
    """All languages and claims, checked against each other."""

    languages: dict[str, Grammar]
    claims: dict[str, Claim]
    concepts: tuple[str, ...]
    marks: tuple[str, ...]

    def language(self, code: str) -> Grammar:
        """Return the grammar of a language; English where the language has none."""
        return self.languages.get(code) or self.languages["en"]


@cache
def load_grammars(folder: Path = GRAMMARS) -> Grammars:
    """Return all grammars of a folder; raises GrammarError when a file is wrong or files do not fit each other."""
    languages = {code: _load(folder / f"{code}.yml", Grammar) for code in LANGUAGES}
    first = languages[LANGUAGES[0]]
    for code, grammar in languages.items():
        for part in ("concepts", "marks", "kinds"):
            odd = set(getattr(grammar, part)) ^ set(getattr(first, part))
            if odd:
                raise GrammarError(f"{folder / f'{code}.yml'}: {part}: {sorted(odd)[0]!r} is not in every language.")
    raw = _yaml(folder / "claims.yml")
    claims = {code: _check(folder / "claims.yml", code, values, Claim) for code, values in raw.items()}
    for code, claim in claims.items():
        for name in (*claim.home, *(name for rule in claim.rules for group in rule for name in group.split("|"))):
            if name not in first.concepts:
                raise GrammarError(f"{folder / 'claims.yml'}: {code}: there is no concept {name!r}.")
        if claim.itself and claim.itself.title not in claims:
            raise GrammarError(f"{folder / 'claims.yml'}: {code}: there is no claim {claim.itself.title!r}.")
    return Grammars(languages, claims, tuple(first.concepts), tuple(first.marks))


def _yaml(path: Path) -> dict[str, object]:
    try:
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise GrammarError(f"{path} cannot be read as a grammar: {error}") from error
    if not isinstance(held, dict):
        raise GrammarError(f"{path} is no mapping of names to values.")
    return held


def _load(path: Path, model: type[Model]) -> Model:
    return _check(path, "", _yaml(path), model)


def _check(path: Path, field: str, values: object, model: type[Model]) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in (field, *fault["loc"]) if part != "")
        raise GrammarError(f"{path}: {where}: {fault['msg']}") from error
