"""Specimens: whole documents written for this project, with the evidence in them marked where it stands.

Belongs here: taking a marked text apart into the document as a reader meets it and its labels. Does not belong here:
the documents (`evidence/specimens`, whose README says how they were written), or learning.

A mark is `⟦QUESTION STANCE CONFIDENCE; …⟧quote⟦/⟧`. Marks neither nest nor overlap. The label of a (document, question)
pair is the strongest stance that is marked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.reader import ReaderPool
from store.errors import ExitCode, GcideskError
from store.readings import Reading
from store.tables import STANCE_ORDER

SPECIMENS = Path(__file__).parent.parent / "specimens"
SUFFIXES = (".txt", ".md", ".html")
CONFIDENCE = {"h": "high", "m": "medium", "l": "low"}
_OPEN, _CLOSE = "⟦", "⟦/⟧"
_MARKED = re.compile(r"⟦(?!/⟧)([^⟦⟧]*)⟧([^⟦⟧]*)⟦/⟧")
_NAME = re.compile(r"([A-Z]{3})-[\w-]+\.([a-z]{2})\.(?:txt|md|html)")


class SpecimenError(GcideskError):
    """A specimen's marks or name cannot be read."""

    exit_code = ExitCode.BAD_INPUT


@dataclass(frozen=True)
class Mark:
    """One passage that is evidence of one question."""

    question: str
    stance: str
    confidence: str
    quote: str


@dataclass(frozen=True)
class Specimen:
    """A document as a reader meets it, without marks, and what was marked in it, in the text's order."""

    name: str
    country: str
    language: str
    payload: bytes
    marks: tuple[Mark, ...]

    def labels(self) -> list[dict[str, Any]]:
        """Return label rows as the labelled corpus has them, one for each question and stance; one without a question
        where nothing is marked.
        """
        kinds = sorted({(mark.question, STANCE_ORDER.index(mark.stance)) for mark in self.marks})
        rows = [self._label(question, STANCE_ORDER[stated]) for question, stated in kinds]
        return rows or [{"document": self.name, "country": self.country, "question": None}]

    def _label(self, question: str, stance: str) -> dict[str, Any]:
        own = [mark for mark in self.marks if mark.question == question and mark.stance == stance]
        return {
            "document": self.name, "country": self.country, "question": question, "stance": stance,
            "quotes": [mark.quote for mark in own], "confidence": CONFIDENCE[own[0].confidence],
        }  # fmt: skip


def read_specimens(folder: Path = SPECIMENS) -> list[Specimen]:
    """Return all specimens of a folder by name; raises SpecimenError naming file and fault."""
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.name != "README.md")
    return [parse_specimen(path.name, path.read_text(encoding="utf-8")) for path in files]


def parse_specimen(name: str, text: str) -> Specimen:
    """Take a marked text apart; `name` is COUNTRY-anything.LANGUAGE.SUFFIX."""
    named = _NAME.fullmatch(name)
    if named is None:
        raise SpecimenError(f"{name} is no specimen's name. Call it COUNTRY-kind-year.LANGUAGE.SUFFIX.")
    marks = tuple(mark for found in _MARKED.finditer(text) for mark in _marks_of(name, found))
    plain = _MARKED.sub(lambda found: found[2], text)
    if _OPEN in plain or "⟧" in plain:
        place = plain.index(_OPEN if _OPEN in plain else "⟧")
        raise SpecimenError(f"{name}: a mark that does not close, or a nested one, near {plain[place : place + 60]!r}.")
    return Specimen(name, named[1], named[2], plain.encode("utf-8"), marks)


def _marks_of(name: str, found: re.Match[str]) -> Iterator[Mark]:
    for part in found[1].split(";"):
        words = part.split()
        if len(words) != 3 or words[1] not in STANCE_ORDER or words[2] not in CONFIDENCE:
            raise SpecimenError(f"{name}: the mark {part.strip()!r} is not QUESTION STANCE CONFIDENCE.")
        yield Mark(words[0], words[1], words[2], found[2].strip())


def read_specimen_documents(specimens: Sequence[Specimen]) -> dict[str, Reading]:
    """Read specimens as any other document, by name."""
    with ReaderPool() as pool:
        return {specimen.name: pool.read(specimen.payload, name=specimen.name) for specimen in specimens}


def specimens_digest(specimens: Sequence[Specimen]) -> str:
    """Return the SHA-256 over documents and marks."""
    digest = hashlib.sha256()
    for specimen in specimens:
        digest.update(specimen.name.encode())
        digest.update(specimen.payload)
        digest.update(repr(specimen.marks).encode())
    return digest.hexdigest()
