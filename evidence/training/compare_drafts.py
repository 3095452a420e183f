"""Draft one country with an engine that learned nothing of it, and compare with a researcher's answers.

Belongs here: the comparison question by question. Does not belong here: drafting (`questionnaire.drafting`) or the
figures of single documents (`leave_one_out`). Run, for any country with labels and answers:

    python -m evidence.training.compare_drafts ISO3 ANSWERS.json [--labels FILE] [--docs FOLDER] [--table]

A researcher's `planned` is the product's not found, with the plan listed. A false yes is a drafted yes where the
researcher has another answer.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evidence.find import find_in_view
from evidence.training.corpus import Labelled
from evidence.training.leave_one_out import matcher_without
from evidence.training.material import gather
from questionnaire.drafting import draft_country
from questionnaire.search_log import SearchedCountry
from store.tables import DocumentRow, DraftRow, EvidenceRow, now

SHARED = Path("..") / "shared" / "gold"


@dataclass(frozen=True)
class Compared:
    """One question: what the researcher answered and what was drafted."""

    researcher: str
    draft: DraftRow

    @property
    def agrees(self) -> bool:
        """Whether both answers are the same in the product's terms."""
        return self.draft.answer == ("not_found" if self.researcher == "planned" else self.researcher)

    @property
    def is_false_yes(self) -> bool:
        """Whether the draft says yes where the researcher does not."""
        return self.draft.answer == "yes" and self.researcher != "yes"


def compare(country: str, answers: dict[str, str], labels: Path, docs: Path, today: date) -> list[Compared]:
    """Return one comparison a question, in the bank's order."""
    material = gather(labels, docs)
    fold = matcher_without(material, country)
    evidence: list[EvidenceRow] = []
    documents: list[DocumentRow] = []
    for labelled in (d for d in material.labelled if d.country == country):
        document = _document_of(labelled)
        documents.append(document)
        judged = fold.scorer.judge(labelled.view)
        evidence += find_in_view(fold, document, labelled.view, judged, today=today)
    searched = SearchedCountry(country, (), tuple(documents))
    drafts = draft_country(fold.instrument, country, evidence, searched, today=today, matcher_version="left out")
    return [Compared(answers[draft.question], draft) for draft in drafts]


def _document_of(labelled: Labelled) -> DocumentRow:
    """A file that no crawl captured, taken for an official one, as the researcher took it."""
    reading = labelled.view.reading
    return DocumentRow(
        country=labelled.country, document_id=reading.payload_digest, name=labelled.name, url="", other_urls=(),
        captured_at=now(), origin="", source_kind="", official=True, format=reading.format, status=reading.status,
        reason="", title=reading.title, language=reading.language, languages=reading.languages,
        published_on=reading.published_on, pages=len(reading.pages), characters=len(reading.text),
        reader_version=reading.reader_version, text_layer_id=reading.text_layer_id,
    )  # fmt: skip


def main() -> None:
    """Print the differences, or with --table every question, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("country")
    parser.add_argument("answers", type=Path)
    parser.add_argument("--labels", type=Path, default=SHARED / "labels.jsonl")
    parser.add_argument("--docs", type=Path, default=SHARED / "docs")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    held = json.loads(options.answers.read_text(encoding="utf-8"))["answers"]
    answers = {code: str(row["answer"]) for code, row in held.items()}
    compared = compare(options.country, answers, options.labels, options.docs, now().date())
    for one in compared:
        if options.table or not one.agrees:
            mark = "" if one.agrees else " **false yes**" if one.is_false_yes else " differs"
            print(f"| {one.draft.question} | {one.researcher} | {one.draft.answer} |{mark} |")
    counts = Counter((one.researcher, one.draft.answer) for one in compared)
    print(f"agree {sum(one.agrees for one in compared)} of {len(compared)}")
    print(f"false yes {sum(one.is_false_yes for one in compared)}")
    print("; ".join(f"{a} drafted {b}: {n}" for (a, b), n in sorted(counts.items())))


if __name__ == "__main__":
    main()
